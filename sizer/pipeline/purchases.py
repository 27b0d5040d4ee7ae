"""What accelerators cost in a scenario, and what is bought for a candidate."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.estimate.purchase import purchases
from sizer.schema.answered.report import Bought, GpuPrice, Instances
from sizer.schema.asked.profile import Fleet
from sizer.schema.facts.price import Price, quoted
from sizer.schema.facts.purchase import Lot, Need
from sizer.schema.scenario import Scenario


def prices_of(scenario: Scenario, fleet: Fleet) -> Iterator[GpuPrice]:
    """Yield what one of each accelerator comes to, who says so, and how old that is."""
    for gpu, sold in zip(scenario.gpus, scenario.prices, strict=True):
        quote = quoted(sold)
        if quote is None:
            yield GpuPrice(gpu.name, None, fleet.provider, fleet.region, fleet.term)
            continue
        price = quote.middle
        yield GpuPrice(
            gpu=gpu.name,
            usd_per_gpu_hour=price.usd_per_gpu_hour,
            provider=price.provider,
            region=price.region or None,
            term=price.term,
            as_of=_day(price),
            instance=price.instance or None,
            basis=price.basis or None,
            source=price.source or None,
            providers=len(quote.prices),
            undated=quote.undated,
            lowest_usd_per_gpu_hour=quote.lowest.usd_per_gpu_hour,
            lowest_provider=quote.lowest.provider,
            highest_usd_per_gpu_hour=quote.highest.usd_per_gpu_hour,
            highest_provider=quote.highest.provider,
        )


def bought(scenario: Scenario, row: int) -> Bought | None:
    """Return what is bought for the candidate of a row; None where nobody says what it costs."""
    deployment = scenario.deployments[scenario.deployment_of[row]]
    gpu = int(scenario.gpu_of[row])
    needs = [Need.of(size, n, scenario.gpus[gpu]) for size, n in deployment.bought]
    asked = purchases(scenario.prices[gpu], *needs)
    if asked is None:
        return None
    paid, lowest, highest = asked.middle, asked.each[0], asked.each[-1]
    return Bought(
        provider=paid.provider,
        region=paid.region or None,
        term=paid.term,
        instances=tuple(map(_instances, paid.lots)),
        usd_per_hour=paid.usd_per_hour,
        gpus=paid.gpus,
        left_over=paid.left_over,
        providers=len(asked.each),
        lowest_usd_per_hour=lowest.usd_per_hour,
        lowest_provider=lowest.provider,
        highest_usd_per_hour=highest.usd_per_hour,
        highest_provider=highest.provider,
    )


def _instances(lot: Lot) -> Instances:
    price = lot.price
    each = price.usd_per_hour
    return Instances(lot.count, price.instance or None, price.gpus, each, _day(price))


def _day(price: Price) -> str | None:
    return price.as_of if price.as_of and price.dated else None

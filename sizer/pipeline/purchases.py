"""What accelerators cost in a scenario, and what is bought for a candidate."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from sizer.estimate.purchase import purchases
from sizer.schema.answered.report import Bought, GpuPrice, Instances
from sizer.schema.asked.profile import Fleet
from sizer.schema.facts.price import Price, quoted
from sizer.schema.facts.purchase import Lot, Need, Purchases
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
    found = _bought(purchases(scenario.prices[gpu], *needs))
    if deployment.prefill_bought is None:
        return found
    pool, copies = deployment.prefill_bought
    own = pool.gpu or scenario.gpus[gpu]
    need = Need.of(pool.gpus_per_replica, copies, own)
    return _both(found, _bought(purchases(pool.prices, need)), own.name)


def _both(one: Bought | None, other: Bought | None, other_gpu: str) -> Bought | None:
    """Return two purchases as one: what is paid adds up, whoever sells each.

    The other's accelerators are called by their name where nobody calls them otherwise.
    """
    if one is None or other is None:
        return None
    return Bought(
        provider=_named(one.provider, other.provider),
        region=one.region if one.region == other.region else None,
        term=one.term,
        instances=(*one.instances, *(_called(each, other_gpu) for each in other.instances)),
        usd_per_hour=one.usd_per_hour + other.usd_per_hour,
        gpus=one.gpus + other.gpus,
        left_over=one.left_over + other.left_over,
        providers=min(one.providers, other.providers),
        lowest_usd_per_hour=one.lowest_usd_per_hour + other.lowest_usd_per_hour,
        lowest_provider=_named(one.lowest_provider, other.lowest_provider),
        highest_usd_per_hour=one.highest_usd_per_hour + other.highest_usd_per_hour,
        highest_provider=_named(one.highest_provider, other.highest_provider),
    )


def _called(lot: Instances, gpu: str) -> Instances:
    if lot.instance is not None:
        return lot
    of = f"server of {lot.gpus_each} {gpu}" if lot.gpus_each else gpu
    return evolve(lot, instance=of, gpus_each=lot.gpus_each or 1)


def _named(one: str, other: str) -> str:
    return one if one == other else f"{one} + {other}"


def _bought(asked: Purchases | None) -> Bought | None:
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

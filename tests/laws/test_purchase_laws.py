from __future__ import annotations

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sizer.catalog.gpus import gpu_names
from sizer.catalog.prices import ANY, prices_on
from sizer.estimate.purchase import purchases, usd_per_hour
from sizer.estimate.purchase.cover import Cover, Size
from sizer.schema.facts.price import Price
from sizer.schema.facts.purchase import Need

SIZES = st.lists(st.builds(Size, st.integers(1, 9), st.integers(1, 60)), min_size=1, max_size=5)
PRICED = [name for name in gpu_names() if prices_on(name, ANY)]
COUNTS = st.one_of(st.none(), st.integers(1, 16))
PRICES = st.lists(
    st.builds(
        Price,
        st.just("law-gpu"),
        st.sampled_from(["a", "b", "c"]),
        st.floats(0.01, 200).map(lambda usd: round(usd, 4)),
        st.just("2026-01-01"),
        region=st.sampled_from(["", "east", "west"]),
        gpus=COUNTS,
    ),
    min_size=1,
    max_size=8,
).map(tuple)
NEEDS = st.builds(
    Need, st.integers(1, 9), st.integers(1, 3), st.integers(1, 60), st.sampled_from([1, 1, 2, 8])
)


def plainly(sizes: list[Size], replicas: int) -> int:
    """Return the cheapest cover by trying every size at every step."""
    least = [0]
    for count in range(1, replicas + 1):
        least.append(min(s.micro_usd + least[max(0, count - s.holds)] for s in sizes))
    return least[replicas]


@given(SIZES, st.integers(0, 400))
def test_a_cover_is_the_cheapest_however_many_replicas(sizes: list[Size], replicas: int) -> None:
    assert Cover(tuple(sizes)).micro_usd(replicas) == plainly(sizes, replicas)


@given(SIZES, st.integers(1, 400))
def test_a_cover_holds_all_replicas_and_costs_what_it_says(
    sizes: list[Size], replicas: int
) -> None:
    cover = Cover(tuple(sizes))
    counts = cover.counts(replicas)
    assert sum(sizes[at].holds * count for at, count in counts.items()) >= replicas
    paid = sum(sizes[at].micro_usd * count for at, count in counts.items())
    assert paid == cover.micro_usd(replicas)


@given(PRICES, NEEDS)
def test_what_counts_is_the_purchase_that_is_shown(prices: tuple[Price, ...], need: Need) -> None:
    found = purchases(prices, need)
    counted = usd_per_hour(prices, need)
    assert (found is None) == (counted is None)
    if found is not None:
        assert found.middle.usd_per_hour == counted
        assert [each.usd_per_hour for each in found.each] == sorted(
            each.usd_per_hour for each in found.each
        )


@given(PRICES, NEEDS)
def test_a_purchase_is_of_one_provider_and_region_and_holds_its_need(
    prices: tuple[Price, ...], need: Need
) -> None:
    found = purchases(prices, need)
    for each in found.each if found else ():
        assert {(lot.price.provider, lot.price.region) for lot in each.lots} == {
            (each.provider, each.region)
        }
        assert all(lot.price.holds * need.devices_each >= need.part.devices for lot in each.lots)
        assert each.left_over >= 0
        least = min(lot.price.usd_per_gpu_hour for lot in each.lots)
        assert each.usd_per_hour >= need.used * least - 1e-4


@given(PRICES, NEEDS)
def test_more_replicas_never_cost_less(prices: tuple[Price, ...], need: Need) -> None:
    one_more = evolve(need, replicas=need.replicas + 1)
    before, after = usd_per_hour(prices, need), usd_per_hour(prices, one_more)
    assert (before is None) == (after is None)
    assert before is None or after is None or before <= after


@given(st.sampled_from(PRICED), NEEDS)
def test_more_replicas_never_cost_less_by_the_catalogs_prices(gpu: str, need: Need) -> None:
    prices = prices_on(gpu, ANY)
    costs = [
        usd_per_hour(prices, evolve(need, replicas=count)) for count in range(1, need.replicas + 1)
    ]
    known = [each for each in costs if each is not None]
    assert len(known) in {0, len(costs)}
    assert known == sorted(known)


@given(PRICES, NEEDS)
def test_replicas_together_cost_no_more_than_apart(prices: tuple[Price, ...], need: Need) -> None:
    one = usd_per_hour(prices, evolve(need, replicas=1))
    all_ = usd_per_hour(prices, need)
    assert one is None or all_ is None or all_ <= one * need.replicas + 1e-6

from __future__ import annotations

import pytest

from sizer.catalog.gpus import find_gpu
from sizer.catalog.prices import ANY, prices_on
from sizer.estimate.purchase import purchases, usd_per_hour
from sizer.schema.facts.price import Price, Terms
from sizer.schema.facts.purchase import Need, Purchase

AWS = Terms("aws")


def bought(gpu: str, need: Need, terms: Terms = AWS) -> Purchase:
    found = purchases(prices_on(gpu, terms), need)
    assert found is not None
    return found.middle


def lots(purchase: Purchase) -> list[tuple[int, str]]:
    return [(each.count, each.price.instance) for each in purchase.lots]


@pytest.mark.parametrize(
    ("gpu", "need", "instances", "usd", "left_over"),
    [
        ("A10G", Need(1), [(1, "g5.xlarge")], 1.006, 0),
        ("A10G", Need(8), [(1, "g5.48xlarge")], 16.288, 0),
        ("L4", Need(8), [(1, "g6.48xlarge")], 13.3504, 0),
        ("L40S", Need(8), [(1, "g6e.48xlarge")], 30.13118, 0),
        ("A10G", Need(2, 1, 3), [(2, "g5.12xlarge")], 11.344, 2),
        ("H100-SXM5-80GB", Need(4), [(1, "p5.48xlarge")], 55.04, 4),
        ("H100-SXM5-80GB", Need(5), [(1, "p5.48xlarge")], 55.04, 3),
        ("H100-SXM5-80GB", Need(16, 2), [(2, "p5.48xlarge")], 110.08, 0),
        ("Inferentia2", Need(4, 1, 3, 2), [(1, "inf2.24xlarge")], 6.49063, 0),
    ],
)
def test_a_need_takes_the_cheapest_whole_instances(
    gpu: str, need: Need, instances: list[tuple[int, str]], usd: float, left_over: int
) -> None:
    found = bought(gpu, need)
    assert lots(found) == instances
    assert found.usd_per_hour == pytest.approx(usd)
    assert found.left_over == left_over


def test_instances_are_mixed_where_that_is_cheaper() -> None:
    found = bought("L4", Need(1, 1, 3), Terms("seeweb"))
    assert lots(found) == [(1, "ECS1GPU6"), (1, "ECS2GPU6")]


def test_of_sets_that_cost_the_same_the_one_of_fewer_instances_is_bought() -> None:
    assert lots(bought("H100-SXM5-80GB", Need(1, 1, 8))) == [(1, "p5.48xlarge")]


def test_a_replica_over_several_servers_shares_none_of_them() -> None:
    sixteen = (Price("x", "p", 10.0, "2026-01-01", gpus=16, instance="large"),)
    shared, apart = purchases(sixteen, Need(8, 1, 2)), purchases(sixteen, Need(16, 2, 1))
    assert shared is not None
    assert apart is not None
    assert (shared.middle.usd_per_hour, shared.middle.left_over) == (10.0, 0)
    assert (apart.middle.usd_per_hour, apart.middle.left_over) == (20.0, 16)


def test_accelerators_that_are_sold_one_by_one_leave_none_over() -> None:
    found = bought("MI300X", Need(4, 1, 3), Terms("crusoe"))
    assert [(each.count, each.gpus) for each in found.lots] == [(12, 12)]
    assert found.usd_per_hour == pytest.approx(12 * 3.45)
    assert found.left_over == 0


def test_who_sells_nothing_large_enough_does_not_count() -> None:
    assert usd_per_hour(prices_on("V100-SXM2-16GB", Terms("verda")), Need(2)) is None
    found = purchases(prices_on("H100-SXM5-80GB", ANY), Need(8))
    assert found is not None
    assert "verda" not in {each.provider for each in found.each}


def test_regions_are_not_mixed() -> None:
    one = Price("x", "p", 1.0, "2026-01-01", region="east", gpus=1)
    two = Price("x", "p", 1.5, "2026-01-01", region="west", gpus=2)
    found = purchases((one, two), Need(1, 1, 3))
    assert found is not None
    assert found.middle.usd_per_hour == pytest.approx(3.0)
    assert found.middle.region in {"east", "west"}


def test_a_need_follows_from_a_server() -> None:
    h100 = find_gpu("H100-SXM5-80GB").value
    assert Need.of(4, 3, h100) == Need(4, 1, 3)
    assert Need.of(16, 2, h100) == Need(16, 2, 2)
    assert (Need.of(16, 2, h100).part.devices, Need.of(16, 2, h100).used) == (8, 32)
    rack = find_gpu("GB200").value
    assert Need.of(8, 1, rack) == Need(8, 2, 1)


def test_a_rack_of_trays_is_bought_by_the_tray() -> None:
    rack = find_gpu("GB200").value
    found = bought("GB200", Need.of(8, 1, rack), Terms("azure"))
    assert lots(found) == [(2, "ND128isr_NDR_GB200_v6")]


def test_devices_of_one_accelerator_are_paid_together() -> None:
    chip = Price("x", "p", 2.0, "2026-01-01", gpus=4, instance="four")
    one = Price("x", "q", 0.6, "2026-01-01")
    for price, replicas, gpus, usd in (
        (chip, 8, 4, 2.0),
        (chip, 9, 8, 4.0),
        (one, 1, 1, 0.6),
        (one, 2, 1, 0.6),
        (one, 3, 2, 1.2),
    ):
        found = purchases((price,), Need(1, 1, replicas, devices_each=2))
        assert found is not None
        assert (found.middle.gpus, found.middle.usd_per_hour) == (gpus, pytest.approx(usd))
    whole = purchases((one,), Need(3, 1, 1, devices_each=2))
    assert whole is not None
    assert (whole.middle.gpus, whole.middle.left_over) == (2, 0)

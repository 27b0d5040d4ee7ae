"""What counts as a pair, and how orders are counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import evolve
from costs import log_costs, rates_of_latencies
from orders import Compared, line, ordered
from pairs import CHOICES, Setting, pairs, setting

from sizer.catalog.prices import price
from sizer.resolve.points import Placed, placed
from sizer.schema.asked.point import Point

ROW = {
    "concurrency": "8",
    "engine_version": "",
    "date": "2025-10-03",
    "scenario": "concurrency",
    "source": "somebody",
}
POINT = Point("meta-llama/Llama-3.1-8B", "H100-SXM", tp=1, concurrency=8)


def at(point: Point) -> Placed:
    [found] = placed([point])
    assert isinstance(found, Placed)
    return found


def chosen(one: Point, other: Point, row: dict[str, str] = ROW) -> list[str]:
    both = [setting(at(one), ROW), setting(at(other), row)]
    return [choice for choice in CHOICES if [*pairs(choice, both)]]


@pytest.mark.parametrize(
    ("changed", "choices"),
    [
        ({"gpu": "H200-SXM"}, ["accelerator"]),
        ({"gpu": "H100-SXM5-80GB"}, []),
        ({"tp": 2, "gpus": 2}, ["split"]),
        ({"weights": "fp8"}, ["format"]),
        ({"gpu": "H200-SXM", "tp": 2}, []),
        ({"gpu": "H200-SXM", "concurrency": 9}, []),
        ({"gpu": "H200-SXM", "engine_version": "0.8"}, []),
        ({"engine": "sglang", "engine_version": "0.5.6"}, ["engine"]),
        ({"engine_version": "0.12"}, []),
        ({"engine": "sglang", "concurrency": 9}, []),
        ({"gpu": "H200-SXM", "model": "meta-llama/Llama-3.1-70B"}, []),
    ],
)
def test_a_pair_differs_in_one_choice_alone(changed: dict[str, Any], choices: list[str]) -> None:
    assert chosen(POINT, evolve(POINT, **changed)) == choices


@pytest.mark.parametrize(
    ("changed", "choices"),
    [
        ({"date": "2025-10-30"}, ["accelerator"]),
        ({"date": "2025-11-01"}, []),
        ({"source": "else"}, []),
        ({"scenario": "single"}, []),
    ],
)
def test_a_pair_is_of_one_source_and_one_software(
    changed: dict[str, str], choices: list[str]
) -> None:
    assert chosen(POINT, evolve(POINT, gpu="H200-SXM"), ROW | changed) == choices


def compared(measured: list[float], estimated: list[float], groups: str = "abcd") -> Compared:
    settings = [
        Setting(name, (1,), ("bf16", "bf16"), "vllm", (), ()) for name in "abcd"[: len(measured)]
    ]
    groups = groups[: len(measured)]
    return Compared("itl_ms", settings, groups, np.log(measured), np.log(estimated))


def test_orders_are_counted_plain_and_by_their_gap() -> None:
    found = ordered(compared([1.0, 1.1, 2.0], [1.0, 0.9, 5.0]), "accelerator")
    gaps = np.log([1.1, 2.0, 2.0 / 1.1])
    assert found is not None
    assert (found.pairs, found.right, found.clear, found.clear_right) == (3, 2 / 3, 2, 1.0)
    assert found.tau == pytest.approx(1 / 3)
    assert found.weighted == pytest.approx((gaps[1] + gaps[2] - gaps[0]) / gaps.sum())


def test_what_the_estimator_does_not_tell_apart_is_neither_right_nor_wrong() -> None:
    found = ordered(compared([1.0, 2.0], [3.0, 3.0]), "accelerator")
    assert found is not None
    assert (found.right, found.tau, found.weighted) == (0.0, 0.0, 0.0)


def test_each_two_groups_count_once() -> None:
    """Three right pairs within one group, and three wrong ones between it and another."""
    found = ordered(compared([1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 1.0], "aaab"), "accelerator")
    assert found is not None
    assert (found.groups, found.by_group, found.tau) == (2, 0.0, 0.0)
    found = ordered(compared([1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 1.0], "aabb"), "accelerator")
    assert found is not None
    assert found.groups == 3


def test_pairs_without_a_price_are_left_out_and_counted() -> None:
    found = ordered(compared([1.0, 2.0, np.nan], [1.0, 2.0, np.nan]), "accelerator")
    assert found is not None
    assert (found.pairs, found.unpriced) == (1, 2)


def test_without_any_pair_there_is_no_line() -> None:
    assert line(compared([1.0, 2.0], [1.0, 2.0]), "split") is None
    assert line(compared([1.0, 1.0], [1.0, 2.0]), "accelerator") is None


def test_a_cost_counts_every_accelerator() -> None:
    point = at(evolve(POINT, tp=2, gpus=4))
    listed = price("H100-SXM5-80GB")
    assert listed is not None
    [cost] = np.exp(log_costs([point], np.array([1000.0])))
    assert cost == pytest.approx(4 * listed.middle.usd_per_gpu_hour / 3.6)


def test_latencies_are_a_rate_by_littles_law() -> None:
    point = at(evolve(POINT, output_tokens=101))
    [rate] = rates_of_latencies([point], np.array([500.0]), np.array([15.0]))
    assert rate == pytest.approx(8 * 101 / 2.0)

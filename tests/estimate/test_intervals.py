from __future__ import annotations

import math

import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.catalog.calibration import calibration
from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine
from sizer.schema.metrics import MEASURED
from sizer.schema.scenario import Load, Scenario

LLAMA = "meta-llama/Llama-3.1-8B"
NAMES = (*MEASURED, "cost_usd_per_mtok")


def asked(gpu: str = "H100-SXM5-80GB", confidence: float | None = None, **engine: str) -> Scenario:
    scenario = grid((deployment(LLAMA),), (gpu,), engine=Engine(**engine))
    return evolve(scenario, confidence=confidence)


def ends(scenario: Scenario, name: str) -> tuple[float, float, float]:
    table = estimate(scenario, (f"{name}_low", name, f"{name}_high"))
    low, value, high = (float(column.values[0]) for column in table.values())
    return low, value, high


@pytest.mark.parametrize("name", NAMES)
def test_a_value_lies_in_its_interval(name: str) -> None:
    low, value, high = ends(asked(), name)
    assert 0 < low < value < high


@pytest.mark.parametrize("name", [*NAMES, "weights_gib", "kv_pool_gib", "memory_required_gib"])
def test_more_confidence_is_a_wider_interval(name: str) -> None:
    narrow, wide = ends(asked(confidence=0.5), name), ends(asked(confidence=0.99), name)
    assert wide[0] < narrow[0] < narrow[2] < wide[2]


def test_the_shipped_interval_is_that_of_nine_in_ten() -> None:
    assert ends(asked(), "itl_ms") == ends(asked(confidence=0.9), "itl_ms")


def test_a_family_or_an_engine_that_nobody_measured_has_a_wider_interval() -> None:
    _, value, high = ends(asked(), "ttft_ms")
    _, unseen, far = ends(asked("MI455X"), "ttft_ms")
    assert far / unseen >= high / value
    _, other, wide = ends(asked(name="generic"), "ttft_ms")
    assert wide / other >= high / value


def test_an_unmeasured_family_is_taken_as_its_vendors_nearest() -> None:
    known = calibration()
    assert known.nearest_family("Hopper", "NVIDIA", 2022) == "Hopper"
    assert known.nearest_family("CDNA5", "AMD", 2026) == "CDNA4"
    assert known.nearest_family("Rubin", "NVIDIA", 2026) == "Blackwell"
    assert known.nearest_family("Gaudi3", "Habana", 2024) == "Gaudi3"


def test_more_arrives_at_no_confidence_than_is_offered() -> None:
    load = Load(1024, 256, None, 0.5, 1280)
    table = estimate(grid((deployment(LLAMA),), loads=(load,)), ("tokens_per_second_high",))
    assert float(table["tokens_per_second_high"].values[0]) == pytest.approx(0.5 * 256)


def test_saturation_is_the_most_that_any_concurrency_gives() -> None:
    loads = tuple(Load(1024, 256, count, None, 1280) for count in (1, 16, 128))
    scenario = grid((deployment(LLAMA),), loads=loads)
    table = estimate(scenario, ("tokens_per_second", "max_tokens_per_second"))
    most = table["max_tokens_per_second"].values
    assert (table["tokens_per_second"].values <= most).all()
    assert len(set(most)) == 1


def test_saturation_is_unknown_where_no_request_has_room() -> None:
    scenario = grid((deployment("meta-llama/Llama-3.1-70B"),), ("L4",))
    table = estimate(scenario, ("max_tokens_per_second", "max_tokens_per_second_low"))
    assert all(math.isnan(float(column.values[0])) for column in table.values())

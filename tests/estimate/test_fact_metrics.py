"""Facts that rules may name: bits of a weight, the share of headroom, the family of a device."""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.resolve import resolve
from sizer.schema.asked.profile import CustomGpu, Fleet, ModelAsk, Profile

LLAMA = "meta-llama/Llama-3.1-8B"
FORMATS = {"bf16": 16.0, "fp8": 16 - 8 * 6.98 / 8.03, "fp32": 32.0}  # 1.05e9 stay at 16 bit


@pytest.mark.parametrize(("weights", "bits"), FORMATS.items())
def test_weight_bits_is_the_mean_over_all_parameters(weights: str, bits: float) -> None:
    table = estimate(grid((deployment(LLAMA, weights),)), ("weight_bits",))
    assert float(table["weight_bits"].values[0]) == pytest.approx(bits, rel=0.01)


def test_scales_count_as_bits_of_a_weight() -> None:
    table = estimate(grid((deployment(LLAMA, "int4"),)), ("weight_bits", "checkpoint_gib"))
    plain = 16 - 12 * 6.98 / 8.03
    assert plain < float(table["weight_bits"].values[0]) < plain + 0.5


def test_the_share_of_headroom_is_in_one_unit() -> None:
    scenario = grid((deployment(LLAMA),), ("H100-SXM5-80GB", "L4"))
    names = ("memory_headroom_share", "memory_headroom_gib")
    share, headroom = (column.values for column in estimate(scenario, names).values())
    assert share == pytest.approx(
        [each / g.memory_gib for each, g in zip(headroom, scenario.gpus, strict=True)]
    )


def test_the_share_of_headroom_has_an_interval() -> None:
    scenario = grid((deployment(LLAMA),))
    names = ("memory_headroom_share_low", "memory_headroom_share", "memory_headroom_share_high")
    low, share, high = (float(c.values[0]) for c in estimate(scenario, names).values())
    assert low < share < high < 1


def test_the_family_is_the_catalogs_and_unknown_of_one_by_hand() -> None:
    ours = CustomGpu("ours", 80.0, 2000.0, tflops_fp16=300.0)
    like = evolve(ours, name="theirs", like="H100-SXM5-80GB")
    fleet = Fleet(("L4", "MI300X"), (ours, like), max_gpus_per_replica=1)
    asked = Profile(1, models=(ModelAsk(LLAMA),), fleet=fleet)
    column = estimate(resolve(asked).scenario, ("gpu_family",))["gpu_family"]
    assert [column.cell(row) for row in range(4)] == ["Ada", "CDNA3", None, "Hopper"]

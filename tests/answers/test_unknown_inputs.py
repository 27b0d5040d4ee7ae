"""A fact that nobody published is unknown, and the answer says which one is missing."""

from __future__ import annotations

import math

import pytest
from attrs import evolve

from sizer import size
from sizer.catalog.gpus import find_gpu, gpu_names
from sizer.estimate import estimate
from sizer.resolve import resolve
from sizer.schema.answered.assumption import Fp32Only, UnknownFact, WiderPeak
from sizer.schema.asked.profile import CustomGpu, Fleet, ModelAsk, Profile, Select
from sizer.schema.asked.serving import Workload

ASKED = Profile(
    1,
    models=(ModelAsk("meta-llama/Llama-3.1-8B-Instruct", weights=("bf16",)),),
    fleet=Fleet(("GB10",), max_gpus_per_replica=1),
    workload=Workload(concurrency=(4,)),
    select=Select(where=("fits", "itl_ms < 1e6")),
)


def on(*gpus: str, most: int = 1, weights: str = "bf16") -> Profile:
    models = (evolve(ASKED.models[0], weights=(weights,)),)
    return evolve(ASKED, models=models, fleet=Fleet(gpus, max_gpus_per_replica=most))


def times(asked: Profile) -> list[float]:
    table = estimate(resolve(asked).scenario, ("itl_ms",))
    return [float(value) for value in table["itl_ms"].values]


@pytest.mark.parametrize("gpu", ["Apple-M5-Max-128GB"])
def test_no_tensor_peak_is_not_the_fp32_peak(gpu: str) -> None:
    assert find_gpu(gpu).value.peaks.fp32
    assert all(math.isnan(each) for each in times(on(gpu)))
    report = size(on(gpu))
    assert report.answers[0].chosen is None
    assert UnknownFact(gpu, "16-bit peak") in report.assumptions


@pytest.mark.parametrize("gpu", ["TPU-v4", "Inferentia2", "Max-1550"])
def test_times_over_a_link_that_nobody_gives_are_unknown(gpu: str) -> None:
    asked = on(gpu, most=8)
    scenario = resolve(asked).scenario
    split = [scenario.deployments[each].gpus_per_replica > 1 for each in scenario.deployment_of]
    assert any(split)
    assert [math.isnan(each) for each in times(asked)] == split
    assert UnknownFact(gpu, "link") in size(asked).assumptions


def test_a_link_that_nobody_gives_matters_only_to_those_that_use_one() -> None:
    assert UnknownFact("TPU-v4", "link") not in size(on("TPU-v4")).assumptions


def test_a_narrow_peak_that_nobody_gives_is_the_16_bit_one_and_said() -> None:
    report = size(on("Arc-Pro-B60", weights="fp8"))
    assert WiderPeak("Arc-Pro-B60", "fp8") in report.assumptions
    known = size(on("L40S", weights="fp8")).assumptions
    assert not any(isinstance(each, UnknownFact | WiderPeak) for each in known)


def test_every_catalog_accelerator_has_a_16_bit_peak_or_no_times() -> None:
    for name in gpu_names():
        peaks = find_gpu(name).value.peaks
        known = bool(peaks.fp16 or peaks.bf16) and find_gpu(name).value.bandwidth_gb_s is not None
        assert all(math.isnan(each) != known for each in times(on(name))), name


def test_one_by_hand_with_an_fp32_peak_alone_runs_at_that_and_says_so() -> None:
    ours = CustomGpu("ours", 80.0, 2000.0, tflops_fp32=40.0)
    asked = evolve(ASKED, fleet=Fleet(custom=(ours,), max_gpus_per_replica=1))
    assert all(math.isfinite(each) for each in times(asked))
    assert Fp32Only("ours") in size(asked).assumptions

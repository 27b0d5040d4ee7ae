"""What people reported of DeepSeek-V4 in vLLM, against what is estimated of the same start-up."""

from __future__ import annotations

import pytest
from attrs import evolve

from sizer.load.points import Row
from sizer.pipeline.points import estimate_points
from sizer.schema.answered.report import Value
from sizer.schema.asked.point import Point

H20 = Point(
    "deepseek-ai/DeepSeek-V4-Flash",
    "H20",
    tp=2,
    kv_format="fp8",
    engine_version="0.26.0",
    input_tokens=1,
    output_tokens=1,
    max_num_batched_tokens=8192,
    gpu_memory_utilization=0.95,
)
DRAFTING = evolve(H20, speculative_method="mtp")
PREVIEW = evolve(DRAFTING, max_context=912_128, max_num_batched_tokens=4096)  # what fits the log
LATER = evolve(DRAFTING, model="deepseek-ai/DeepSeek-V4-Flash-0731", max_context=121_344)
FLASH = evolve(H20, gpu="H100-SXM5-80GB", tp=8, gpu_memory_utilization=None)
MI300X = evolve(
    H20,
    model="deepseek-ai/DeepSeek-V4-Pro",
    gpu="MI300X",
    tp=8,
    engine_version="0.28",
    max_context=1_048_576,
    max_num_batched_tokens=None,
    gpu_memory_utilization=None,
)
POOL, HELD, SURE = "kv_pool_gib", "max_concurrency", "fits_surely"


def figures(point: Point) -> dict[str, Value]:
    (found,) = estimate_points([Row(point)], names=(POOL, HELD, SURE))
    return found.metrics


def number(value: Value) -> float:
    assert isinstance(value, float)
    return value


@pytest.mark.parametrize(
    ("point", "need_gib"),
    [
        # vllm issue 51041: 7.01 GiB hold 1,009,661 tokens, 7.71 GiB 150,992
        (PREVIEW, 7.01 * 912_128 / 1_009_661),
        (LATER, 7.71 * 121_344 / 150_992),
        # 8 H100, vLLM 0.31: 47.43 GiB hold 1,728,531
        (
            evolve(FLASH, engine_version="0.31.1", max_context=262_144),
            47.43 * 262_144 / 1_728_531,
        ),
        # 8 RTX PRO 5000, vLLM 0.22: 37.93 GiB hold 2,497,693
        (evolve(FLASH, engine_version="0.22.1", max_context=256_000), 37.93 * 256e3 / 2_497_693),
        # vllm issue 53961: one request wants 23.32 GiB
        (MI300X, 23.32),
    ],
    ids=["preview", "0731", "0.31", "0.22", "pro"],
)
def test_what_a_request_of_the_longest_length_takes(point: Point, need_gib: float) -> None:
    found = figures(point)
    assert number(found[POOL]) / number(found[HELD]) == pytest.approx(need_gib, rel=1e-3)


def test_nothing_is_sure_on_accelerators_that_nobody_measured() -> None:
    # the engine of the last report did not start: it had less than 23.32 GiB left
    assert figures(MI300X)[SURE] is False

"""What LoRA adds to a pass on one device, by hand from one real model's config.json.

Independent of the code: the arithmetic stands beside each figure. A 16-bit number has 2 bytes.
"""

from __future__ import annotations

import pytest
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.estimate.attached import adapter_shard
from sizer.schema.asked.serving import Engine

LLAMA = "meta-llama/Llama-2-7b-hf"  # 32 layers, hidden 4096, 32 heads of 128, MLP 11,008


def test_widths_and_kernels_of_a_dense_model() -> None:
    # a layer: query, key, value 3 x (4096 + 4096); output 4096 + 4096; gate and up 2 x (4096 +
    # 11,008); down 11,008 + 4096: 24,576 + 8,192 + 30,208 + 15,104 = 78,080
    found = adapter_shard(deployment(LLAMA))
    assert found.adapter_widths == found.adapter_token_widths == 32 * 78_080
    # read 3 x 4096 + 4096 + 2 x 4096 + 11,008 = 35,584; written 12,288 + 4096 + 22,016 + 4096 =
    # 42,496, which are read before: (35,584 + 2 x 42,496) x 2 B
    assert found.adapter_moved_bytes == 32 * (35_584 + 2 * 42_496) * 2
    # four layers with adapters, two kernels each; or seven parts of two each
    assert (found.adapter_kernels, found.adapter_part_kernels) == (32 * 4 * 2, 32 * 7 * 2)


def test_a_step_reads_each_adapter_once_and_before_v1_once_for_each_request() -> None:
    # 8 requests, 4 adapters of rank 16: 4 x 16 x 32 x 78,080 elements of 2 B
    each = 16 * 32 * 78_080 * 2
    for version, adapters in (("0.9.0", 4), ("0.7.0", 8)):
        engine = Engine(version=version, max_loras=4, max_lora_rank=16)
        found = estimate(grid((deployment(LLAMA),), engine=engine), ("adapter_read_bytes",))
        assert found["adapter_read_bytes"].values.tolist() == [adapters * each]


def test_experts_have_the_adapters_of_those_that_a_token_goes_to() -> None:
    # Mixtral-8x7B: 8 experts of 3 matrices of 4096 x 14,336, two for each token; half the columns
    # on a rank of two: a pair has 4096 + 7,168. 32 layers x 8 experts x 3 pairs
    found = adapter_shard(deployment("mistralai/Mixtral-8x7B-v0.1", tp=2))
    assert found.adapter_expert_widths == 32 * 8 * 3 * (4096 + 7168)
    dense = found.adapter_widths
    assert found.adapter_token_widths == pytest.approx(dense + 32 * 2 * 3 * (4096 + 7168))

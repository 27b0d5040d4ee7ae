"""Which kernels a checkpoint's layers need on a device, by hand for formats that people serve."""

from __future__ import annotations

import pytest

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.catalog.models import find_model
from sizer.estimate.device.kernels import KERNELS
from sizer.schema.scenario import Deployment

PLAIN = {"experts_plain"}
BLOCKS = {"activations_scaled", "experts_in_blocks"}


@pytest.mark.parametrize(
    ("model", "weights", "gpu", "kernels"),
    [
        ("Qwen/Qwen3-30B-A3B", "bf16", "H100", PLAIN),
        ("Qwen/Qwen3-30B-A3B", "fp8", "H100", BLOCKS),  # weight_block_size 128 in its fp8 files
        ("deepseek-ai/DeepSeek-R1", "fp8", "MI300X", BLOCKS),
        ("mistralai/Mixtral-8x7B-v0.1", "fp8", "H100", PLAIN),  # a scale for each tensor
        ("Qwen/Qwen3-30B-A3B", "fp8", "A100-SXM4-80GB", {"dense_converted", "experts_converted"}),
        ("openai/gpt-oss-120b", "mxfp4", "H100", {"experts_converted"}),  # attention stays 16 bit
        ("openai/gpt-oss-120b", "mxfp4", "B200", set()),
        ("deepseek-ai/DeepSeek-R1", "nvfp4", "B200", {"activations_scaled"}),
        ("deepseek-ai/DeepSeek-R1", "nvfp4", "H200", {"dense_converted", "experts_converted"}),
        ("Qwen/Qwen3-30B-A3B", "awq", "H100", {"dense_converted", "experts_converted"}),
    ],
)
def test_kernels_of_a_format_on_a_device(
    model: str, weights: str, gpu: str, kernels: set[str]
) -> None:
    deployment = Deployment(
        find_model(model).value, find_weight_format(weights), find_kv_format("bf16")
    )
    device = find_gpu(gpu).value
    assert {name for name, needs in KERNELS.items() if needs(deployment, device)} == kernels

"""TensorRT-LLM's pool by hand: a share of what is free once its largest step was run.

Independent of the code: the arithmetic stands beside each figure.
"""

from __future__ import annotations

import pytest
from scenarios import deployment
from vectors import GIB, started

from sizer.catalog.gpus import find_gpu
from sizer.estimate.device.cache import layout
from sizer.estimate.engine.settings import settings
from sizer.schema.asked.serving import Engine

LLAMA = "meta-llama/Llama-3.1-8B"


@pytest.mark.parametrize(("asked", "share"), [(None, 0.9), (0.7, 0.7)])
def test_a_share_of_what_is_free(asked: float | None, share: float) -> None:
    # an H100 of 79.19 GiB less weights, activations and what CUDA takes; that share of the rest
    said = {} if asked is None else {"gpu_memory_utilization": asked}
    metrics = started(LLAMA, gpu="H100", engine="trtllm", engine_version="1.2.0", **said)
    weights, activations = metrics["weights_gib"], metrics["activations_gib"]
    pool, overhead = metrics["kv_pool_gib"], metrics["overhead_gib"]
    assert isinstance(weights, float)
    assert isinstance(activations, float)
    assert isinstance(pool, float)
    assert isinstance(overhead, float)
    left = pool / share * (1 - share)  # what is left free, which is overhead
    free = 79.19 - weights - activations - (overhead - left)
    assert pool == pytest.approx(free * share)


def test_blocks_of_32_tokens() -> None:
    # 131,072 B a token; before 1.0 blocks of 64
    h100 = find_gpu("H100").value
    now = layout(deployment(LLAMA), settings(Engine("trtllm", "1.2.0"), h100))
    assert now.full_block_bytes == 32 * 131_072
    before = layout(deployment(LLAMA), settings(Engine("trtllm", "0.20.0"), h100))
    assert before.full_block_bytes == 64 * 131_072


def test_a_request_takes_whole_blocks() -> None:
    # 1,000 tokens: 32 blocks of 32
    metrics = started(
        LLAMA, gpu="H100", engine="trtllm", max_context=1000, input_tokens=900, output_tokens=100
    )
    pool, requests = metrics["kv_pool_gib"], metrics["max_concurrency"]
    assert isinstance(pool, float)
    assert requests == pytest.approx(pool * GIB / (32 * 32 * 131_072), rel=1e-4)

"""P14: what people measured of embedders, beside ours.

| report | measured | ours |
|---|---|---|
| vllm#23000: Qwen3-Embedding-8B, 16,384 tokens, four v7x | 5.13 requests/s | 5.45 (3.3 to 10.6) |
| Snowflake: arctic-embed-m, 512 tokens, replicas on an A10G | 449 texts/s | 274 (164 to 432) |
| vllm#23000: arctic-embed-m, 512 tokens, accelerator not said | 415, 1,011 | 632 (A100) |

The third is bound by one API process: 16 texts a request gave 2.4 times as much as one text.
"""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine
from sizer.schema.scenario import Load

ARCTIC = "Snowflake/snowflake-arctic-embed-m"


def most(
    model: str, gpu: str, tokens: int, weights: str = "bf16", **split: int
) -> dict[str, float]:
    """Return requests/s of an endless load with the ends of their interval, and tokens/s."""
    load = Load(tokens, 0, 4096, None, max(tokens, 512))
    one = grid((deployment(model, weights, weights, **split),), (gpu,), (load,), Engine())
    names = ("max_request_rate", "max_request_rate_low", "max_request_rate_high")
    table = estimate(evolve(one, task="embed"), names)
    return {name: float(column.values[0]) for name, column in table.items()}


def test_p14_four_v7x_read_documents_of_16k_tokens() -> None:
    found = most("Qwen/Qwen3-Embedding-8B", "TPU-v7x", 16_384, tp=2, replicas=2)
    assert found["max_request_rate"] == pytest.approx(5.13, rel=0.1)
    assert found["max_request_rate_low"] < 5.13 < found["max_request_rate_high"]


def test_arctic_embed_on_one_a10g() -> None:
    found = most(ARCTIC, "A10G", 512, "fp16")
    measured = 230_000 / 512
    assert 0.5 < found["max_request_rate"] / measured < 1.0
    assert found["max_request_rate_low"] < measured < 1.1 * found["max_request_rate_high"]


def test_p14_arctic_embed_lies_between_what_an_a10g_and_an_h100_read() -> None:
    small, large = (most(ARCTIC, gpu, 512, "fp16") for gpu in ("A10G", "H100-SXM5-80GB"))
    assert small["max_request_rate"] < 415
    assert large["max_request_rate"] > 1011

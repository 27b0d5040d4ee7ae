"""What an engine's release changes of a request's memory, by hand from the release's own rule.

Independent of the code: the arithmetic stands beside each figure. A block has 16 tokens, a 16-bit
number 2 bytes.
"""

from __future__ import annotations

from typing import Any

import pytest
from scenarios import deployment
from vectors import H100, request_bytes

from sizer.estimate.device.cache import layout
from sizer.estimate.device.in_flight import tokens_in_flight
from sizer.estimate.engine.settings import settings
from sizer.load.points import Row
from sizer.pipeline.points import estimate_points
from sizer.schema.asked.point import Point
from sizer.schema.asked.serving import Engine

GIB = 2**30
GEMMA = "google/gemma-4-31B"


def in_flight(model: str, version: str, pp: int = 1, **asked: Any) -> int:
    used = settings(Engine(version=version, max_num_batched_tokens=8192, **asked), H100)
    return tokens_in_flight(deployment(model, pp=pp), used)


def estimated(**point: Any) -> dict[str, Any]:
    asked = Point(input_tokens=1, output_tokens=1, engine="vllm", **point)
    (found,) = estimate_points([Row(asked)])
    assert found.problem is None
    return dict(found.metrics)


@pytest.mark.parametrize(
    ("version", "asked", "blocks", "logged_gib"),
    [
        # a step of 32,768: 1,023 + 32,768 = 33,791 tokens are 2,112 blocks, and one where a
        # window starts
        ("0.25.1", None, 2113, 45.79),
        # two steps in flight: 1,023 + 65,536 = 66,559 tokens are 4,160 blocks, and one
        ("0.26.0", None, 4161, 70.79),
        ("0.26.0", False, 2113, 45.79),
    ],
)
def test_windows_of_all_steps_in_flight(
    version: str, *, asked: bool | None, blocks: int, logged_gib: float
) -> None:
    # Gemma-4-31B: 60 layers in groups of 10, one that sees all and 5 with windows of 1,024. Layers
    # that see all have 4 heads of 512 for K and for V, the others 16 of 256. A page of 16 tokens of
    # these is 16 x 16 x 256 x 2 x 2 B = 256 KiB, and holds 32 tokens of the former.
    used = settings(
        Engine(version=version, max_num_batched_tokens=32_768, async_scheduling=asked), H100
    )
    placed = deployment(GEMMA, "fp8")
    found = request_bytes(layout(placed, used), 262_144, chunk=tokens_in_flight(placed, used))
    assert found == (262_144 // 32 + 5 * blocks) * 10 * 256 * 1024
    assert found / GIB == pytest.approx(logged_gib, abs=0.005)  # vLLM logged both


@pytest.mark.parametrize(
    ("model", "pp", "asked", "version", "steps"),
    [
        (GEMMA, 1, None, "0.25.1", 1),  # blocks went back as soon as a step was scheduled
        (GEMMA, 4, None, "0.25.1", 1),
        (GEMMA, 1, None, "0.26.0", 2),
        (GEMMA, 1, False, "0.26.0", 1),
        (GEMMA, 4, False, "0.26.0", 4),  # one on each stage
        (GEMMA, 4, None, "0.26.0", 5),  # and one that is scheduled meanwhile
        ("openai/gpt-oss-20b", 4, None, "0.26.0", 4),  # the older runner, which routed models have
        ("openai/gpt-oss-20b", 1, None, "0.26.0", 2),
    ],
)
def test_steps_in_flight(
    model: str, pp: int, *, asked: bool | None, version: str, steps: int
) -> None:
    assert in_flight(model, version, pp, async_scheduling=asked) == steps * 8192


@pytest.mark.parametrize(
    ("max_context", "activations_gib", "fits"),
    [
        # Llama-3.1-8B: a token of a layer is 3 x 14,336 and 3 x 4,096 numbers of 2 B = 110,592 B
        (20_000, 20_000 * 110_592 / GIB, True),  # vLLM 0.6.4 logged 2.07
        (29_000, 29_000 * 110_592 / GIB, False),  # logged 2.99, and refused to start
        (32_768, 32_768 * 110_592 / GIB, False),  # the longest that is one step
        # beyond, prompts are cut: the sampler for 256 sequences, 38 B for each of 128,256 logits,
        # 0.06 GiB, and the residuals of a step of 2,048 are more than its layer (0.21 GiB)
        (35_000, (256 * 128_256 * 38 + 2048 * 4096 * 2) / GIB + 0.06, True),  # started
    ],
)
def test_long_prompts_are_cut_before_v1(
    max_context: int, activations_gib: float, *, fits: bool
) -> None:
    found = estimated(
        model="meta-llama/Llama-3.1-8B",
        gpu="RTX-3090",
        engine_version="0.6.4",
        max_context=max_context,
    )
    assert found["activations_gib"] == pytest.approx(activations_gib, rel=1e-3)
    assert found["fits"] is fits


def test_images_and_latents_keep_prompts_whole_before_v1() -> None:
    latent = estimated(
        model="deepseek-ai/DeepSeek-V2-Lite",
        gpu="H100-SXM5-80GB",
        tp=2,
        engine_version="0.7.3",
        max_context=65_536,
    )
    # 2 widest layers of 10,944 of the first, 3 residuals of 2,048, 6 experts of 1,408 a token
    assert latent["activations_gib"] > 65_536 * (3 * 10_944 / 2 + 3 * 2048) * 2 / GIB


@pytest.mark.parametrize(
    ("version", "starts"),
    [("0.13.0", True), ("0.14.0", False), ("0.16.0", False), ("0.17.0", True)],
)
def test_a_stage_must_hold_the_whole_models_request(version: str, *, starts: bool) -> None:
    # Llama-3.1-70B in 4 stages: a token is 80 x 8 x 128 x 2 x 2 = 327,680 B over all of them, and
    # a request of 131,072 is 40 GiB, a fourth of it on each. A stage has 0.9 x 79.15 GiB less 33.9
    # of weights: from 0.14 to 0.16 the 40 GiB of all stages must fit into these 36.
    found = estimated(
        model="meta-llama/Llama-3.1-70B",
        gpu="A100-SXM4-80GB",
        pp=4,
        engine_version=version,
        max_context=131_072,
    )
    assert 30 < found["kv_pool_gib"] < 40
    assert found["kv_pool_gib"] / found["max_concurrency"] == pytest.approx(10, rel=1e-3)
    assert found["fits"] is starts

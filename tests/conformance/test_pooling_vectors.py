"""A pass of an encoder by hand: the arithmetic stands beside each figure."""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.catalog.calibration import calibration
from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine
from sizer.schema.scenario import Load

HIDDEN, LAYERS, MLP, TOKENS = 768, 12, 3072, 512
PEAK, BANDWIDTH = 70e12, 600e9  # of an A10G: dense fp16, bytes a second
NAMES = (
    "flops_per_token",
    "prompt_attention_flops",
    "prompt_work_seconds",
    "prompt_moved_seconds",
    "max_request_rate",
    "cycle_seconds",
    "admitted_requests",
)


def constant(name: str, *tags: str) -> float:
    return calibration().value(name, *tags)


def test_a_pass_of_bert_base() -> None:
    load = Load(TOKENS, 0, 32 * 2, None, TOKENS)
    made = deployment("Snowflake/snowflake-arctic-embed-m", "fp16", "fp16")
    one = evolve(grid((made,), ("A10G",), (load,), Engine("tei")), task="embed")
    found = {name: float(column.values[0]) for name, column in estimate(one, NAMES).items()}
    # four square matrices and two of the MLP a layer, with biases and norms: two operations each
    matrices = 4 * HIDDEN * HIDDEN + 2 * HIDDEN * MLP
    small = 4 * HIDDEN + MLP + HIDDEN + 4 * HIDDEN  # biases of both, two norms of two vectors
    flops = 2 * LAYERS * (matrices + small)
    assert found["flops_per_token"] == pytest.approx(flops)
    # every token sees every token: a product with keys and one with values
    attention = TOKENS * TOKENS * 2 * 2 * HIDDEN * LAYERS
    assert found["prompt_attention_flops"] == pytest.approx(attention)
    linear = TOKENS * flops / (PEAK * constant("prompt_compute_share"))
    work = linear + attention / (PEAK * constant("prefill_attention_share"))
    assert found["prompt_work_seconds"] == pytest.approx(work, rel=1e-6)
    passes = constant("activation_passes") * 2 * TOKENS * LAYERS * HIDDEN
    moved = passes / (BANDWIDTH * constant("bandwidth_share", "Ampere"))
    assert found["prompt_moved_seconds"] == pytest.approx(moved, rel=1e-6)
    # 16,384 tokens are 32 texts of 512; the weights are read once for all of them
    assert found["admitted_requests"] == 32
    weights = 2 * LAYERS * (matrices + small)
    growth = (HIDDEN / 4096) ** constant("hidden_growth")
    launches = LAYERS * constant("layer_launch_s") * growth
    floor = weights / (BANDWIDTH * constant("bandwidth_share", "Ampere")) + launches
    sharp = 1.0 + constant("overlap")
    reading = (((work + moved) * 32) ** sharp + floor**sharp) ** (1.0 / sharp)
    host = constant("step_launch_s") + 32 * constant("request_step_s")
    assert found["cycle_seconds"] == pytest.approx(reading + host, rel=0.01)
    assert found["max_request_rate"] == pytest.approx(32 / (reading + host), rel=0.01)

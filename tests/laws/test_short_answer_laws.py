"""Closed loops whose answers are one token, or a few: no more is answered than prompts are read."""

from __future__ import annotations

import math

import pytest
from attrs import evolve
from candidates import deployments, engines, gpus, loads, one
from hypothesis import assume, given
from hypothesis import strategies as st
from scenarios import deployment as placed
from scenarios import grid

from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.scenario import Deployment, Load

ROUNDING = 1e-6
NAMES = ("tokens_per_second", "max_tokens_per_second", "prompt_seconds", "dp", "replicas")


@given(deployments(), gpus(), loads(), engines, st.sampled_from([1, 2, 4, 16]))
def test_no_more_is_answered_than_prompts_are_read(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, answer: int
) -> None:
    short = evolve(load, output_tokens=answer, max_context=load.input_tokens + answer)
    rate, most, prompt, dp, replicas = one(deployment, gpu, short, engine, *NAMES)
    assume(math.isfinite(most))
    assert rate <= most * (1.0 + ROUNDING)
    assert most / answer * prompt <= dp * replicas * (1.0 + ROUNDING)


@pytest.mark.parametrize("answer", [1, 2, 4])
def test_p14_an_8b_model_that_writes_a_token_of_16k_tokens(answer: int) -> None:
    load = Load(16_384, answer, 8, None, 16_384 + answer)
    scenario = grid((placed("Qwen/Qwen3-Embedding-8B"),), loads=(load,))
    table = estimate(scenario, NAMES)
    rate, most, prompt = (float(table[name].values[0]) for name in NAMES[:3])
    assert rate <= most
    assert most / answer <= 1.0 / prompt

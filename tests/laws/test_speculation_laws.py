"""What must hold of speculative decoding, whatever is drafted and accepted."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from scenarios import deployment, grid

from sizer.catalog.formats import find_weight_format
from sizer.catalog.models import find_model
from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine, Speculative, SpeculativeMethod
from sizer.schema.scenario import Deployment, Draft, Load

LLAMA, DEEPSEEK = "meta-llama/Llama-3.1-70B", "deepseek-ai/DeepSeek-V3"
MODELS = st.sampled_from(
    ((LLAMA, "bf16", "eagle"), (DEEPSEEK, "fp8", "mtp"), (LLAMA, "fp8", "ngram"))
)
TOKENS = st.integers(1, 8)
USERS = st.integers(1, 600)
NAMES = ("itl_ms", "decode_step_ms", "tokens_per_second", "ttft_ms", "e2e_ms", "draft_ms")
Asked = tuple[str, str, SpeculativeMethod]


def placed(asked: Asked, tokens: int, accepted: float | None) -> Deployment:
    name, weights, method = asked
    plain = deployment(name, weights, tp=8)
    return evolve(
        plain, draft=Draft(method, tokens, acceptance_length=accepted) if tokens else None
    )


def figures(asked: Asked, tokens: int, accepted: float | None, users: int) -> dict[str, float]:
    engine = (
        Engine().drafting(0)
        if not tokens
        else Engine(speculative=Speculative(asked[2], tokens=(tokens,)))
    )
    loads = (Load(1024, 256, users, None, 1280),)
    rows = grid((placed(asked, tokens, accepted),), ("B200",), loads, engine)
    return {name: float(column.values[0]) for name, column in estimate(rows, NAMES).items()}


@given(MODELS, USERS)
def test_no_tokens_drafted_is_no_speculation(asked: Asked, users: int) -> None:
    engine = Engine(speculative=Speculative(asked[2], tokens=(0,), acceptance_length=(1.0,)))
    rows = grid((placed(asked, 0, None),), ("B200",), (Load(1024, 256, users, None, 1280),), engine)
    plain = figures(asked, 0, None, users)
    found = estimate(rows, NAMES)
    assert {name: float(column.values[0]) for name, column in found.items()} == plain


@given(MODELS, TOKENS, USERS, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_more_accepted_is_never_slower(
    asked: Asked, tokens: int, users: int, one: float, other: float
) -> None:
    few, many = (1.0 + tokens * share for share in sorted((one, other)))
    less, more = (figures(asked, tokens, each, users) for each in (few, many))
    assert more["itl_ms"] <= less["itl_ms"]
    assert more["tokens_per_second"] >= less["tokens_per_second"] * (1 - 1e-12)
    assert more["decode_step_ms"] == less["decode_step_ms"]


@given(MODELS, TOKENS, USERS)
def test_a_step_costs_more_with_every_token_that_it_checks(
    asked: Asked, tokens: int, users: int
) -> None:
    steps = [figures(asked, each, 1.0, users)["decode_step_ms"] for each in range(tokens + 1)]
    assert (np.diff(steps) > 0).all()


@given(MODELS, TOKENS, USERS)
def test_what_is_never_accepted_is_a_loss(asked: Asked, tokens: int, users: int) -> None:
    plain, drafting = (figures(asked, each, 1.0, users) for each in (0, tokens))
    assert drafting["itl_ms"] > plain["itl_ms"]


@pytest.mark.parametrize("asked", [(LLAMA, "bf16", "eagle"), (DEEPSEEK, "fp8", "mtp")])
def test_the_gain_falls_with_load_and_ends_as_a_loss(asked: Asked) -> None:
    gains = [
        figures(asked, 0, None, users)["itl_ms"] / figures(asked, 3, 2.2, users)["itl_ms"]
        for users in (4, 256, 1024)
    ]
    assert gains[0] > 1.4
    assert gains == sorted(gains, reverse=True)


@given(TOKENS)
def test_nobody_knows_the_pace_without_acceptance(tokens: int) -> None:
    found = figures((DEEPSEEK, "fp8", "mtp"), tokens, None, 8)
    assert np.isnan([found[name] for name in ("itl_ms", "tokens_per_second", "e2e_ms")]).all()
    assert found["decode_step_ms"] > found["draft_ms"] > 0


def test_a_draft_of_its_own_costs_its_weights_for_every_token() -> None:
    small = find_model("meta-llama/Llama-3.2-1B").value
    form = find_weight_format("bf16")
    plain = deployment(LLAMA, tp=8)
    costs = []
    for tokens in (1, 2, 4):
        draft = Draft("draft_model", tokens, small, form, 1.5)
        rows = grid((evolve(plain, draft=draft),), ("B200",))
        costs.append(float(estimate(rows, ("draft_ms",))["draft_ms"].values[0]))
    assert costs[1] == pytest.approx(2 * costs[0], rel=0.1)
    assert costs[2] == pytest.approx(4 * costs[0], rel=0.2)


def test_a_block_draft_runs_once_however_many_tokens_it_writes() -> None:
    small = find_model("meta-llama/Llama-3.2-1B").value
    form = find_weight_format("bf16")
    one, many = (
        evolve(deployment(LLAMA, tp=8), draft=Draft("dflash", tokens, small, form, 1.5))
        for tokens in (1, 8)
    )
    found = estimate(grid((one, many), ("B200",)), ("draft_ms",))["draft_ms"].values
    assert found[1] < 1.5 * found[0]


def test_a_draft_reads_prompts_too() -> None:
    small = find_model("meta-llama/Llama-3.2-1B").value
    plain = deployment(LLAMA, tp=8)
    drafting = evolve(plain, draft=Draft("draft_model", 2, small, find_weight_format("bf16"), 1.5))
    text = evolve(plain, draft=Draft("ngram", 2, acceptance_length=1.5))
    found = estimate(grid((plain, drafting, text), ("B200",)), ("prompt_seconds",))
    alone, beside, free = found["prompt_seconds"].values
    assert alone == free
    assert 1.0 < beside / alone < 1.05

"""Prompts read apart as users see them: what binds, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from attrs import evolve
from command_line import sizer
from scenarios import deployment, grid

from sizer.estimate.analytic import ANALYTIC
from sizer.render.decisions.words import binding
from sizer.schema.facts.prefill import PrefillReplicas

PROFILE = Path(__file__).parents[2] / "profiles" / "disaggregated.toml"


def test_a_decision_says_which_side_binds() -> None:
    said = sizer("explain", "--profile", PROFILE).stdout
    assert "prefill binds: prefill is at 78.4 % of what it sustains, decode at 64.24 %" in said


def test_who_does_both_has_no_side_that_binds() -> None:
    assert list(binding({"binding_side": "both"})) == []
    known = {"binding_side": "link", "prefill_utilization": 0.5, "decode_utilization": None}
    assert list(binding(known)) == [
        "link binds: prefill is at 50 % of what it sustains, decode at an unknown share"
    ]


def test_both_sides_are_not_simulated() -> None:
    done = sizer("simulate", PROFILE)
    assert done.returncode == 2
    assert "SZ851" in done.stderr
    assert "name a candidate that does both" in done.stderr


def test_an_estimator_that_knows_no_sides_says_nothing_of_them() -> None:
    alone = deployment("meta-llama/Llama-3.1-70B", "fp8", tp=4, replicas=2)
    both = (evolve(alone, prefill=PrefillReplicas(1, 4)), alone)
    table = ANALYTIC.estimate(grid(both), ("ttft_ms", "fits", "tp", "bottleneck"))
    assert np.isnan(table["ttft_ms"].values).tolist() == [True, False]
    assert [table["fits"].cell(row) for row in (0, 1)] == [None, True]
    assert [table["tp"].cell(row) for row in (0, 1)] == [4, 4]
    assert table["bottleneck"].cell(0) is None

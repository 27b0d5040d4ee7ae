"""Estimators side by side: what all know is compared, and the choice of each is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

from sizer.estimate import estimate
from sizer.pipeline import comparisons
from sizer.pipeline.comparisons import METRICS, compare
from sizer.schema.answered.comparison import Comparison
from sizer.schema.scenario import Scenario
from sizer.schema.table import Column, Table

PROFILE = """
dsl = 1
[[models]]
name = "Qwen/Qwen2.5-7B"
[[models]]
name = "Qwen/Qwen3-8B"
[fleet]
gpus = ["H100-SXM5-80GB", "L4"]
max_gpus_per_replica = 1
[select]
where = ["itl_ms < 12"]
sort = "itl_ms"
"""


def slower(scenario: Scenario, names: tuple[str, ...]) -> Table:
    """Estimate as the other does, but twice the time on an H100, and nothing on an L4."""
    analytic = evolve(scenario, estimator="analytic")
    table = estimate(analytic, (*names, "gpu_memory_gb"))
    if scenario.estimator == "analytic":
        return table
    large = table["gpu_memory_gb"].values > 40
    changed = Column(np.where(large, 2 * table["itl_ms"].values, np.nan))
    return {**table, "itl_ms": changed}


@pytest.fixture
def compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Comparison:
    path = tmp_path / "profile.toml"
    path.write_text(PROFILE, "utf-8")
    monkeypatch.setattr(comparisons, "estimate", slower)
    monkeypatch.setattr(comparisons, "described", lambda asked: asked.estimator.upper())
    return compare(path, ("analytic", "slower"), 0.5, ("itl_ms", "weights_gib"))


def test_each_metric_is_tallied_where_both_know_it(compared: Comparison) -> None:
    itl, weights = compared.tallies
    assert (itl.known, itl.compared, itl.disagreed) == ((4, 2), 2, 2)
    assert itl.bias == (pytest.approx(1.0),)
    assert (weights.known, weights.compared, weights.disagreed) == ((4, 4), 4, 0)
    assert compared.sources == ("ANALYTIC", "SLOWER")
    assert compared.common
    assert compared.disagrees


def test_candidates_that_both_know_come_first(compared: Comparison) -> None:
    assert len(compared.compared) == compared.candidates == 4
    first, second = (each for each in compared.compared if each.model == "Qwen/Qwen2.5-7B")
    assert "H100" in first.candidate
    assert "L4" in second.candidate
    itl, weights = first.figures
    assert itl.spread == pytest.approx(1.0)
    assert (itl.disagrees, weights.disagrees) == (True, False)
    assert second.figures[0].values[1] is None
    assert second.figures[0].spread is None


def test_the_choice_of_each_is_named(compared: Comparison) -> None:
    chosen = compared.chosen[0].candidates
    assert chosen[0] is not None
    assert "H100" in chosen[0]
    assert chosen[1] is None  # twice its time is above what `where` allows
    assert compared.compared[0].survives == (True, False)


def test_an_estimator_agrees_with_itself(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(PROFILE.replace("[select]", "[select]\nlimit = 1"), "utf-8")
    told: list[tuple[int, int]] = []
    found = compare(
        path, ("analytic", "analytic"), 0.01, limit=1, progress=lambda *done: told.append(done)
    )
    assert not found.disagrees
    assert all(each.disagreed == 0 for each in found.tallies)
    assert [each.metric for each in found.tallies] == list(METRICS)
    assert len(found.compared) == 2
    assert told[-1] == (8, 8)

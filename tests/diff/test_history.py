"""A history of ten commits, each of which changes one thing that answers rest on, or two."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from fleet import commit, edit, git, recalibrate, write_fleet

import sizer.diff.cases
import sizer.lock.entry
import sizer.lock.locked_run
import sizer.lock.make
import sizer.resolve.facts
from sizer.catalog.lookup import Found
from sizer.cli import main
from sizer.load import load
from sizer.lock.digest import calibrated, estimator

Capture = pytest.CaptureFixture[str]
CHAT = "profiles/chat.toml"
OURS = "models/ours/config.json"


def cheaper(patch: pytest.MonkeyPatch, factor: float) -> None:
    """Let the A100 cost another price."""
    sold = sizer.resolve.facts.prices_on

    def other(gpu: str, *terms: Any) -> Any:
        found = sold(gpu, *terms)
        if not gpu.startswith("A100"):
            return found
        return tuple(evolve(each, usd_per_hour=each.usd_per_hour * factor) for each in found)

    patch.setattr(sizer.resolve.facts, "prices_on", other)


def faster(patch: pytest.MonkeyPatch) -> None:
    """Let the datasheet of every A100 give more bandwidth."""
    find = sizer.resolve.facts.find_gpu

    def other(name: str) -> Found[Any]:
        found = find(name)
        if name != "A100":
            return found
        return Found(evolve(found.value, bandwidth_gb_s=4000.0), found.note)

    patch.setattr(sizer.resolve.facts, "find_gpu", other)


def corrected(patch: pytest.MonkeyPatch) -> None:
    """Let the structure of Qwen have one group of layers less often."""
    find = sizer.resolve.facts.find_model

    def other(name: str, *more: Any) -> Found[Any]:
        found = find(name, *more)
        if not name.startswith("Qwen"):
            return found
        first, *rest = found.value.layers
        fewer = (evolve(first, count=first.count - 4), *rest)
        return Found(evolve(found.value, layers=fewer), found.note)

    patch.setattr(sizer.resolve.facts, "find_model", other)


def released(patch: pytest.MonkeyPatch) -> None:
    """Let another release estimate otherwise, with a calibration of the same name and hash."""
    before = calibrated(load(Path(CHAT)))
    recalibrate(patch, 1.3)
    made = evolve(estimator(), version="9.9.9", sha256="9" * 64)
    for module in (sizer.lock.make, sizer.lock.locked_run, sizer.diff.cases):
        patch.setattr(module, "estimator", lambda: made)
    for module in (sizer.lock.entry, sizer.lock.locked_run):
        patch.setattr(module, "calibrated", lambda _: before)


def price_of_ours(factor: str) -> None:
    edit(CHAT, "cost_per_hour = 0.9", f"cost_per_hour = {factor}")


Step = tuple[str, Callable[[pytest.MonkeyPatch], None], tuple[str, ...], set[str]]
STEPS: tuple[Step, ...] = (
    ("catalog price", lambda patch: cheaper(patch, 0.1), ("update",), {"price"}),
    ("rule file", lambda _: edit("rules/slo.toml", "2000", "70"), ("lock",), {"rules"}),
    (
        "config.json",
        lambda _: edit(OURS, '"num_hidden_layers": 32', '"num_hidden_layers": 16'),
        ("lock",),
        {"model facts"},
    ),
    ("calibration", lambda patch: recalibrate(patch, 0.7), ("lock",), {"calibration"}),
    ("datasheet", faster, ("update", "A100"), {"accelerator facts"}),
    ("catalog structure", corrected, ("update", "Qwen/Qwen2.5-7B"), {"model facts"}),
    (
        "level in the profile",
        lambda _: edit(CHAT, '"slo.first-token" = "error"', '"slo.first-token" = "warning"'),
        ("lock",),
        {"rules"},
    ),
    ("load", lambda _: edit(CHAT, "[1, 8]", "[4, 8]"), ("lock",), {"workload"}),
    ("own price", lambda _: price_of_ours("0.01"), ("lock",), {"price"}),
    ("release", released, ("lock",), {"estimator"}),
)


def difference(capsys: Capture, *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["diff", *arguments, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def kinds(change: dict[str, Any]) -> set[str]:
    return {cause["kind"] for cause in change["causes"]}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_fleet(tmp_path)
    monkeypatch.chdir(tmp_path)
    own = '[[fleet.custom]]\nname = "ours"\nlike = "A100"\nmemory_gb = 80.0\n'
    own += "memory_bandwidth_gb_s = 2039.0\ncost_per_hour = 0.9\n\n"
    edit(CHAT, "[workload]", f"{own}[workload]")
    edit(
        CHAT,
        '[[models]]\nname = "Qwen',
        '[levels]\n"slo.first-token" = "error"\n\n[[models]]\nname = "Qwen',
    )
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    return tmp_path


def test_every_change_of_a_history_is_attributed_to_its_cause(
    repository: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["lock", "profiles"]) == 0
    commits = [commit(repository, "the first lock")]
    for name, change, command, _ in STEPS:
        change(monkeypatch)
        assert main(command) == 0
        commits.append(commit(repository, name))
    tree = git(repository, "status", "--porcelain")
    for (before, after), (name, _, _, causes) in zip(pairwise(commits), STEPS, strict=True):
        found = difference(capsys, f"{before}..{after}")
        assert found["changes"], name
        assert [(name, kinds(each)) for each in found["changes"]] == [
            (name, causes) for _ in found["changes"]
        ]
        assert all(each["certain"] for each in found["changes"])
        assert not found["notes"]
    assert git(repository, "status", "--porcelain") == tree == ""
    assert len(commits) == 11

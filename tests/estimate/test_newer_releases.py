"""A release that is newer than all that were measured is the newest of them, and less sure."""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.catalog.calibration import calibration, releases
from sizer.estimate import estimate
from sizer.pipeline import size
from sizer.schema.answered.assumption import NewerEngine
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.calibration import numbers
from sizer.schema.metrics import MEASURED

LLAMA = deployment("meta-llama/Llama-3.1-8B")
KNOWN = evolve(calibration(), newest={"vllm": "0.20", "sglang": "0.5.12"})


@pytest.mark.parametrize(
    ("engine", "version", "newest"),
    [
        ("vllm", "0.21.0", "0.20"),
        ("vllm", "v0.33.0rc1", "0.20"),
        ("vllm", "1.0", "0.20"),
        ("vllm", "0.20.2", None),
        ("vllm", "0.11", None),
        ("vllm", None, None),
        ("vllm", "0.33.0.dev12", "0.20"),
        ("vllm", "nightly", None),
        ("sglang", "0.5.13", "0.5.12"),
        ("sglang", "0.5.12.post1", None),
        ("sglang", "0.5.9", None),
        ("trtllm", "9.9", None),  # none of its releases was measured
    ],
)
def test_a_release_is_overtaken_by_its_numbers(
    engine: str, version: str | None, newest: str | None
) -> None:
    assert KNOWN.overtaken(engine, version) == newest


def test_a_version_of_numbers_alone() -> None:
    assert numbers("v0.5.12.post1") == (0, 5, 12)
    assert numbers("1.3") == (1, 3)
    assert numbers("main") is None


def test_times_are_those_of_the_newest_and_the_fast_end_is_farther() -> None:
    known = evolve(KNOWN, newest={"vllm": "0.28"})  # since when memory is the same
    ends = [f"{name}_{end}" for name in MEASURED for end in ("low", "high")]
    now, then = (
        {name: column.values[0] for name, column in estimate(asked, [*MEASURED, *ends]).items()}
        for asked in (
            evolve(grid((LLAMA,), engine=Engine(version=version)), calibration=known)
            for version in ("0.28.1", "0.33.0")
        )
    )
    assert all(now[name] == then[name] for name in MEASURED)
    assert then["itl_ms_low"] == pytest.approx(now["itl_ms_low"] * 0.88)
    assert then["ttft_ms_low"] == pytest.approx(now["ttft_ms_low"] * 0.53)
    assert then["tokens_per_second_high"] == pytest.approx(now["tokens_per_second_high"] / 0.88)
    slow = ("itl_ms_high", "ttft_ms_high", "tokens_per_second_low", "max_tokens_per_second_low")
    assert all(now[name] == then[name] for name in slow)


@pytest.mark.parametrize(("version", "said"), [("99.0", True), ("0.11.0", False), (None, False)])
def test_an_answer_says_so(version: str | None, *, said: bool) -> None:
    engine = {"version": version} if version else {}
    report = size(
        {
            "dsl": 1,
            "models": [{"name": "meta-llama/Llama-3.1-8B"}],
            "fleet": {"gpus": ["H100-SXM5-80GB"]},
            "engine": engine,
        }
    )
    newer = [each for each in report.assumptions if isinstance(each, NewerEngine)]
    newest = calibration().newest["vllm"]
    day = releases()["vllm"].days.get(newest)
    assert newer == ([NewerEngine("vllm", "99.0", newest, day)] if said else [])

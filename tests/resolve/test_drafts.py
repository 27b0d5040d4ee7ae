from __future__ import annotations

from pathlib import Path

import pytest

import sizer
from sizer.diagnostic import Problem, shown
from sizer.load import load
from sizer.resolve import resolve
from sizer.schema.answered.assumption import NotCounted, UnmeasuredDraft, UntimedSettings

QUESTION = """dsl = 1
[[models]]
name = "{model}"
[fleet]
gpus = ["H100-SXM5-80GB"]
tp = 2
[engine.speculative]
{drafting}
"""


def written(folder: Path, model: str, drafting: str) -> Path:
    file = folder / "p.toml"
    file.write_text(QUESTION.format(model=model, drafting=drafting))
    return file


@pytest.mark.parametrize(
    ("drafting", "place", "told", "help_"),
    [
        (
            'method = "mtp"',
            "8:10",
            "meta-llama/Llama-3.1-70B has no modules for multi-token prediction",
            'write `method = "draft_model"` and name a smaller model',
        ),
        (
            'method = "dflash"',
            "8:10",
            "dflash needs the structure of its draft",
            'write `model = "ORG/DRAFT"` beside',
        ),
        (
            'method = "ngram"\nmodel = "meta-llama/Llama-3.2-1B"',
            "9:9",
            "ngram has no draft of its own",
            "leave `model` out, or name another `method`",
        ),
        (
            "tokens = 3",
            "7:9",
            "nobody drafts without a method",
            'write `method = "mtp"`, or another',
        ),
    ],
)
def test_what_cannot_draft_is_told_at_its_place(
    tmp_path: Path, drafting: str, place: str, told: str, help_: str
) -> None:
    question = load(written(tmp_path, "meta-llama/Llama-3.1-70B", drafting))
    with pytest.raises(Problem) as caught:
        resolve(question.profile, tmp_path, question.place)
    said = "".join(map(shown, caught.value.diagnostics))
    assert f"p.toml:{place}: error[SZ104]: {told}\n" in said
    assert said.endswith(f"= help: {help_}")


def test_an_unknown_draft_is_told_like_a_model(tmp_path: Path) -> None:
    drafting = 'method = "draft_model"\nmodel = "Llama-9-1B"'
    question = load(written(tmp_path, "meta-llama/Llama-3.1-70B", drafting))
    with pytest.raises(Problem) as caught:
        resolve(question.profile, tmp_path, question.place)
    assert "SZ702" in str(caught.value) or "SZ702" in shown(caught.value.diagnostics[0])


def test_an_answer_has_the_memory_of_a_draft_and_no_times(tmp_path: Path) -> None:
    file = written(tmp_path, "Qwen/Qwen3.6-27B", 'method = "mtp"\ntokens = 3')
    report = sizer.size(load(file))
    [answer] = report.answers
    assert answer.chosen is not None
    assert report.sort == "cost_usd_per_hour then max_concurrency"
    assert answer.chosen.metrics["itl_ms"] is None
    assert answer.chosen.metrics["fits"] is True
    assert answer.chosen.metrics["fits_surely"] is True
    assert UntimedSettings(("speculative",)) in report.assumptions
    assert not any(isinstance(each, UnmeasuredDraft) for each in report.assumptions)
    assert not any(isinstance(each, NotCounted) for each in report.assumptions)


def test_drafts_that_nobody_measured_are_told(tmp_path: Path) -> None:
    drafting = 'method = "draft_model"\nmodel = "meta-llama/Llama-3.2-1B"'
    report = sizer.size(load(written(tmp_path, "meta-llama/Llama-3.1-70B", drafting)))
    assert UnmeasuredDraft("draft_model") in report.assumptions


def test_a_rate_without_times_overloads_nobody(tmp_path: Path) -> None:
    file = written(tmp_path, "Qwen/Qwen3.6-27B", 'method = "mtp"\ntokens = 3')
    file.write_text(file.read_text() + "[workload]\nrequest_rate = 2.0\n")
    [answer] = sizer.size(load(file)).answers
    assert answer.chosen is not None
    assert answer.chosen.metrics["overloaded"] is None
    assert [stage.label for stage in answer.funnel] == ["fits"]

from __future__ import annotations

from pathlib import Path

import pytest

import sizer
from sizer.diagnostic import Problem, shown
from sizer.load import load
from sizer.resolve import resolve
from sizer.schema.answered.assumption import NotCounted, UnmeasuredDraft
from sizer.schema.answered.drafting import CurveTaken, UnknownAcceptance, UnscoredDrafts

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
            'method = "eagle"\ntokens = [1, 3]\nacceptance_length = 1.8',
            "10:21",
            "one acceptance length for 2 numbers of tokens",
            "give one for each of `tokens`, `1` for none drafted",
        ),
        (
            'method = "eagle"\ntokens = [0, 1, 3]\nacceptance_length = [1, 1.8]',
            "10:21",
            "2 acceptance lengths for 3 numbers of tokens",
            "give one for each of `tokens`, `1` for none drafted",
        ),
        (
            'method = "eagle"\ntokens = 2\nacceptance_length = 3.1',
            "10:21",
            "a step that drafts 2 yields no more than 3, not 3.1",
            "`acceptance_length` counts the model's own token and those accepted",
        ),
        (
            'method = "eagle3"\nacceptance_curve = "dsv4_mtp thinking_onn"',
            "9:20",
            "no reference curve 'dsv4_mtp thinking_onn'",
            "did you mean 'dsv4_mtp thinking_on'?",
        ),
        (
            'method = "eagle3"\nacceptance_length = 1.5\nacceptance_curve = "dsv4_mtp thinking_on"',
            "10:20",
            "acceptance_length and acceptance_curve say the same",
            "leave one of them out",
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


def test_without_acceptance_an_answer_has_memory_and_steps_but_no_times_of_tokens(
    tmp_path: Path,
) -> None:
    file = written(tmp_path, "Qwen/Qwen3.6-27B", 'method = "mtp"\ntokens = 3')
    report = sizer.size(load(file))
    [answer] = report.answers
    assert answer.chosen is not None
    assert report.sort == "cost_usd_per_hour then max_concurrency"
    assert answer.chosen.metrics["itl_ms"] is None
    assert answer.chosen.metrics["fits"] is True
    assert answer.chosen.metrics["fits_surely"] is True
    assert UnknownAcceptance("Qwen/Qwen3.6-27B", "mtp", 3) in report.assumptions
    assert not any(isinstance(each, UnmeasuredDraft) for each in report.assumptions)
    assert not any(isinstance(each, NotCounted) for each in report.assumptions)


def test_drafts_that_nobody_measured_are_told(tmp_path: Path) -> None:
    drafting = 'method = "draft_model"\nmodel = "meta-llama/Llama-3.2-1B"'
    report = sizer.size(load(written(tmp_path, "meta-llama/Llama-3.1-70B", drafting)))
    assert UnmeasuredDraft("draft_model") in report.assumptions
    assert UnscoredDrafts("draft_model", "mtp") in report.assumptions


def test_a_rate_without_times_overloads_nobody(tmp_path: Path) -> None:
    file = written(tmp_path, "Qwen/Qwen3.6-27B", 'method = "mtp"\ntokens = 3')
    file.write_text(file.read_text() + "[workload]\nrequest_rate = 2.0\n")
    [answer] = sizer.size(load(file)).answers
    assert answer.chosen is not None
    assert answer.chosen.metrics["overloaded"] is None
    assert [stage.label for stage in answer.funnel] == ["fits"]


def test_numbers_of_drafted_tokens_are_candidates(tmp_path: Path) -> None:
    drafting = 'method = "mtp"\ntokens = [0, 1, 3]\nacceptance_length = [1, 1.8, 2.6]'
    report = sizer.size(load(written(tmp_path, "Qwen/Qwen3.6-27B", drafting)))
    [answer] = report.answers
    assert answer.candidates == 3
    names = {row.candidate.split()[-3] for row in (answer.chosen, *answer.others) if row}
    assert names == {"tp2", "mtp1", "mtp3"}
    assert answer.chosen is not None
    assert answer.chosen.metrics["itl_ms"] is not None


@pytest.mark.parametrize(("drafting", "asked"), [("", False), ("glm5.2_mtp thinking_on", True)])
def test_a_reference_curve_gives_acceptance_and_is_told(
    tmp_path: Path, drafting: str, *, asked: bool
) -> None:
    curve = f'\nacceptance_curve = "{drafting}"' if drafting else ""
    file = written(tmp_path, "zai-org/GLM-5.2", f'method = "mtp"\ntokens = 3{curve}')
    file.write_text(file.read_text().replace("tp = 2", "tp = 8").replace("H100-SXM5-80GB", "B300"))
    report = sizer.size(load(file))
    [note] = [each for each in report.assumptions if isinstance(each, CurveTaken)]
    assert (note.curve, note.asked) == ("glm5.2_mtp thinking_on", asked)
    assert "coding" in note.dataset
    [answer] = report.answers
    assert answer.chosen is not None
    assert answer.chosen.metrics["itl_ms"] is not None


def test_a_curve_is_not_carried_on(tmp_path: Path) -> None:
    file = written(tmp_path, "zai-org/GLM-5.2", 'method = "mtp"\ntokens = 9')
    report = sizer.size(load(file))
    lacking = UnknownAcceptance("zai-org/GLM-5.2", "mtp", 9, "glm5.2_mtp thinking_on")
    assert lacking in report.assumptions

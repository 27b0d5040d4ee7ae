from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from attrs import evolve

import sizer
from sizer.diagnostic import Problem, position
from sizer.estimate.analytic import ANALYTIC
from sizer.pipeline import size
from sizer.render.report import why
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile, Rule, Select
from sizer.schema.asked.serving import Workload


def profile(*rules: Rule, **select: object) -> Profile:
    return Profile(
        1,
        models=(ModelAsk("Qwen/Qwen2.5-7B"),),
        fleet=Fleet(("H100-SXM5-80GB", "L4", "T4")),
        workload=Workload(concurrency=(1, 8, 32)),
        select=Select(**select),
        rule=rules,
    )


def test_the_default_is_what_fits_then_the_cheapest_token() -> None:
    (answer,) = size(profile()).answers
    assert answer.chosen is not None
    shown = [answer.chosen, *answer.others]
    costs = [float(each.metrics["cost_usd_per_mtok"] or 0) for each in shown]
    assert costs == sorted(costs)
    assert all(each.metrics["fits"] is True for each in shown)


def test_the_funnel_accounts_for_every_candidate() -> None:
    (answer,) = size(profile(Rule("r", "ttft_ms < 100"), where=("fits", "itl_ms < 20"))).answers
    assert answer.funnel[0].given == answer.candidates
    assert answer.funnel[-1].left == answer.survivors
    for before, after in zip(answer.funnel, answer.funnel[1:], strict=False):
        assert before.left == after.given


def test_a_near_miss_says_which_bound_and_by_how_much() -> None:
    (answer,) = size(profile(where=("fits", "itl_ms < 0.001"))).answers
    assert answer.chosen is None
    assert answer.near_miss is not None
    (bound,) = answer.near_miss.bounds
    assert (bound.text, bound.bound) == ("itl_ms < 0.001", 0.001)
    assert bound.margin is not None
    assert bound.margin > 1


def test_a_warning_keeps_the_candidate_and_is_told() -> None:
    rule = Rule("cheap", "cost < 0.01", level="warning", message="{gpu}: {cost:.2f} USD an hour")
    (answer,) = size(profile(rule)).answers
    assert answer.chosen is not None
    (finding,) = answer.chosen.findings
    assert (finding.rule, finding.outcome) == ("cheap", "fails")
    assert finding.message.endswith("USD an hour")


def test_a_report_says_where_its_conditions_and_models_stand(tmp_path: Path) -> None:
    rules = 'dsl = 1\n[[rule]]\nid = "cheap"\nlevel = "warning"\nrequire = """\n  cost < 0.01"""\n'
    (tmp_path / "rules.toml").write_text(rules, "utf-8")
    asked = tmp_path / "p.toml"
    text = """dsl = 1
extends = "rules.toml"
models = [{ name = "Qwen/Qwen2.5-7B" }, { name = "meta-llama/Llama-3.1-405B" }]
fleet.gpus = "H100-SXM5-80GB"
[select]
where = ["fits", "cost < 30", "gpus < 99"]
"""
    asked.write_text(text, "utf-8")
    report = size(asked)
    assert {name: position(each) for name, each in report.rule_places.items()} == {
        "cheap": f"{tmp_path / 'rules.toml'}:6:3",
        "fits": f"{asked}:6:11",
    }
    assert {name: position(each) for name, each in report.model_places.items()} == {
        "Qwen/Qwen2.5-7B": f"{asked}:3:20",
        "meta-llama/Llama-3.1-405B": f"{asked}:3:50",
    }
    assert not size(evolve(profile(), rule=())).rule_places


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = size(profile(where=("fits", "itl_ms < 20")))
    small = evolve(ANALYTIC, block_rows=7)
    monkeypatch.setattr("sizer.estimate.analytic.ANALYTIC", small)
    assert size(profile(where=("fits", "itl_ms < 20"))) == whole


def test_every_survivor_is_kept_when_asked() -> None:
    (answer,) = size(profile(), everything=True).answers
    assert 1 + len(answer.others) == answer.survivors


def test_a_profile_made_in_python_is_checked_as_its_file_would_be() -> None:
    with pytest.raises(Problem, match=r"SZ202.*speed"):
        size(profile(where=("speed > 1",)))


def test_a_model_that_nothing_takes_is_answered_all_the_same() -> None:
    asked = Profile(
        1,
        models=(ModelAsk("Qwen/Qwen2.5-7B", weights=("fp8",)),),
        fleet=Fleet(("V100-SXM2-32GB",)),
    )
    (answer,) = size(asked).answers
    assert (answer.candidates, answer.chosen, answer.near_miss) == (0, None, None)
    assert "no accelerator of the fleet takes this model" in why(answer)


def test_an_answer_names_the_files_that_its_rules_come_from(tmp_path: Path) -> None:
    head = 'version = "2.1"\nowner = "platform"\ndescription = "pace"\n'
    rule = '[[rule]]\nid = "a"\nrequire = "itl_ms < 1000"\n'
    (tmp_path / "r.toml").write_text(f"dsl = 1\n{head}extends = 'pack:procurement'\n{rule}")
    question = "models = [{name = 'Qwen/Qwen2.5-7B'}]\nfleet.gpus = 'H100-SXM5-80GB'\n"
    (tmp_path / "p.toml").write_text(f"dsl = 1\nextends = 'r.toml'\n{question}")
    ours, pack = size(tmp_path / "p.toml").rule_sources
    assert (Path(ours.file).name, ours.version, ours.owner) == ("r.toml", "2.1", "platform")
    assert (ours.description, ours.rules) == ("pace", 1)
    assert (pack.file, pack.owner, pack.rules) == ("pack:procurement", "sizer", 3)


def test_tables_in_python_are_checked_as_a_file_is() -> None:
    asked = {
        "models": [{"name": "Qwen/Qwen2.5-7B"}],
        "fleet": {"gpus": ["H100-SXM5-80GB", "L4", "T4"]},
        "workload": {"concurrency": [1, 8, 32]},
    }
    assert size(asked) == size(profile())
    with pytest.raises(Problem) as caught:
        size({**asked, "fleet": {"gpu": ["L4"]}, "select": {"where": "itlms < 3"}})
    assert {each.code for each in caught.value.diagnostics} == {"SZ103", "SZ202"}
    with pytest.raises(TypeError):
        size({**asked, "engine": None})


@pytest.mark.parametrize("doc", [sizer.__doc__, size.__doc__], ids=["package", "size"])
def test_examples_of_the_api_run(doc: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    lines = dedent(doc.partition("\n")[2]).splitlines()
    example = [line for line in lines if line.startswith("    ")]
    found: dict[str, object] = {"size": size}
    exec(dedent("\n".join(example)), found)  # noqa: S102  # our own docstrings
    assert found["report"].answered  # type: ignore[attr-defined]


def test_each_load_point_has_an_answer_of_its_own() -> None:
    asked = evolve(profile(), workload=Workload(request_rate=(1.0, 10.0, 1e6)))
    (answer,) = size(asked).answers
    assert [each.load for each in answer.per_load] == [
        "1024+256 1/s",
        "1024+256 10/s",
        "1024+256 1e+06/s",
    ]
    few, many, none = (each.best for each in answer.per_load)
    assert none is None
    assert few is not None
    assert many is not None
    for best, rate in ((few, 1.0), (many, 10.0)):
        alone = size(evolve(asked, workload=Workload(request_rate=(rate,))))
        assert alone.answers[0].chosen == best
        assert alone.answers[0].per_load == ()

"""Metrics of one's own print with their unit everywhere, and every command knows them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import run
from command_line import sizer
from fleet import commit, edit, git

from sizer import size
from sizer.pipeline.comparisons import compare
from sizer.render.forms import COMPARISON

TEXT = """
models = [{ name = "Qwen/Qwen2.5-7B" }]
fleet = { gpus = ["L4", "H100"], max_gpus_per_replica = 1 }
metrics = { value = "tokens_per_second / cost_usd_per_hour", share = "itl_ms / e2e_ms" }
select = { where = ["value > LEAST"], sort = "value desc" }
"""
UNIT = "h·token/(USD·s)"


def asked(least: str = "1") -> str:
    return TEXT.replace("LEAST", least)


def written(folder: Path, text: str) -> Path:
    path = folder / "p.toml"
    path.write_text(f"dsl = 1\n{text}", "utf-8")
    return path


def test_text_and_markdown_say_the_unit(tmp_path: Path) -> None:
    (answer,) = size(written(tmp_path, asked())).answers
    assert answer.chosen is not None
    figure = f"{answer.chosen.metrics['value']:.4g} {UNIT}"
    for form in ("text", "markdown"):
        _, out, _ = run(tmp_path, asked(), "--format", form)
        said = " ".join(out.replace("\\", "").split())
        assert f"highest value ({figure})" in said
        assert said.count(figure) == 2
        assert f"value = tokens_per_second / cost_usd_per_hour [{UNIT}]" in said
        assert "share = itl_ms / e2e_ms" in said
        assert "share = itl_ms / e2e_ms [" not in said
        assert f"value {UNIT} |" in said if form == "markdown" else f"{UNIT} share" in said


def test_json_has_definitions_and_units(tmp_path: Path) -> None:
    _, out, _ = run(tmp_path, asked(), "--format", "json")
    data = json.loads(out)
    value, share = data["own_metrics"]
    assert value["unit"] == data["answers"][0]["reasoning"]["unit"] == UNIT
    assert value["expression"] == "tokens_per_second / cost_usd_per_hour"
    assert (share["name"], share["unit"]) == ("share", "1")


def test_csv_has_their_columns_when_nothing_survives(tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, asked("1e6"), "--format", "csv")
    assert code == 1
    (header,) = out.splitlines()
    assert header.endswith(",value,share,waived")


def test_an_explanation_says_the_unit(tmp_path: Path) -> None:
    path = written(tmp_path, asked("1e6"))
    done = sizer("explain", "--profile", path)
    assert f"{UNIT} against 1,000,000" in done.stdout
    done = sizer("explain", "--profile", path, "--format", "json")
    (decision,) = json.loads(done.stdout)["decisions"]
    assert decision["own_metrics"][0]["unit"] == UNIT
    left, _ = decision["conditions"][0]["require"]["parts"]
    assert (left["text"], left["unit"]) == ("value", UNIT)
    assert [each["unit"] for each in left["parts"]] == ["token/s", "USD/h"]


def test_explain_knows_a_metric_of_a_profile(tmp_path: Path) -> None:
    path = written(tmp_path, asked())
    done = sizer("explain", "value", "--profile", path)
    assert done.returncode == 0
    page = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert page[1:] == [
        "type number",
        f"unit {UNIT}",
        "computed tokens_per_second / cost_usd_per_hour",
        "reads cost_usd_per_hour, tokens_per_second",
    ]
    assert "did you mean 'value'?" in sizer("explain", "valeu", "--profile", path).stderr
    assert sizer("explain", "itl_ms", "--profile", path).stdout.startswith("itl_ms: ")
    assert sizer("explain", "SZ202", "--profile", path).stdout.startswith("SZ202: ")
    refused = sizer("explain", "value", "--profile", path, "--candidate", "x")
    assert "--candidate goes without a metric" in refused.stderr


def test_estimators_are_compared_by_it(tmp_path: Path) -> None:
    path = written(tmp_path, asked())
    found = compare(path, ("analytic", "analytic"), 0.5, ("value", "itl_ms"), 2)
    assert [each.metric for each in found.tallies] == ["value", "itl_ms"]
    assert UNIT in COMPARISON.render(found, "text")
    assert json.loads(COMPARISON.render(found, "json"))["own_metrics"][0]["name"] == "value"
    done = sizer("compare", path, "--metrics", "valu")
    assert "did you mean 'value'?" in done.stderr


@pytest.mark.parametrize(
    ("after", "list_"),
    [
        ("cost_usd_per_hour / tokens_per_second", "changes"),
        ("2 * tokens_per_second / cost", "inert"),
    ],
)
def test_a_difference_names_the_metric_that_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: str, list_: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, asked().replace('where = ["value > 1"], ', ""))
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "a profile")
    edit("p.toml", "tokens_per_second / cost_usd_per_hour", after)
    done = sizer("diff", "--format", "json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    said = f"value tokens_per_second / cost_usd_per_hour -> {after}"
    assert found[list_]
    assert said in json.dumps(found[list_])


RULES = """
dsl = 1
[metrics]
value = "tokens_per_second / cost"
[[rule]]
id = "worth"
require = "value >= 10 and tp <= 4"
"""
CASES = """
dsl = 1
[[case]]
name = "worth it"
given = { tokens_per_second = 100, cost = 2, tp = 1 }
expect.passes = ["worth"]
[[case]]
name = "not worth it"
given = { tokens_per_second = 10, cost = 2, tp = 1 }
expect.fails = ["worth"]
"""
WIDE = """
[[case]]
name = "too wide"
given = { tokens_per_second = 100, cost = 2, tp = 8 }
expect.fails = ["worth"]
"""


@pytest.mark.parametrize(("cases", "share"), [(CASES, "5 of 6"), (CASES + WIDE, "6 of 6")])
def test_a_condition_on_it_counts_in_coverage(tmp_path: Path, cases: str, share: str) -> None:
    (tmp_path / "r.toml").write_text(RULES)
    (tmp_path / "r.sizer-test.toml").write_text(cases)
    done = sizer("test", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"({share})" in done.stdout
    assert ("tp <= 4" in done.stdout) is (share == "5 of 6")


def test_a_case_gives_what_it_reads(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(RULES)
    (tmp_path / "r.sizer-test.toml").write_text(
        CASES.replace("tokens_per_second = 10", "value = 1")
    )
    done = sizer("test", tmp_path)
    assert done.returncode == 2
    said = done.stdout + done.stderr
    assert "error[SZ602]: 'value' follows from other metrics" in said
    assert "give what it reads: cost_usd_per_hour, tokens_per_second" in said

"""What a check does for a file is bounded, however much stands in it."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sizer.diagnostic import MOST_OF_A_KIND, Checked
from sizer.load import check
from sizer.structure.shape.breadth import MOST_VALUES

QUESTION = 'dsl = 1\nmodels = [{name = "Qwen/Qwen2.5-7B"}]\nfleet.gpus = "L4"\n'
FEW = 3 * MOST_OF_A_KIND


def checked(folder: Path, text: str, name: str = "p.toml") -> Checked:
    (folder / name).write_text(text)
    return check([folder / name])


def many(text: str, count: int = FEW) -> str:
    return "".join(text.format(n=number) for number in range(count))


def test_a_file_holds_so_many_values_and_not_one_more(tmp_path: Path) -> None:
    def loads(count: int) -> str:
        return f"{QUESTION}workload.concurrency = [{','.join(map(str, range(1, count + 1)))}]\n"

    spare = MOST_VALUES - 8  # dsl, models, its table and name, fleet, gpus, workload, concurrency
    assert not checked(tmp_path, loads(spare)).found
    (found,) = checked(tmp_path, loads(spare + 1)).found
    assert (found.code, found.message) == ("SZ004", "more than 10,000 values")
    assert found.place
    assert found.place.line == 4


@pytest.mark.parametrize("name", ["p.toml", "r.toml", "r.sizer-test.toml"])
def test_every_kind_of_file_is_held_to_it(tmp_path: Path, name: str) -> None:
    head = "" if name == "r.toml" else QUESTION
    text = f"dsl = 1\n{head[8:]}" + many("[[rule]]\nid = 'r{n}'\n", 6000)
    assert [each.code for each in checked(tmp_path, text, name).found] == ["SZ004"]


def test_a_price_file_may_be_long(tmp_path: Path) -> None:
    row = "[[prices]]\ngpu = 'L4'\nprovider = 'p{n}'\nusd_per_gpu_hour = 1\nas_of = 2026-01-01\n"
    assert not checked(tmp_path, many(row, 2500), "prices.toml").found


FAULTY = {
    "unknown keys": QUESTION + "[workload]\n" + many("k{n} = 1\n"),
    "unknown accelerators": QUESTION.replace('"L4"', "[" + many("'X{n}',") + "]"),
    "unknown formats": QUESTION.replace("}]", ", weights = [" + many("'x{n}',") + "]}]"),
    "rules": QUESTION + many("[[rule]]\nid = 'r{n}'\nrequire = 'ttfx_ms_{n} < 1'\n"),
    "conditions": QUESTION + "select.where = [" + many("'ttfx_{n} < 1',") + "]\n",
    "levels": QUESTION + "[levels]\n" + many("'r.{n}' = 'error'\n"),
    "parameters": QUESTION + "[params]\n" + many("max_{n} = 1\n"),
    "waivers": QUESTION
    + many(
        "[[waiver]]\nrule = 'r{n}'\nmatch = 'tp == 1'\n"
        "reason = 'x'\nowner = 'y'\nexpires = 2999-01-01\n"
    ),
}


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each word for which something alike was looked for, as that takes a while."""
    found: list[str] = []
    search: Callable[..., list[str]] = difflib.get_close_matches

    def counted(word: str, *arguments: Any, **options: Any) -> list[str]:
        found.append(word)
        return search(word, *arguments, **options)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    return found


@pytest.mark.parametrize("what", FAULTY)
def test_of_very_many_faults_the_first_are_told(
    tmp_path: Path, what: str, searches: list[str]
) -> None:
    found = checked(tmp_path, FAULTY[what]).found
    assert len(found) == MOST_OF_A_KIND + 1
    (more,) = [each for each in found if each.code == "SZ004"]
    assert "the rest was not looked for" in more.message
    assert len(searches) <= 3 * MOST_OF_A_KIND


def test_cases_after_very_many_faults_are_not_tried(tmp_path: Path, searches: list[str]) -> None:
    (tmp_path / "r.toml").write_text("dsl = 1\n[[rule]]\nid = 'a'\nrequire = 'tp < 4'\n")
    case = "[[case]]\nname = 'c{n}'\ngiven = {{tp{n} = 1}}\n[case.expect]\npasses = ['b{n}']\n"
    found = checked(tmp_path, "dsl = 1\n" + many(case), "r.sizer-test.toml").found
    assert len(found) == MOST_OF_A_KIND + 3
    assert "SZ004" in {each.code for each in found}
    assert len(searches) <= 2 * MOST_OF_A_KIND


def test_warnings_are_all_told_and_make_no_error(tmp_path: Path, searches: list[str]) -> None:
    models = many("[[models]]\nname = 'acme/model-{n}'\n")
    told = checked(tmp_path, f"dsl = 1\nfleet.gpus = 'L4'\n{models}")
    assert [each.code for each in told.found] == ["SZ706"] * FEW
    assert not told.failed
    assert len(searches) <= 2 * MOST_OF_A_KIND


def test_prices_of_nothing_are_all_told(tmp_path: Path, searches: list[str]) -> None:
    rows = many("x{n},acme,1,2026-01-01\n") * 2
    (tmp_path / "p.csv").write_text(f"gpu,provider,usd_per_gpu_hour,as_of\n{rows}")
    told = checked(tmp_path, QUESTION + "fleet.prices = 'p.csv'\n").found
    assert [each.code for each in told].count("SZ701") == 2 * FEW
    assert len(searches) <= MOST_OF_A_KIND


def test_names_in_conditions_are_looked_up_so_often(tmp_path: Path, searches: list[str]) -> None:
    rules = many("[[rule]]\nid = 'r{n}'\nrequire = 'model == \"Qwen/Qwen2.5-7B-{n}\"'\n")
    told = checked(tmp_path, QUESTION + rules).found
    assert [each.code for each in told].count("SZ210") == MOST_OF_A_KIND
    assert len(searches) <= 3 * MOST_OF_A_KIND


def test_what_is_extended_is_bounded_together(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    padding = f"description = '{'x' * 400_000}'\n"
    for number in range(5):
        (tmp_path / f"r{number}.toml").write_text(f"dsl = 1\n{padding}")
    names = ", ".join(f"'r{number}.toml'" for number in range(5))
    told = checked(tmp_path, f"extends = [{names}]\n{QUESTION}").found
    said = "extends reaches more than 1,048,576 bytes"
    assert [(each.code, each.message) for each in told] == [("SZ502", said)] * 2


def test_a_long_line_is_not_shown_for_each_of_its_faults(tmp_path: Path) -> None:
    names = many("'e{n}.toml', ")
    told = checked(tmp_path, f"extends = [{names}]\n{QUESTION}").found
    assert len(told) == FEW
    assert {each.place.excerpt for each in told if each.place} == {None}


def test_a_list_of_very_many_names_is_cut(tmp_path: Path) -> None:
    rules = many("[[rule]]\nid = 'r{n}'\nrequire = 'tp < 4'\n")
    (found,) = [
        each
        for each in checked(tmp_path, f"{QUESTION}levels.zzzz = 'error'\n{rules}").found
        if each.code == "SZ507"
    ]
    assert found.help
    assert found.help.endswith(f" and {FEW - 50} more")

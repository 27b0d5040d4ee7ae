"""Conditions held together: what is always the same, contradicts, or never decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizer.diagnostic import Diagnostic, Problem
from sizer.load import Selection, check, load_document
from sizer.structure.toml.document import parse_document

QUESTION = 'models = [{name = "Qwen/Qwen2.5-7B"}]\nfleet.gpus = "H100-SXM5-80GB"\n'


def rule(name: str, require: str, when: str = "", level: str = "error") -> str:
    applies = f"when = '''{when}'''\n" if when else ""
    return f"[[rule]]\nid = '{name}'\nrequire = '''{require}'''\n{applies}level = '{level}'\n"


def found(folder: Path, *rules: str, head: str = "") -> list[Diagnostic]:
    path = folder / "p.toml"
    path.write_text(f"dsl = 1\n{head}{QUESTION}{''.join(rules)}")
    return list(check([path]).found)


def codes(folder: Path, *rules: str, head: str = "") -> list[str]:
    return [f"{each.code} {each.severity}" for each in found(folder, *rules, head=head)]


@pytest.mark.parametrize(
    ("require", "when", "said"),
    [
        ("ttft_ms < 0", "", "never true"),
        ("tp < 1 or gpus < 1", "", "never true"),
        ("tp >= 1", "", "never false"),
        ("weights != 'fp8' or weights == 'fp8'", "", "never false"),
        ("gpus < 8", "tp >= 1", "never false"),
        ("tp <= 4", "tp <= 2", "never false where"),
        ("gpus > 2.5 and gpus < 3", "", "never true"),
        ("tp in (1.5, 2.5)", "", "never true"),
        ("2 * tp == 3", "", "never true"),
        ("input_tokens != 0.5", "", "never false"),
        ("gpus < 3 or gpus >= 2.5", "", "never false"),
    ],
)
def test_a_condition_that_is_always_the_same(
    require: str, when: str, said: str, tmp_path: Path
) -> None:
    (each,) = found(tmp_path, rule("a", require, when))
    assert (each.code, each.severity) == ("SZ206", "warning")
    assert said in each.message


def test_a_headroom_may_be_negative(tmp_path: Path) -> None:
    assert codes(tmp_path, rule("a", "memory_headroom_gib >= 0")) == []


def test_a_rule_that_never_applies(tmp_path: Path) -> None:
    (each,) = found(tmp_path, rule("a", "fits", "1 < tp < 1.0 or weights in ('x', 'fp8') and fits"))
    assert each.code == "SZ203"
    (each,) = found(tmp_path, rule("a", "ttft_ms < 9", "4 < tp < 2"))
    assert each.code == "SZ207"
    assert each.place
    assert each.place.column == 11


def test_a_rule_that_a_parameter_turns_off_is_no_fault(tmp_path: Path) -> None:
    head = "params = {strict = false, kind = 'fp8'}\n"
    off = rule("a", "ttft_ms < 9", "strict"), rule("b", "weights == kind or not strict")
    assert codes(tmp_path, *off, head=head) == []


def test_a_parameter_that_nothing_can_meet_is_told(tmp_path: Path) -> None:
    head = "params = {max_itl_ms = -1}\n"
    assert codes(tmp_path, rule("a", "itl_ms <= max_itl_ms"), head=head) == ["SZ206 warning"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (rule("a", "itl_ms < 10"), rule("b", "itl_ms > 20"), ["SZ208 error"]),
        (rule("a", "itl_ms < 10"), rule("b", "latency_ms >= 10"), ["SZ208 error"]),
        (rule("a", "itl_ms < 10"), rule("b", "itl_ms > 5"), []),
        (rule("a", "weights == 'fp8'"), rule("b", "weights in ('bf16', 'int8')"), ["SZ208 error"]),
        (rule("a", "fits and tp < 4"), rule("b", "tp >= 8"), ["SZ208 error"]),
        (rule("a", "itl_ms < 10"), rule("b", "itl_ms > 20", level="warning"), ["SZ208 warning"]),
        (rule("a", "itl_ms < 10"), rule("b", "itl_ms >= 10", level="info"), []),
        (rule("a", "itl_ms < 10"), rule("b", "itl_ms > 20", "tp > 1"), ["SZ208 warning"]),
        (rule("a", "gpus < 8", "tp > 4"), rule("b", "gpus >= 8", "params_b >= 7"), []),
        (rule("a", "gpus < 8", "tp > 4"), rule("b", "gpus >= 8", "tp <= 4"), []),
        (rule("a", "gpus < 8", "tp > 4"), rule("b", "gpus >= 8", "tp > 6"), ["SZ208 warning"]),
        (rule("a", "ttft_ms < e2e_ms"), rule("b", "e2e_ms < ttft_ms"), ["SZ208 error"]),
    ],
)
def test_rules_that_contradict_each_other(
    first: str, second: str, expected: list[str], tmp_path: Path
) -> None:
    assert codes(tmp_path, first, second) == expected


def test_filters_are_held_against_rules_and_each_other(tmp_path: Path) -> None:
    head = 'select.where = ["itl_ms < 10", "itl_ms > 30"]\n'
    assert codes(tmp_path, rule("a", "itl_ms > 20"), head=head).count("SZ208 error") == 2
    head = 'select.where = ["itl_ms < 10"]\n'
    (each,) = found(tmp_path, rule("a", "itl_ms > 20"), head=head)
    assert each.message == (
        "`where` and rule 'a' cannot both hold: `itl_ms < 10` against `itl_ms > 20`"
    )
    (other,) = each.related
    assert other.what == "`itl_ms > 20` of rule 'a'"
    assert (other.place.line, other.place.column, other.place.width) == (7, 14, 11)


@pytest.mark.parametrize(
    ("first", "second", "which"),
    [
        (rule("a", "itl_ms < 10"), rule("b", "itl_ms < 20"), "b"),
        (rule("a", "itl_ms < 20"), rule("b", "itl_ms < 10"), "a"),
        (rule("a", "itl_ms < 10"), rule("b", "10 > latency_ms"), "b"),
        (rule("a", "itl_ms < 10"), rule("b", "itl_ms < 20", "tp > 2", "info"), "b"),
        (rule("a", "itl_ms < 10", level="info"), rule("b", "itl_ms < 20"), ""),
        (rule("a", "itl_ms < 10", "tp > 2"), rule("b", "itl_ms < 20"), ""),
        (rule("a", "itl_ms < 10 or fits"), rule("b", "itl_ms < 20"), ""),
        (rule("a", "tp <= 4"), rule("b", "tp <= 4 or is_known(cost)"), ""),
    ],
)
def test_a_rule_that_never_decides(first: str, second: str, which: str, tmp_path: Path) -> None:
    told = found(tmp_path, first, second)
    assert [each.code for each in told] == ["SZ209"] * bool(which)
    assert all(f"rule {which!r} never decides" in each.message for each in told)


def test_each_rule_that_never_decides_is_told_once_with_the_one_that_does(tmp_path: Path) -> None:
    bounds = {"a": "itl_ms < 10", "b": "itl_ms < 20", "c": "itl_ms < 5", "d": "10 > itl_ms"}
    told = found(tmp_path, *(rule(name, text) for name, text in bounds.items()))
    assert [(each.code, each.message) for each in told] == [
        ("SZ209", f"rule {weak!r} never decides: it holds wherever rule 'c' does") for weak in "abd"
    ]


def test_an_extended_rule_may_be_tightened_but_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("dsl = 1\n" + rule("a", "itl_ms < 20"))
    head = "extends = 'r.toml'\n"
    assert codes(tmp_path, rule("b", "itl_ms < 10"), head=head) == []
    assert codes(tmp_path, rule("b", "itl_ms < 30"), head=head) == ["SZ209 warning"]


def test_a_rule_repeats_a_filter_only_if_somebody_wrote_it(tmp_path: Path) -> None:
    assert codes(tmp_path, rule("a", "fits")) == []
    assert codes(tmp_path, rule("a", "fits"), head="select.where = 'fits'\n") == ["SZ209 warning"]


def test_a_selection_resolves_a_contradiction() -> None:
    text = f"dsl = 1\n{QUESTION}{rule('a', 'itl_ms < 10')}{rule('b', 'itl_ms > 20')}"
    document = parse_document(text, "p.toml")
    with pytest.raises(Problem):
        load_document(document, Path())
    question = load_document(document, Path(), Selection(ignore=("b",)))
    assert [each.id for each in question.profile.rule] == ["a"]


def test_rules_of_a_shared_file_are_held_together(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text("dsl = 1\n" + rule("a", "itl_ms < 10") + rule("b", "itl_ms > 20"))
    assert [each.code for each in check([path]).found] == ["SZ208"]


def test_very_many_rules_end_in_bounded_time(tmp_path: Path) -> None:
    many = [rule(f"r{n}", f"itl_ms < {n + 1} or tp > {n}") for n in range(1, 1001)]
    assert found(tmp_path, *many) == []


def test_a_condition_of_several_lines_is_pointed_at_behind_its_quotes(tmp_path: Path) -> None:
    (each,) = found(tmp_path, rule("a", "itl_ms < 10"), rule("b", "\n  itl_ms > 20 and\n fits"))
    assert each.place
    assert (each.place.column, each.place.width) == (3, len("itl_ms > 20"))
    assert each.place.excerpt == "  itl_ms > 20 and"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("itl_ms / 0 < 5", "itl_ms / 0"),
        ("fits or 5 < (itl_ms // (2 - 2))", "itl_ms // (2 - 2)"),
        ("tp % (pp - pp) < 1", "tp % (pp - pp)"),
        ("log2(0) < tp", "log2(0)"),
        ("tp > 1 + log2(1 - 2) * 3", "log2(1 - 2)"),
        ("is_known(cost / 0.0)", "cost / 0.0"),
    ],
)
def test_what_is_always_unknown(text: str, part: str, tmp_path: Path) -> None:
    head = f"select.where = '{text}'\n"
    for told in (found(tmp_path, rule("a", text)), found(tmp_path, head=head)):
        (each,) = told
        assert (each.code, each.severity) == ("SZ206", "warning")
        assert each.message.startswith("this is always unknown: ")
        assert each.place
        assert each.place.excerpt
        start = (each.place.column or 0) - 1
        assert each.place.excerpt[start : start + each.place.width] == part


def test_what_may_have_a_value(tmp_path: Path) -> None:
    texts = ("itl_ms / tp < 5", "log2(tp) < 3", "cost / (tp - 1) < 9", "0 / itl_ms < 3")
    assert found(tmp_path, *(rule(text, text) for text in texts)) == []


def test_a_filter_alone_is_checked(tmp_path: Path) -> None:
    assert codes(tmp_path, head="select.where = 'tp < 1'\n") == ["SZ206 warning"]
    assert codes(tmp_path, head="select.where = 'fits'\n") == []


def test_the_parts_that_contradict_are_named_and_pointed_at(tmp_path: Path) -> None:
    head = 'select.where = ["fits and itl_ms < 10", "tp > 1 and (30 < itl_ms) and fits"]\n'
    (each,) = (one for one in found(tmp_path, head=head) if one.code == "SZ208")
    assert each.message == (
        "filter 2 of `where` and filter 1 of `where` cannot both hold: "
        "`30 < itl_ms` against `itl_ms < 10`"
    )
    assert each.place
    assert (each.place.column, each.place.width) == (54, len("30 < itl_ms"))
    (other,) = each.related
    assert (other.place.column, other.place.width) == (27, len("itl_ms < 10"))


def test_what_contradicts_only_as_a_whole_is_named_as_a_whole(tmp_path: Path) -> None:
    together = "itl_ms > 10 and ttft_ms > 10", "itl_ms < 5 or ttft_ms < 5"
    (each,) = found(tmp_path, rule("a", together[0]), rule("b", together[1]))
    assert f"`{together[1]}` against `{together[0]}`" in each.message

"""Rule files with parameters, levels, tags and packs."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults import excerpt, faults

from sizer.diagnostic import Problem
from sizer.expr.evaluate.rows import evaluate_row
from sizer.load import Question, Selection, check, load
from sizer.load.sites.packs import pack_folder, pack_names

PROFILE = """\
dsl = 1
{head}
[[models]]
name = "Qwen/Qwen2.5-7B"
[fleet]
gpus = ["H100-SXM5-80GB"]
{tail}
"""
RULES = """\
dsl = 1
owner = "platform"
version = "3"
{head}
[params]
max_itl_ms = 50
strict = false
format = "fp8"

[[rule]]
id = "slo.pace"
require = "itl_ms <= max_itl_ms"
message = "{{itl_ms:.0f}} of {{max_itl_ms:.1f}} ms"
tags = ["latency"]

[[rule]]
id = "format"
when = "strict"
require = "weights == format and format in ('fp8', 'bf16') and is_known(format)"
level = "warning"
"""


def write(folder: Path, name: str, text: str, head: str = "", tail: str = "") -> Path:
    path = folder / name
    path.write_text(text.format(head=head, tail=tail))
    return path


def profile(folder: Path, tail: str = "", extends: str = '["r.toml"]') -> Path:
    return write(folder, "p.toml", PROFILE, f"extends = {extends}", tail)


def asked(folder: Path, tail: str = "", extends: str = '["r.toml"]') -> Question:
    write(folder, "r.toml", RULES)
    return load(profile(folder, tail, extends))


def holds(question: Question, rule: int, **row: float | str) -> object:
    return evaluate_row(question.policy.rules[rule].require, row)


def test_a_parameter_has_its_default(folder: Path) -> None:
    question = asked(folder)
    assert holds(question, 0, itl_ms=50.0) is True
    assert holds(question, 0, itl_ms=50.5) is False
    assert holds(question, 1, weights="fp8") is True


def test_a_profile_sets_a_parameter(folder: Path) -> None:
    question = asked(folder, "[params]\nmax_itl_ms = 10\nformat = 'bf16'\nstrict = true")
    assert holds(question, 0, itl_ms=11.0) is False
    assert holds(question, 1, weights="bf16") is True
    when = question.policy.rules[1].when
    assert when
    assert evaluate_row(when, {}) is True


def test_a_message_tells_a_parameter(folder: Path) -> None:
    message = asked(folder, "[params]\nmax_itl_ms = 10").policy.rules[0].message
    assert message
    assert message.fill({"itl_ms": 12.0}) == "12 of 10.0 ms"
    assert message.names == {"itl_ms"}


def test_a_profile_has_parameters_of_its_own(folder: Path) -> None:
    tail = "[params]\nmost = 4\n[select]\nwhere = ['tp <= most']\n"
    question = load(write(folder, "p.toml", PROFILE, "", tail))
    where, *_ = question.policy.where
    assert evaluate_row(where, {"tp": 4.0}) is True


def test_the_outermost_file_has_the_last_word(folder: Path) -> None:
    write(folder, "base.toml", RULES)
    middle = "dsl = 1\nextends = ['base.toml']\n[params]\nmax_itl_ms = 20\n"
    (folder / "r.toml").write_text(middle)
    assert holds(load(profile(folder)), 0, itl_ms=21.0) is False
    outer = load(profile(folder, "[params]\nmax_itl_ms = 30"))
    assert holds(outer, 0, itl_ms=21.0) is True


def test_two_files_may_not_set_a_third_differently(folder: Path) -> None:
    write(folder, "base.toml", RULES)
    for name, limit in (("a", 10), ("b", 20)):
        text = f"dsl = 1\nextends = ['base.toml']\n[params]\nmax_itl_ms = {limit}\n"
        (folder / f"{name}.toml").write_text(text)
    (found,) = faults(profile(folder, extends='["a.toml", "b.toml"]'))
    assert (found.code, excerpt(found)) == ("SZ506", "max_itl_ms")
    assert load(profile(folder, "[params]\nmax_itl_ms = 5", '["a.toml", "b.toml"]'))


@pytest.mark.parametrize(
    ("line", "code", "marked"),
    [
        ("max_itl = 10", "SZ506", "max_itl"),
        ("max_itl_ms = '10'", "SZ101", "'10'"),
        ("max_itl_ms = true", "SZ101", "true"),
        ("max_itl_ms = [10]", "SZ101", "[10]"),
        ("strict = 1", "SZ101", "1"),
        ("itl_ms = 1", "SZ104", "itl_ms"),
        ("latency_ms = 1", "SZ104", "latency_ms"),
        ("min = 1", "SZ104", "min"),
        ("if = 1", "SZ104", "if"),
        ("'a b' = 1", "SZ104", "'a b'"),
        ("max_itl_ms = nan", "SZ104", "nan"),
        ("format = ''", "SZ104", "''"),
    ],
)
def test_a_wrong_parameter_is_found_at_its_place(
    folder: Path, line: str, code: str, marked: str
) -> None:
    write(folder, "r.toml", RULES)
    found = faults(profile(folder, f"[params]\n{line}"))
    assert (code, marked) in [(each.code, excerpt(each)) for each in found]


@pytest.mark.parametrize(
    ("require", "code", "marked"),
    [
        ("ttft_ms <= max_cost_usd_per_hour", "SZ204", "ttft_ms <= max_cost_usd_per_hour"),
        ("gpu_bandwidth_gb_s > least_gib", "SZ204", "gpu_bandwidth_gb_s > least_gib"),
        ("tp in (1, least_gib)", "SZ204", "least_gib"),
        ("weights == format", "SZ203", "format"),
        ("weights in (format, 'fp8')", "SZ203", "format"),
        ("tp < format", "SZ203", "tp < format"),
        ("tp < mos", "SZ202", "mos"),
        ("most(3) < tp", "SZ203", "most"),
        ("most < tp and not enabled", "SZ202", "enabled"),
    ],
)
def test_a_parameter_is_typed(folder: Path, require: str, code: str, marked: str) -> None:
    params = "[params]\nmax_cost_usd_per_hour = 3\nleast_gib = 1\nformat = 'pf8'\nmost = 4\n"
    rules = f'[[rule]]\nid = "a"\nrequire = "{require}"\n'
    path = write(folder, "p.toml", PROFILE, "", params + rules)
    found = [(each.code, excerpt(each)) for each in faults(path) if each.code != "SZ506"]
    assert (code, marked) in found


def test_a_parameter_ranks_nothing(folder: Path) -> None:
    tail = "[params]\nmost = 4\n[select]\nwhere = 'tp < most'\nsort = 'most'\n"
    (found,) = faults(write(folder, "p.toml", PROFILE, "", tail))
    assert (found.code, excerpt(found)) == ("SZ203", "most")


def test_a_parameter_alone_may_switch_a_rule(folder: Path) -> None:
    assert check([write(folder, "r.toml", RULES)]).found == ()


def test_levels_are_changed_from_outside(folder: Path) -> None:
    question = asked(folder, '[levels]\n"slo.pace" = "info"')
    assert [rule.level for rule in question.profile.rule] == ["info", "warning"]
    assert [each.rule.level for each in question.policy.rules] == ["info", "warning"]


def test_the_outermost_level_counts(folder: Path) -> None:
    write(folder, "base.toml", RULES)
    middle = "dsl = 1\nextends = 'base.toml'\n[levels]\nformat = 'error'\n'slo.pace' = 'info'\n"
    (folder / "r.toml").write_text(middle)
    question = load(profile(folder, "[levels]\nformat = 'info'"))
    assert [rule.level for rule in question.profile.rule] == ["info", "info"]


@pytest.mark.parametrize(
    ("line", "code", "marked", "help_"),
    [
        ("'slo.pase' = 'info'", "SZ507", "'slo.pase'", "did you mean 'slo.pace'?"),
        ("'slo.pace' = 'inf'", "SZ104", "'inf'", "did you mean 'info'?"),
        ("slo.pace = 'info'", "SZ101", "slo", 'a name with dots stands in quotes, like "slo.pace"'),
    ],
)
def test_a_wrong_level_is_found_at_its_place(
    folder: Path, line: str, code: str, marked: str, help_: str
) -> None:
    write(folder, "r.toml", RULES)
    (found,) = faults(profile(folder, f"[levels]\n{line}"))
    assert (found.code, excerpt(found), found.help) == (code, marked, help_)


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_is_extended_by_name(folder: Path, name: str) -> None:
    question = load(profile(folder, extends=f'["pack:{name}"]'))
    assert question.profile.rule
    place = question.place(("rule", 0, "id"))
    assert place
    assert place.file == f"pack:{name}"


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_says_who_answers_for_it(name: str) -> None:
    text = (pack_folder() / f"{name}.toml").read_text()
    assert all(f"\n{key} = " in text for key in ("description", "owner", "version"))


@pytest.mark.parametrize("name", ["pack:latency-slow", "pack:", "pack:../rules/x", "pack:/etc/x"])
def test_an_unknown_pack_is_refused(folder: Path, name: str) -> None:
    (found,) = faults(profile(folder, extends=f'["{name}"]'))
    assert (found.code, excerpt(found)) == ("SZ501", f'"{name}"')


def test_an_empty_extends_is_told(folder: Path) -> None:
    (found,) = load(profile(folder, extends="[]")).notes
    assert (found.code, found.severity, excerpt(found)) == ("SZ505", "warning", "extends")


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        (Selection(("slo.*",)), ["slo.pace"]),
        (Selection(("latency",)), ["slo.pace"]),
        (Selection((), ("latency",)), ["format", "own"]),
        (Selection(("*",), ("own", "format")), ["slo.pace"]),
        (Selection(("own", "for?at")), ["format", "own"]),
    ],
)
def test_a_selection_takes_rules_by_id_and_tag(
    folder: Path, selection: Selection, kept: list[str]
) -> None:
    write(folder, "r.toml", RULES)
    path = profile(folder, "[[rule]]\nid = 'own'\nrequire = 'tp < 4'\n")
    question = load(path, selection)
    assert [rule.id for rule in question.profile.rule] == kept
    assert [each.rule.id for each in question.policy.rules] == kept
    places = [question.place(("rule", index, "id")) for index in range(len(kept))]
    assert [place.line is not None for place in places if place] == [True] * len(kept)


def test_a_glob_that_matches_nothing_is_refused(folder: Path) -> None:
    write(folder, "r.toml", RULES)
    with pytest.raises(Problem) as caught:
        load(profile(folder), Selection(("slos.pace",), ("formats",)))
    found = caught.value.diagnostics
    assert [each.code for each in found] == ["SZ508", "SZ508"]
    assert [each.help for each in found] == ["did you mean 'slo.pace'?", "did you mean 'format'?"]


def test_a_glob_must_match_in_one_of_several_files(folder: Path) -> None:
    files = [write(folder, "r.toml", RULES), write(folder, "p.toml", PROFILE)]
    assert check(files, Selection(("slo.*",))).found == ()
    (found,) = check(files, Selection(("none",))).found
    assert found.code == "SZ508"

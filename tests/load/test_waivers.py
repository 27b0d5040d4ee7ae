from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from faults import excerpt, faults

from sizer.load import Question, Selection, check, load
from sizer.load.rules.waiver_day import Waiving
from sizer.load.waivers import waiver_findings

PROFILE = """\
dsl = 1
[[models]]
name = "Qwen/Qwen2.5-7B"
weights = ["bf16", "fp8"]
[fleet]
gpus = ["H100", "L4"]
[[fleet.custom]]
name = "ours"
memory_gb = 80
memory_bandwidth_gb_s = 2000
[workload]
concurrency = [1, 8]
[params]
most = 4
[[rule]]
id = "slo.pace"
require = "itl_ms < 10"
[[rule]]
id = "size"
require = "gpus < most"
"""
WAIVER = """\
[[waiver]]
rule = "slo.pace"
match = "gpu == 'L4'"
reason = "the pilot"
owner = "platform"
expires = 2027-01-31
"""
DAY = Waiving(date(2026, 6, 1))


def write(folder: Path, *changes: tuple[str, str]) -> Path:
    waiver = WAIVER
    for before, after in changes:
        assert before in waiver
        waiver = waiver.replace(before, after)
    path = folder / "p.toml"
    path.write_text(PROFILE + waiver)
    return path


def asked(folder: Path, *changes: tuple[str, str], waiving: Waiving = DAY) -> Question:
    return load(write(folder, *changes), waiving=waiving)


def test_a_waiver_counts_to_the_end_of_its_last_day(tmp_path: Path) -> None:
    for day, counting in ((date(2027, 1, 31), 1), (date(2027, 2, 1), 0)):
        question = asked(tmp_path, waiving=Waiving(day))
        assert len(question.policy.waivers) == counting
        assert len(question.waivers) == 1


def test_waivers_that_are_not_applied_are_known(tmp_path: Path) -> None:
    question = asked(tmp_path, waiving=Waiving(DAY.today, applied=False))
    assert question.policy.waivers == ()
    assert len(question.waivers) == 1


def test_several_waivers_may_be_of_one_rule(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text() + WAIVER.replace("L4", "H100-SXM5-80GB"))
    assert len(load(path, waiving=DAY).policy.waivers) == 2


def test_a_waiver_of_a_rule_that_is_not_selected_is_left_out(tmp_path: Path) -> None:
    question = load(write(tmp_path), Selection(("size",)), waiving=DAY)
    assert question.waivers == question.policy.waivers == ()


def test_a_match_may_read_the_profiles_parameters(tmp_path: Path) -> None:
    assert asked(tmp_path, ("gpu == 'L4'", "gpus < most")).policy.waivers


@pytest.mark.parametrize(
    ("before", "after", "code", "marked"),
    [
        ('"slo.pace"', '"slo.pase"', "SZ404", '"slo.pase"'),
        ("gpu == 'L4'", "gpus == 'L4'", "SZ203", "gpus == 'L4'"),
        ("gpu == 'L4'", "gup == 'L4'", "SZ202", "gup"),
        ("gpu == 'L4'", "true", "SZ206", "true"),
        ("2027-01-31", '"2027-01-31"', "SZ101", '"2027-01-31"'),
        ("2027-01-31", "2027-01-31T00:00:00", "SZ101", "2027-01-31T00:00:00"),
        ("expires = 2027-01-31\n", "", "SZ102", "waiver"),
        ('owner = "platform"\n', "", "SZ102", "waiver"),
        ('reason = "the pilot"\n', "", "SZ102", "waiver"),
        ('reason = "the pilot"', 'reason = ""', "SZ104", '""'),
        ("owner", "ownr", "SZ103", "ownr"),
    ],
)
def test_a_fault_is_found_at_its_place(
    tmp_path: Path, before: str, after: str, code: str, marked: str
) -> None:
    found = faults(write(tmp_path, (before, after)))
    assert (code, marked) in [(each.code, excerpt(each)) for each in found]


def test_a_quoted_date_is_told_how_to_write(tmp_path: Path) -> None:
    (found,) = faults(write(tmp_path, ("2027-01-31", '"2027-01-31"')))
    assert found.help == "write 2027-01-31 without quotes"


@pytest.mark.parametrize(
    ("match", "codes"),
    [
        ("gpu == 'L4'", []),
        ("gpu == 'ours'", []),
        ("gpu == 'T4'", ["SZ401"]),
        ("gpu == 'L4' and model == 'x'", ["SZ401"]),
        ("gpu == 'L4' and tp == 3", []),
        ("gpu == 'T4' and tp == 3", ["SZ401"]),
        ("concurrency > 8", ["SZ401"]),
        ("weights == 'awq'", ["SZ401"]),
        ("kv_format == 'fp8'", ["SZ401"]),
        ("engine == 'sglang'", ["SZ401"]),
        ("engine == 'vllm'", ["SZ403"]),
        ("concurrency >= 1 or itl_ms > 50", ["SZ403"]),
        ("model == 'Qwen/Qwen2.5-7B'", ["SZ403"]),
        ("gpu in ('H100-SXM5-80GB', 'L4', 'ours')", ["SZ403"]),
        ("tp >= 1", ["SZ403"]),
        ("tp + pp >= 2 and gpus > 0", ["SZ403"]),
        ("tp >= 2", []),
        ("request_rate >= 0", []),
        ("itl_ms < 50", []),
        ("is_known(itl_ms) or gpu == 'L4'", []),
    ],
)
def test_what_a_profile_alone_shows_of_a_waiver(
    tmp_path: Path, match: str, codes: list[str]
) -> None:
    question = asked(tmp_path, ("gpu == 'L4'", match))
    assert [each.code for each in waiver_findings(question)] == codes


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2027, 1, 17), []),
        (date(2027, 1, 18), [("SZ405", "info")]),
        (date(2027, 1, 31), [("SZ405", "info")]),
        (date(2027, 2, 1), [("SZ402", "error")]),
    ],
)
def test_a_waiver_that_expires_is_told_before_and_after(
    tmp_path: Path, day: date, found: list[tuple[str, str]]
) -> None:
    checked = check([write(tmp_path)], waiving=Waiving(day))
    assert [(each.code, each.severity) for each in checked.found] == found


def test_a_model_by_hand_is_called_as_it_is_written(tmp_path: Path) -> None:
    path = write(tmp_path, ("gpu == 'L4'", "model == 'Ours'"))
    by_hand = "num_parameters = 7\nnum_layers = 32\nhidden_size = 4096\nnum_attention_heads = 32"
    path.write_text(path.read_text().replace('"Qwen/Qwen2.5-7B"', f'"Ours"\n{by_hand}'))
    assert [each.code for each in waiver_findings(load(path, waiving=DAY))] == ["SZ403"]


def test_a_profile_of_very_many_loads_is_left_to_a_run(tmp_path: Path) -> None:
    path = write(tmp_path, ("gpu == 'L4'", "gpu == 'T4' and concurrency > 0 and input_tokens > 0"))
    assert [each.code for each in waiver_findings(load(path, waiving=DAY))] == ["SZ401"]
    many = f"input_tokens = [1, 2]\nconcurrency = {list(range(1, 900))}"
    path.write_text(path.read_text().replace("concurrency = [1, 8]", many))
    assert list(waiver_findings(load(path, waiving=DAY))) == []


def test_checking_says_what_is_wrong_with_each_waiver(tmp_path: Path) -> None:
    path = write(tmp_path, ("L4", "T4"))
    path.write_text(path.read_text() + WAIVER.replace("2027", "2020"))
    found = check([path], waiving=DAY).found
    assert [(each.code, excerpt(each)) for each in found] == [
        ("SZ401", "\"gpu == 'T4'\""),
        ("SZ402", "2020-01-31"),
    ]


def test_a_rule_file_holds_no_waiver(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text('dsl = 1\n[[rule]]\nid = "slo.pace"\nrequire = "itl_ms < 10"\n' + WAIVER)
    (found,) = check([path]).found
    assert (found.code, excerpt(found)) == ("SZ103", "waiver")

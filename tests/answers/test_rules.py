"""Questions about rules, as a user asks them, and the right answers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command_line import sizer

RULES = """
dsl = 1
[[rule]]
id = "asked"
require = '{require}'
message = "{message}"
"""
CASE = """
dsl = 1
[[case]]
name = "a candidate"
given = {{ {given} }}
expect.{outcome} = ["asked"]
"""


def outcome(folder: Path, require: str, given: str, message: str = "no") -> str:
    """Return how a rule ends for a candidate, as `sizer test` sees it."""
    (folder / "rules.toml").write_text(RULES.format(require=require, message=message))
    for expected in ("passes", "fails", "unknown"):
        case = CASE.format(given=given, outcome=expected)
        (folder / "rules.sizer-test.toml").write_text(case)
        done = sizer("test", folder)
        assert done.returncode in (0, 1), done.stderr
        if done.returncode == 0:
            return expected
    raise AssertionError(done.stdout)


@pytest.mark.parametrize(
    ("require", "ends"),
    [
        ("memory_headroom_gib / gpu_memory_gb >= 0.1", "passes"),
        ("memory_headroom_gib / gpu_memory_gb <= 0.1006", "fails"),
        ("memory_headroom_gib / gpu_memory_gb <= 0.1007", "passes"),
        ("gpu_memory_gb - memory_headroom_gib > 72 GB", "fails"),
        ("cost_usd_per_month <= cost * 1.01", "passes"),
        ("e2e_ms * request_rate < concurrency", "fails"),
        ("e2e_ms * request_rate <= 10 requests", "passes"),
    ],
)
def test_quantities_of_several_units_meet_in_one(tmp_path: Path, require: str, ends: str) -> None:
    """Case 8: 7.5 GiB of 80 GB is a share of 0.1007."""
    given = "memory_headroom_gib = 7.5, gpu_memory_gb = 80, cost = 2, cost_usd_per_month = 1460"
    load = "e2e_ms = 2000, request_rate = 5, concurrency = 10"
    assert outcome(tmp_path, require, f"{given}, {load}") == ends


def test_a_bare_number_beside_two_units_of_time_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(
        RULES.format(require="e2e_ms * request_rate < 32", message="no")
    )
    done = sizer("check", tmp_path)
    assert done.returncode == 2
    assert "write a number like `32 requests`" in done.stdout


ANNOUNCED = """
dsl = 1
[[models]]
name = "Qwen/Qwen2.5-7B"
[fleet]
gpus = ["H100-SXM5-80GB", "L4"]
[select]
sort = "cost"
[[rule]]
id = "no-l4"
require = 'not matches(gpu, "L4*")'
from = 2027-01-01
"""


@pytest.mark.parametrize(
    ("day", "chosen", "warns"), [("2026-12-31", "L4 x1", True), ("2027-01-01", "H100-SXM5", False)]
)
def test_a_rule_that_is_announced_warns_until_its_day(
    tmp_path: Path, day: str, chosen: str, *, warns: bool
) -> None:
    path = tmp_path / "p.toml"
    path.write_text(ANNOUNCED)
    answer = json.loads(sizer("run", path, "--today", day, "--format", "json").stdout)
    (found,) = answer["answers"]
    assert found["chosen"]["candidate"].startswith(chosen)
    told = [(each["level"], each["message"]) for each in found["chosen"]["findings"]]
    said = 'not matches(gpu, "L4*") (an error from 2027-01-01)'
    assert told == ([("warning", said)] if warns else [])
    assert answer["today"] == day


def test_a_lock_notices_the_day_on_which_a_rule_starts(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "p.toml").write_text(ANNOUNCED)
    lock = ("lock", "--lock", tmp_path / "sizer.lock")
    assert sizer(*lock, tmp_path / "p.toml", "--today", "2026-12-30").returncode == 0
    assert '"rule starts"' in (tmp_path / "sizer.lock").read_text()
    assert sizer(*lock, "--check", "--today", "2026-12-31").returncode == 0
    late = sizer(*lock, "--check", "--today", "2027-01-01")
    assert late.returncode == 1
    assert "rule 'no-l4' counts with its own level since 2027-01-01" in late.stdout
    run = sizer("run", tmp_path / "p.toml", "--locked", "--today", "2027-01-01")
    assert "rule 'no-l4' counts with its own level since 2027-01-01" in run.stderr + run.stdout


CASES = """
dsl = 1
[[case]]
name = "announced"
today = 2026-12-31
given = { gpu = "L4" }
expect.fails = ["no-l4"]
expect.survives = true
[[case]]
name = "in force"
today = 2027-01-01
given = { gpu = "L4" }
expect.survives = false
[[case]]
name = "without a day"
given = { gpu = "L4" }
expect.survives = false
"""


def test_a_case_has_its_own_day(tmp_path: Path) -> None:
    rule = ANNOUNCED.partition("[[rule]]")[2]
    (tmp_path / "r.toml").write_text(f"dsl = 1\n[[rule]]{rule}")
    (tmp_path / "r.sizer-test.toml").write_text(CASES)
    done = sizer("test", tmp_path)
    assert done.returncode == 0, done.stdout


def test_a_pattern_that_no_accelerator_has_is_a_finding(tmp_path: Path) -> None:
    rule = "dsl = 1\n[[rule]]\nid = 'a'\nrequire = 'not matches(gpu, \"V10O*\")'\n"
    (tmp_path / "r.toml").write_text(rule)
    assert "SZ210" in sizer("check", tmp_path).stdout


SHORT = """
dsl = 1
[[models]]
name = "mistralai/Mixtral-8x7B-v0.1"
[fleet]
gpus = ["H100"]
max_gpus_per_replica = 1
"""


def test_explain_says_how_much_memory_is_missing_and_what_would_give_it(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(SHORT)
    said = sizer("explain", "--profile", tmp_path / "p.toml").stdout
    assert "GiB are missing on each accelerator" in said
    assert "would fit with weights in fp8" in said
    assert "would fit with 2 accelerators in a replica" in said
    done = sizer("explain", "--profile", tmp_path / "p.toml", "--format", "json")
    (decision,) = json.loads(done.stdout)["decisions"]
    assert decision["shortfall"]["missing_gib"] == -decision["metrics"]["memory_headroom_gib"]
    assert decision["shortfall"]["gpus_per_replica"] == 2


OWN = """
dsl = 1
extends = ["value.toml"]
[params]
least = 100000
[metrics]
double = "value + value"
[[models]]
name = "meta-llama/Llama-3.1-8B"
[fleet]
gpus = ["H100-SXM5-80GB", "L4"]
[workload]
concurrency = [1, 8]
[select]
where = ["double > 2"]
sort = "value desc then cost"
[[rule]]
id = "worth"
level = "warning"
require = "value >= least"
message = "{value:.1f} and {double:.1f} below {least:.0f}"
"""
VALUE = """
dsl = 1
[params]
hours = 1
[metrics]
value = "tokens_per_second / cost * hours"
"""


def own_metrics(folder: Path) -> Path:
    """Return a profile whose own metrics come from two files."""
    (folder / "value.toml").write_text(VALUE)
    profile = folder / "own.toml"
    profile.write_text(OWN)
    return profile


def test_an_own_metric_ranks_filters_judges_and_is_told(tmp_path: Path) -> None:
    done = sizer("run", own_metrics(tmp_path), "--format", "json")
    assert done.returncode == 0, done.stderr
    (answer,) = json.loads(done.stdout)["answers"]
    listed = [answer["chosen"], *answer["others"]]
    values = [each["metrics"]["value"] for each in listed]
    assert values == sorted(values, reverse=True)
    first = listed[0]["metrics"]
    wanted = first["tokens_per_second"] / first["cost_usd_per_hour"]
    assert first["value"] == pytest.approx(wanted)
    assert first["double"] == pytest.approx(2 * wanted)
    assert f"{wanted:.1f} and {2 * wanted:.1f} below 100000" in done.stdout


@pytest.mark.parametrize("style", ["text", "markdown", "csv"])
def test_every_output_shows_an_own_metric(tmp_path: Path, style: str) -> None:
    done = sizer("run", own_metrics(tmp_path), "--format", style)
    assert done.returncode == 0, done.stderr
    assert re.search(r"\bvalue\b", done.stdout)


def test_an_own_metric_without_its_inputs_is_unknown(tmp_path: Path) -> None:
    own_metrics(tmp_path)
    case = CASE.format(given='tokens_per_second = 5, cost = "unknown"', outcome="unknown")
    tests = tmp_path / "own.sizer-test.toml"
    tests.write_text(case.replace("asked", "worth") + 'expect.messages = { worth = "?" }\n')
    done = sizer("test", tmp_path)
    assert "unknown and unknown below 100000" in done.stdout, done.stdout


def test_an_own_metric_of_a_case_follows_from_what_is_given(tmp_path: Path) -> None:
    own_metrics(tmp_path)
    case = CASE.format(given="tokens_per_second = 500000, cost = 2", outcome="passes")
    (tmp_path / "own.sizer-test.toml").write_text(case.replace("asked", "worth"))
    assert "1 hold, 0 differ" in sizer("test", tmp_path).stdout


def test_a_lock_keeps_an_answer_that_an_own_metric_ranks(tmp_path: Path) -> None:
    profile = own_metrics(tmp_path)
    lock = tmp_path / "sizer.lock"
    made = sizer("lock", "--lock", lock, profile)
    assert made.returncode == 0, made.stderr
    checked = sizer("lock", "--lock", lock, "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_no_card_is_proposed_that_cannot_be(tmp_path: Path) -> None:
    text = SHORT + '[select]\nwhere = ["WHERE"]\n'
    share = "memory_headroom_gib / gpu_memory_gb >= 0.6"
    (tmp_path / "p.toml").write_text(text.replace("WHERE", share))
    said = sizer("explain", "--profile", tmp_path / "p.toml").stdout
    assert "would hold with memory_headroom_gib above" in said
    assert "with gpu_memory_gb" not in said
    larger = "gpu_memory_gb >= 100 or itl_ms < 0.01"
    (tmp_path / "p.toml").write_text(text.replace("WHERE", larger))
    said = sizer("explain", "--profile", tmp_path / "p.toml").stdout
    assert "with gpu_memory_gb at least 100 GB" in said

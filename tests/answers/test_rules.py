"""Questions about rules, as a user asks them, and the right answers."""

from __future__ import annotations

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

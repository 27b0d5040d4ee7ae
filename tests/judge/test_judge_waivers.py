from __future__ import annotations

from datetime import date

import numpy as np

from sizer.expr.check.draft import draft_policy
from sizer.expr.check.policy import Policy
from sizer.judge import judge
from sizer.judge.tally import Tally
from sizer.schema.asked.profile import Level, Rule, Select, Waiver
from sizer.schema.metrics import registry
from sizer.schema.table import Column
from sizer.schema.verdict import FAILS, HOLDS, UNKNOWN

TABLE = {
    "itl_ms": Column(np.array([5.0, 50.0, np.nan, 50.0, 50.0])),
    "tp": Column(np.array([1.0, 1.0, 1.0, 2.0, np.nan])),
}


def policy(*matches: str, rule: str = "fast", level: Level = "error") -> Policy:
    rules = (Rule("fast", "itl_ms < 10", level=level), Rule("small", "tp < 2"))
    expires = date(2027, 1, 31)
    waivers = tuple(Waiver(rule, match, "why", "who", expires) for match in matches)
    nowhere = Select(where=())
    return draft_policy(nowhere, rules, lambda _: None, registry(), waivers=waivers).policy()


def test_a_waiver_admits_what_it_is_for() -> None:
    fast, small = judge(policy("tp == 1"), TABLE)
    assert list(fast.outcome) == [HOLDS, FAILS, UNKNOWN, FAILS, FAILS]
    assert fast.waived is not None
    assert list(fast.waived) == [False, True, True, False, False]
    assert list(fast.admits) == [True, True, True, False, False]
    assert small.waived is None


def test_a_waiver_whose_match_is_unknown_waives_nothing() -> None:
    fast, _ = judge(policy("not tp == 1"), TABLE)
    assert list(fast.admits) == [True, False, False, True, False]


def test_one_of_several_waivers_is_enough() -> None:
    fast, _ = judge(policy("tp == 1", "tp == 2"), TABLE)
    assert list(fast.admits) == [True, True, True, True, False]


def test_a_waiver_of_another_rule_changes_nothing() -> None:
    fast, small = judge(policy("tp >= 1", rule="small"), TABLE)
    assert list(fast.admits) == [True, False, False, False, False]
    assert list(small.admits) == [True, True, True, True, False]


def test_a_tally_counts_what_waivers_are_for_and_what_they_change() -> None:
    waiving = policy("tp == 1", "tp == 3", "itl_ms < 10")
    once = Tally.of(waiving, judge(waiving, TABLE), TABLE)
    tally = once.joined(once).joined(Tally())
    assert tally.matched == {0: 6, 1: 0, 2: 2}
    assert tally.waived == {0: 4, 1: 0, 2: 0}

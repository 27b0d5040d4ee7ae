from __future__ import annotations

import numpy as np

from sizer.expr.check.draft import draft_policy
from sizer.judge import judge
from sizer.schema.asked.profile import Rule, Select
from sizer.schema.metrics import registry
from sizer.schema.table import Column
from sizer.schema.verdict import FAILS, HOLDS, NOT_APPLICABLE, UNKNOWN

TABLE = {
    "itl_ms": Column(np.array([5.0, 50.0, np.nan, 50.0])),
    "params_b": Column(np.array([70.0, 70.0, 70.0, np.nan])),
}


def outcomes(rule: Rule) -> list[int]:
    policy = draft_policy(Select(where=()), (rule,), lambda _: None, registry()).policy()
    (verdict,) = judge(policy, TABLE)
    return list(verdict.outcome)


def test_unknown_is_neither_held_nor_broken() -> None:
    assert outcomes(Rule("fast", "itl_ms < 10")) == [HOLDS, FAILS, UNKNOWN, FAILS]


def test_a_rule_applies_only_when_its_condition_holds() -> None:
    rule = Rule("fast", "itl_ms < 10", when="params_b < 10")
    assert outcomes(rule) == [NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE, UNKNOWN]


def test_a_requirement_that_holds_passes_whatever_when_would_say() -> None:
    assert outcomes(Rule("any", "itl_ms < 100", when="params_b < 1e6"))[3] == HOLDS


def test_only_conditions_and_errors_remove() -> None:
    for level, admitted in (("error", [True, False, False, False]), ("warning", [True] * 4)):
        rule = Rule("fast", "itl_ms < 10", level=level)
        policy = draft_policy(Select(where=()), (rule,), lambda _: None, registry()).policy()
        assert list(judge(policy, TABLE)[0].admits) == admitted


def test_verdicts_say_whose_they_are() -> None:
    select = Select(where=("itl_ms < 10", "params_b > 1"))
    rule = Rule("small", "params_b < 10", level="info")
    policy = draft_policy(select, (rule,), lambda _: None, registry()).policy()
    first, second, third = judge(policy, TABLE)
    assert [(each.label, each.strictness) for each in (first, second, third)] == [
        ("itl_ms < 10", "where"),
        ("params_b > 1", "where"),
        ("small", "info"),
    ]
    assert list(second.outcome) == [HOLDS, HOLDS, HOLDS, UNKNOWN]
    assert outcomes(Rule("r", "itl_ms < 10", when="params_b > 1")) == [
        *(HOLDS, FAILS, UNKNOWN, UNKNOWN),
    ]


def test_outcomes_are_one_byte_each() -> None:
    for when in (None, "params_b > 1"):
        rule = Rule("fast", "itl_ms < 10", when=when)
        policy = draft_policy(Select(where=("fits",)), (rule,), lambda _: None, registry()).policy()
        table = {**TABLE, "fits": Column(np.array([1, 0, -1, 1], np.int8))}
        assert [each.outcome.dtype for each in judge(policy, table)] == [np.int8, np.int8]

from __future__ import annotations

import numpy as np
import pytest

from sizer.expr.check.draft import draft_policy
from sizer.expr.check.policy import Policy
from sizer.expr.language.cell import Cell
from sizer.judge.case_table import given_table
from sizer.judge.coverage import Coverage
from sizer.schema.asked.profile import Rule, Select
from sizer.schema.metrics import METRICS, registry

Row = dict[str, Cell]


def policy(require: str, when: str | None = None, where: tuple[str, ...] = ()) -> Policy:
    rule = Rule("a", require, when=when)
    return draft_policy(Select(where=where), (rule,), lambda _: None, registry()).policy()


def unseen(require: str, *rows: Row, when: str | None = None) -> set[str]:
    coverage = Coverage(policy(require, when), given_table(rows))
    goals = coverage.of_rule(0, np.ones(len(rows), np.bool_))
    return {f"{goal.text} {goal.shown}" for goal, reached in goals if not reached}


def test_a_condition_alone_is_seen_either_way() -> None:
    assert unseen("tp < 4", {"tp": 2.0}, {"tp": 4.0}) == set()
    assert unseen("tp < 4", {"tp": 2.0}) == {"a fails", "tp < 4 false"}


def test_unknown_shows_nothing() -> None:
    assert unseen("tp < 4", {}) == {"a passes", "a fails", "tp < 4 true", "tp < 4 false"}


@pytest.mark.parametrize(
    ("join", "masking", "deciding"),
    [("and", False, True), ("or", True, False)],
)
def test_a_condition_counts_where_it_decides(join: str, masking: bool, deciding: bool) -> None:  # noqa: FBT001
    require = f"tp < 4 {join} fits"
    both: list[Row] = [{"tp": tp, "fits": masking} for tp in (2.0, 4.0)]
    assert {"tp < 4 true", "tp < 4 false"} <= unseen(require, *both)
    each: list[Row] = [{"tp": tp, "fits": deciding} for tp in (2.0, 4.0)]
    assert not {"tp < 4 true", "tp < 4 false"} & unseen(require, *each)


def test_three_cases_show_a_junction_of_two() -> None:
    rows: list[Row] = [
        {"tp": 2.0, "fits": True},
        {"tp": 4.0, "fits": True},
        {"tp": 2.0, "fits": False},
    ]
    assert unseen("tp < 4 and fits", *rows) == set()


def test_a_condition_that_never_decides_stays_unseen() -> None:
    rows: list[Row] = [{"tp": float(tp)} for tp in range(8)]
    assert unseen("tp > 1 or tp > 2", *rows) == {"tp > 2 true"}


def test_when_is_seen_where_the_requirement_would_not_hold() -> None:
    rows: list[Row] = [{"tp": 8.0, "pp": 1.0}, {"tp": 8.0, "pp": 2.0}, {"tp": 2.0, "pp": 2.0}]
    assert unseen("tp < 4", *rows, when="pp > 1") == set()
    assert unseen("tp < 4", *rows[1:], when="pp > 1") == {"pp > 1 false"}


def test_a_requirement_is_not_seen_where_the_rule_does_not_apply() -> None:
    rows: list[Row] = [{"tp": 2.0, "pp": 1.0}, {"tp": 8.0, "pp": 1.0}]
    assert {"tp < 4 true", "tp < 4 false"} <= unseen("tp < 4", *rows, when="pp > 1")


def test_only_rows_that_expect_something_count() -> None:
    coverage = Coverage(policy("tp < 4"), given_table([{"tp": 2.0}, {"tp": 4.0}]))
    goals = coverage.of_rule(0, np.array([True, False]))
    assert [reached for _, reached in goals] == [True, False, True, False]


def test_no_row_shows_nothing() -> None:
    coverage = Coverage(policy("tp < 4", "pp > 1", ("fits",)), given_table([]))
    nothing = np.array([], np.bool_)
    goals = [*coverage.of_rule(0, nothing), *coverage.of_where(0, nothing)]
    assert len(goals) == 8
    assert not any(reached for _, reached in goals)


def test_given_rows_become_columns_of_every_metric() -> None:
    table = given_table([{"gpu": "L4", "fits": True}, {"tp": 2.0, "gpu": "H100"}])
    assert set(table) == {metric.name for metric in METRICS}
    assert [table[name].cell(0) for name in ("gpu", "fits", "tp")] == ["L4", True, None]
    assert [table[name].cell(1) for name in ("gpu", "fits", "tp")] == ["H100", None, 2.0]


def test_goals_say_where_they_stand() -> None:
    found = policy("tp < 4", when="fits", where=("gpus > 1", "tp > 0"))
    rows: list[Row] = [{"tp": 2.0, "fits": True, "gpus": 2.0}, {"tp": -1.0, "fits": True}]
    coverage = Coverage(found, given_table(rows))
    every = np.ones(len(rows), np.bool_)
    assert [(goal.path, goal.span, goal.shown) for goal, _ in coverage.of_rule(0, every)] == [
        (("rule", 0, "id"), None, "passes"),
        (("rule", 0, "id"), None, "fails"),
        (("rule", 0, "when"), (0, 4), "true"),
        (("rule", 0, "when"), (0, 4), "false"),
        (("rule", 0, "require"), (0, 6), "true"),
        (("rule", 0, "require"), (0, 6), "false"),
    ]
    where = [(goal.path, goal.span, seen) for goal, seen in coverage.of_where(0, every)]
    assert where == [
        (("select", "where", 0), (0, 8), True),
        (("select", "where", 0), (0, 8), False),
    ]


def test_a_filter_is_seen_only_where_nothing_else_removes() -> None:
    rows: list[Row] = [{"tp": 2.0, "gpus": 1.0}, {"tp": 9.0, "gpus": 2.0}]
    coverage = Coverage(policy("tp < 4", where=("gpus > 1",)), given_table(rows))
    seen = {goal.shown: reached for goal, reached in coverage.of_where(0, np.ones(2, np.bool_))}
    assert seen == {"true": False, "false": True}
    none = [reached for _, reached in coverage.of_where(0, np.zeros(2, np.bool_))]
    assert none == [False, False]


def test_a_rule_that_does_not_apply_neither_passes_nor_fails() -> None:
    assert {"a passes", "a fails"} <= unseen("tp < 4", {"tp": 2.0, "fits": False}, when="fits")


def test_given_columns_have_the_types_of_the_estimators() -> None:
    table = given_table([{"gpu": "L4", "fits": None, "tp": 1.0}, {"gpu": None, "fits": False}])
    assert (table["gpu"].values.tolist(), table["gpu"].values.dtype) == ([0, -1], np.int32)
    assert (table["fits"].values.tolist(), table["fits"].values.dtype) == ([-1, 0], np.int8)
    assert np.isnan(table["tp"].values[1])

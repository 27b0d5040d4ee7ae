"""How conditions and rules end for every candidate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sizer.expr.check import Policy
from sizer.expr.columns import evaluate
from sizer.expr.language import Expression
from sizer.judge.waivers import waived
from sizer.schema.table import Table
from sizer.schema.verdict import HOLDS, NOT_APPLICABLE, UNKNOWN, Verdict


def judge(policy: Policy, table: Table) -> tuple[Verdict, ...]:
    """Return one verdict for each `where` condition, then one for each rule, in order."""
    return tuple(_verdicts(policy, table))


def outcome(require: Expression, when: Expression | None, table: Table) -> NDArray[np.int8]:
    """Where `when` is false the rule does not apply; where it is unknown so is the rule.

    A rule whose requirement holds anyway passes whatever `when` would have said.
    """
    required: NDArray[np.int8] = evaluate(require, table).values
    if when is None:
        return required
    applies = evaluate(when, table).values
    unsure = np.where(required == HOLDS, HOLDS, UNKNOWN)
    judged = np.where(applies == UNKNOWN, unsure, required)
    return np.where(applies == 0, NOT_APPLICABLE, judged).astype(np.int8)


def _verdicts(policy: Policy, table: Table) -> Iterator[Verdict]:
    for condition in policy.where:
        yield Verdict(condition.text, "where", evaluate(condition, table).values)
    for each in policy.rules:
        rule, ended = each.rule, outcome(each.require, each.when, table)
        yield Verdict(rule.id, rule.level, ended, waived(policy, rule.id, ended, table))

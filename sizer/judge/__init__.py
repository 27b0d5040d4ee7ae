"""The judge stage: conditions over columns to verdicts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sizer.expr.columns import evaluate
from sizer.expr.policy import CompiledRule, Policy
from sizer.schema.table import Table
from sizer.schema.verdict import HOLDS, NOT_APPLICABLE, UNKNOWN, Verdict


def judge(policy: Policy, table: Table) -> tuple[Verdict, ...]:
    """Return one verdict for each `where` condition, then one for each rule, in order."""
    return tuple(_verdicts(policy, table))


def _verdicts(policy: Policy, table: Table) -> Iterator[Verdict]:
    for condition in policy.where:
        yield Verdict(condition.text, "where", evaluate(condition, table).values)
    for compiled in policy.rules:
        yield Verdict(compiled.rule.id, compiled.rule.level, _outcome(compiled, table))


def _outcome(compiled: CompiledRule, table: Table) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """Where `when` is false the rule does not apply; where it is unknown so is the rule.

    A rule whose requirement holds anyway passes whatever `when` would have said.
    """
    required = evaluate(compiled.require, table).values
    if compiled.when is None:
        return required
    applies = evaluate(compiled.when, table).values
    unsure = np.where(required == HOLDS, HOLDS, UNKNOWN)
    judged = np.where(applies == UNKNOWN, unsure, required)
    return np.where(applies == 0, NOT_APPLICABLE, judged).astype(np.int8)

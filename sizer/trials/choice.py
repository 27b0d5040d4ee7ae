"""The candidate that a profile chooses among those that a case gives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sizer.judge import judge
from sizer.judge.case_table import given_table
from sizer.judge.own_metrics import with_own_metrics
from sizer.load.cases import Row
from sizer.load.question import Question
from sizer.select import Order, row_of
from sizer.trials.subject import Subject


def chosen(rows: Mapping[str, Row], question: Question) -> Subject:
    """Return the first of several candidates by hand; ties end in their names."""
    names = sorted(rows)
    given = given_table([rows[name] for name in names])
    table = with_own_metrics(question.policy, given)
    verdicts = judge(question.policy, table)
    alive = np.logical_and.reduce([each.admits for each in verdicts])
    ties = (np.arange(len(names), dtype=np.int32),)
    order, living = Order.of(question.policy.sort, table, ties), np.flatnonzero(alive)
    if not order.lead(living).chooses(question.policy):
        return Subject(None)
    first = order.best(living, 1)
    return Subject(row_of(table, int(first[0])), names[int(first[0])])

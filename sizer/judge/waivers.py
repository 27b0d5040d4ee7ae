"""Candidates that a waiver is for, and what it waives of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sizer.expr.check import CompiledWaiver, Policy
from sizer.expr.columns import evaluate
from sizer.schema.table import Table
from sizer.schema.verdict import FAILS

Rows = NDArray[np.bool_]


def matched(waiver: CompiledWaiver, table: Table) -> Rows:
    """Return which candidates a waiver is for; where its condition is unknown, it is for none."""
    rows: Rows = evaluate(waiver.match, table).values == 1
    return rows


def waived(policy: Policy, rule: str, outcome: NDArray[np.int8], table: Table) -> Rows | None:
    """Return where a rule does not hold and a waiver stands for that; None without a waiver."""
    masks = [matched(each, table) for each in policy.waivers if each.waiver.rule == rule]
    return np.logical_or.reduce(masks) & (outcome <= FAILS) if masks else None

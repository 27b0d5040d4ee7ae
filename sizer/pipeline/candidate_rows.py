"""Where the rows of candidates stand in a scenario."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sizer.expr.check import Policy
from sizer.schema.rows import Strips
from sizer.schema.scenario import Scenario
from sizer.select import Candidates, deployment_of, together

Rows: TypeAlias = NDArray[np.intp]


def whole(scenario: Scenario, rows: Rows, policy: Policy) -> Rows:
    """Return rows so that those of a candidate follow each other."""
    if one_row_each(scenario, policy):
        return rows
    if isinstance(scenario.rows, Strips):
        return np.sort(rows)
    return rows[together(deployment_of(scenario)[rows])]


def at_every_load(scenario: Scenario, some: Rows, policy: Policy) -> Rows:
    """Return all rows of the candidates that some rows are of; those of each follow each other."""
    if one_row_each(scenario, policy):
        return some
    if isinstance(scenario.rows, Strips):
        spans = dict.fromkeys(scenario.rows.span_of(int(row)) for row in np.sort(some))
        return np.concatenate([np.array([], np.intp), *(np.arange(*each) for each in spans)])
    deployed = deployment_of(scenario)
    alike = np.flatnonzero(np.isin(deployed, deployed[some]))
    return alike[together(deployed[alike])]


def rows_of_each(scenario: Scenario, firsts: Rows, policy: Policy) -> list[Rows]:
    """Return all rows of each candidate, in the order of their first rows."""
    rows = at_every_load(scenario, firsts, policy)
    starts = Candidates.of(scenario.take(rows), any_load=policy.any_load).firsts
    of_first = {int(each[0]): each for each in np.split(rows, starts[1:]) if len(each)}
    return [of_first[int(first)] for first in firsts]


def one_row_each(scenario: Scenario, policy: Policy) -> bool:
    """Whether each row is a candidate."""
    return policy.any_load or len(scenario.loads) == 1

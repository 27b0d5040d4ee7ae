"""What a later state makes of an earlier choice: gone, refused and by what, or only outranked."""

from __future__ import annotations

import numpy as np

from sizer.diff.setup import Setup, held
from sizer.pipeline.answers import judged
from sizer.pipeline.candidate_rows import Rows
from sizer.pipeline.search import resolved
from sizer.schema.answered.difference import ChoiceStatus
from sizer.schema.answered.lock import LockedFinding
from sizer.schema.scenario import Scenario
from sizer.schema.verdict import FAILS, Verdict
from sizer.select.neighbours import named


def choice_status(
    setup: Setup, other: Setup, model: str, candidate: str
) -> tuple[ChoiceStatus, tuple[LockedFinding, ...]]:
    """Return why a candidate is not chosen in a setup, and the rules that refuse it."""
    question = setup.question
    facts = held(setup, other)
    scenario = resolved(question, facts).scenario
    rows = _rows(scenario, model, candidate)
    if not len(rows):
        return ChoiceStatus("gone", candidate), ()
    few = judged(scenario, rows, question.policy)
    miss = few.near_miss(0)
    refused = tuple(
        LockedFinding(each.label, each.strictness, _outcome(each))
        for each in few.verdicts
        if each.strictness == "error" and not each.admits.all()
    )
    if not miss.bounds:
        return ChoiceStatus("outranked", candidate), refused
    return ChoiceStatus("refused", candidate, miss.bounds), refused


def _outcome(verdict: Verdict) -> str:
    return "fails" if np.any(verdict.outcome[~verdict.admits] == FAILS) else "unknown"


def _rows(scenario: Scenario, model: str, candidate: str) -> Rows:
    rows = named(scenario, candidate)
    if scenario.across:
        return rows
    placed = scenario.take(rows).deployment_of
    mine = [scenario.deployments[each].model.name == model for each in placed]
    of_model: Rows = rows[np.array(mine, np.bool_)]
    return of_model

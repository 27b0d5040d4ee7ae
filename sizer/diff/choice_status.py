"""What a later state makes of an earlier choice: gone, refused and by what, or only outranked."""

from __future__ import annotations

import numpy as np

from sizer.diff.setup import Setup, held
from sizer.estimate import estimate
from sizer.judge import judge
from sizer.pipeline.answers import EVERYTHING
from sizer.resolve import resolve
from sizer.schema.answered.difference import ChoiceStatus
from sizer.schema.answered.lock import LockedFinding
from sizer.schema.scenario import Scenario
from sizer.schema.verdict import FAILS, Verdict
from sizer.select import near_miss, row_of
from sizer.select.neighbours import named


def choice_status(
    setup: Setup, other: Setup, model: str, candidate: str
) -> tuple[ChoiceStatus, tuple[LockedFinding, ...]]:
    """Return why a candidate is not chosen in a setup, and the rules that refuse it."""
    question = setup.question
    facts = held(setup, other)
    scenario = resolve(
        question.profile, question.folder, question.place, facts, question.prices
    ).scenario
    row = _row(scenario, model, candidate)
    if row is None:
        return ChoiceStatus("gone", candidate), ()
    few = scenario.take(np.array([row], np.intp))
    table = estimate(few, EVERYTHING)
    verdicts = judge(question.policy, table)
    miss = near_miss(candidate, row_of(table, 0), question.policy, verdicts, 0)
    refused = tuple(
        LockedFinding(each.label, each.strictness, _outcome(each))
        for each in verdicts
        if each.strictness == "error" and not each.admits[0]
    )
    if not miss.bounds:
        return ChoiceStatus("outranked", candidate), refused
    return ChoiceStatus("refused", candidate, miss.bounds), refused


def _outcome(verdict: Verdict) -> str:
    return "fails" if verdict.outcome[0] == FAILS else "unknown"


def _row(scenario: Scenario, model: str, candidate: str) -> int | None:
    rows = named(scenario, candidate)
    models = (scenario.deployments[index].model.name for index in scenario.deployment_of[rows])
    return next((int(row) for row, name in zip(rows, models, strict=True) if name == model), None)

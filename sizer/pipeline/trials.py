"""Tests of rules: the candidates that cases give, judged as candidates of a profile are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from attrs import frozen

from sizer.diagnostic import Diagnostic, Place
from sizer.judge import judge
from sizer.judge.coverage import Coverage, Goal
from sizer.judge.given import given_table
from sizer.load.cases import Cases, Tried
from sizer.load.question import RuleSet
from sizer.pipeline.differences import differences
from sizer.schema.trial import Suite, Trial

UNSEEN = "SZ604"


def suite_of(cases: Cases) -> Suite:
    """Try every case of a file, and find what no case shows of the rules under test."""
    groups = _groups(cases)
    trials = {each.index: trial for group in groups for each, trial in group.trials(cases)}
    goals: dict[Goal, bool] = {}
    for group in groups:
        for goal, reached in group.goals(cases):
            goals[goal] = goals.get(goal, False) or reached
    ordered = tuple(trials[index] for index in sorted(trials))
    missing = tuple(_unseen(cases, [goal for goal, reached in goals.items() if not reached]))
    return Suite(cases.document.file, ordered, len(goals), sum(goals.values()), missing)


def _groups(cases: Cases) -> list[_Group]:
    """Return the cases by the rules that judge them, which parameters make different."""
    by_rules: dict[int, list[Tried]] = {}
    for each in cases.tried:
        by_rules.setdefault(id(each.rules), []).append(each)
    groups = [_Group(tried[0].rules, tuple(tried)) for tried in by_rules.values()]
    return [_Group(cases.rules, ()), *groups]


@frozen(eq=False)
class _Group:
    rules: RuleSet
    tried: tuple[Tried, ...]

    def trials(self, cases: Cases) -> Iterator[tuple[Tried, Trial]]:
        policy = self.rules.policy
        verdicts = judge(policy, given_table([each.row for each in self.tried]))
        for row, each in enumerate(self.tried):
            place = cases.document.place(("case", each.index, "name"))
            found = differences(each.case.expect, each.row, policy, verdicts, row)
            yield each, Trial(each.case.name, place, tuple(found))

    def goals(self, cases: Cases) -> Iterator[tuple[Goal, bool]]:
        """Yield what there is to show of the rules that stand in the file under test."""
        coverage = Coverage(self.rules.policy, given_table([each.row for each in self.tried]))
        expected = [each.case.expect for each in self.tried]
        for index, origin in enumerate(self.rules.origins):
            if origin.document is cases.target:
                name = self.rules.rules[index].id
                asserted = [name in expect.rules for expect in expected]
                yield from coverage.of_rule(index, np.array(asserted, np.bool_))
        for index in range(len(self.rules.policy.where)):
            asserted = [expect.survives is not None for expect in expected]
            yield from coverage.of_where(index, np.array(asserted, np.bool_))


def _unseen(cases: Cases, goals: Sequence[Goal]) -> Iterator[Diagnostic]:
    """Yield one finding for each place at which something is not shown."""
    for _, here in groupby(goals, key=lambda goal: (goal.path, goal.span)):
        first, *others = here
        shown = " or ".join(goal.shown for goal in (first, *others))
        place = _place(cases, first)
        if first.span is None:
            said = f"no case expects that {first.text!a} {shown}"
            yield Diagnostic(UNSEEN, said, place, severity="warning")
        else:
            help_ = "write a case in which the rest of the rule leaves the decision to it"
            said = f"no case shows {first.text!a} {shown}"
            yield Diagnostic(UNSEEN, said, place, help_, "warning")


def _place(cases: Cases, goal: Goal) -> Place | None:
    path = goal.path
    match path:
        case ("rule", int(index), *rest):
            path = ("rule", cases.rules.origins[index].index, *rest)
    source = cases.target.source(path)
    return source[1](*goal.span) if source and goal.span else cases.target.place(path)

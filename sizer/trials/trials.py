"""Tests of rules: the candidates of cases, judged as candidates of a profile are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from attrs import evolve, field, frozen

from sizer.diagnostic import Diagnostic, Place
from sizer.judge import judge
from sizer.judge.case_table import given_table
from sizer.judge.coverage import Coverage, Goal
from sizer.judge.own_metrics import with_own_metrics
from sizer.load.cases import Cases, ReadCase
from sizer.load.question import RuleSet
from sizer.load.sites import real_file
from sizer.schema.answered.trial import Suite, Tested, Trial
from sizer.schema.table import Table
from sizer.structure.toml.document import Document
from sizer.trials.differences import Outcome, differences
from sizer.trials.subject import Subject
from sizer.trials.subjects import subject_of

UNSEEN = "SZ604"


def trials_of(files: Iterable[Cases]) -> Tested:
    """Try every case, and find what no case shows of the rules under test.

    Several files may try the same rules. Raises Problem where a profile cannot be estimated.
    """
    suites: list[Suite] = []
    goals: dict[Path, dict[Goal, bool]] = {}
    targets: dict[Path, Document] = {}
    for cases in files:
        groups = _groups(cases)
        trials = [trial for group in groups for trial in group.trials(cases)]
        ordered = tuple(sorted(trials, key=lambda trial: trial.index))
        suites.append(Suite(cases.document.file, ordered))
        path = real_file(cases.target.file)
        targets.setdefault(path, cases.target)
        found = goals.setdefault(path, {})
        for group in groups:
            for goal, reached in group.goals(cases):
                found[goal] = found.get(goal, False) or reached
    missing = [each for path, target in targets.items() for each in _unseen(target, goals[path])]
    flat = [reached for found in goals.values() for reached in found.values()]
    written = tuple(suite for suite in suites if suite.trials)
    return Tested(written, len(targets), len(flat), sum(flat), tuple(missing))


def _groups(cases: Cases) -> list[_Group]:
    """Return the cases by the rules that judge them, after a group without any."""
    by_rules: dict[int, list[ReadCase]] = {}
    for each in cases.tried:
        by_rules.setdefault(id(each.rules), []).append(each)
    groups = [_Group(tried[0].rules, tuple(tried)) for tried in by_rules.values()]
    return [_Group(cases.rules, ()), *groups]


@frozen(eq=False)
class _Group:
    rules: RuleSet
    tried: tuple[ReadCase, ...]
    standings: tuple[Subject, ...] = field(init=False)
    table: Table = field(init=False)

    @standings.default
    def _stand(self) -> tuple[Subject, ...]:
        return tuple(subject_of(each) for each in self.tried)

    @table.default
    def _tabulate(self) -> Table:
        table = given_table([each.metrics or {} for each in self.standings])
        return with_own_metrics(self.rules.policy, table) if self.tried else table

    def trials(self, cases: Cases) -> Iterator[Trial]:
        verdicts = judge(self.rules.policy, self.table)
        for row, (each, stood) in enumerate(zip(self.tried, self.standings, strict=True)):
            place = cases.document.place(("case", each.index, "name"))
            outcome = Outcome(self.rules.policy, verdicts, row, stood)
            found = outcome.found(each.case)
            told = tuple(differences(each.case, found, outcome))
            yield Trial(each.case.name, each.index, place, found, told)

    def goals(self, cases: Cases) -> Iterator[tuple[Goal, bool]]:
        """Yield what there is to show of the file under test, by paths in that file."""
        coverage = Coverage(self.rules.policy, self.table)
        for index, origin in enumerate(self.rules.origins):
            if _same(origin.document, cases.target):
                name = self.rules.rules[index].id
                rows = self._rows([name in each.case.expect.rules for each in self.tried])
                for goal, reached in coverage.of_rule(index, rows):
                    path = ("rule", origin.index, *goal.path[2:])
                    yield evolve(goal, path=path), reached
        question = self.rules.question
        if question is not None and _same(question.document, cases.target):
            asked = [each.case.expect for each in self.tried]
            rows = self._rows([each.survives is not None or bool(each.chosen) for each in asked])
            for index in range(len(question.profile.select.where)):
                yield from coverage.of_where(index, rows)

    def _rows(self, asserted: Sequence[bool]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which rows count: those of cases that expect something of a candidate there is."""
        there = [each.metrics is not None for each in self.standings]
        return np.array(asserted, np.bool_) & np.array(there, np.bool_)


def _same(document: Document, target: Document) -> bool:
    return document is target or real_file(document.file) == real_file(target.file)


def _unseen(target: Document, goals: Mapping[Goal, bool]) -> Iterator[Diagnostic]:
    """Yield one finding for each place at which something is not shown."""
    missed = [goal for goal, reached in goals.items() if not reached]
    for _, here in groupby(missed, key=lambda goal: (goal.path, goal.span)):
        first, *others = here
        shown = " or ".join(goal.shown for goal in (first, *others))
        place = _place(target, first)
        if first.span is None:
            said = f"no case expects that {first.text!a} {shown}"
            yield Diagnostic(UNSEEN, said, place, severity="warning")
        else:
            help_ = "write a case in which the rest of the rule leaves the decision to it"
            said = f"no case shows {first.text!a} {shown}"
            yield Diagnostic(UNSEEN, said, place, help_, "warning")


def _place(target: Document, goal: Goal) -> Place | None:
    source = target.source(goal.path)
    return source[1](*goal.span) if source and goal.span else target.place(goal.path)

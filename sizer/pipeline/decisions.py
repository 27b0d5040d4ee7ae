"""Why one candidate of each model was taken or refused, and what stands next to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from sizer.estimate import estimate, estimator
from sizer.estimate.columns import reads
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.pipeline import Asked, question_of, silent
from sizer.pipeline.answers import EVERYTHING, nearest
from sizer.pipeline.blocks import Kept, Progress, Rows, needed, sift
from sizer.resolve import Resolved, resolve
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.answered.decision import Alternative, Axis, Decision
from sizer.schema.metrics import registry
from sizer.schema.scenario import Scenario
from sizer.schema.table import Table
from sizer.select import Order, candidate_id, identity, row_of
from sizer.select.judgements import judgements
from sizer.select.neighbours import along, named, neighbours


def decisions(
    question: Asked,
    candidate: str | None = None,
    *,
    progress: Progress = silent,
    facts: Facts = CATALOG,
) -> tuple[Decision, ...]:
    """Return a decision for each model that has the candidate; a question as `size` takes it.

    Without a name it is the one that was chosen or, if nothing survives, the nearest miss; a model
    without any candidate has no decision. Raises Problem as resolve does.
    """
    asked = question_of(question)
    resolved = resolve(asked.profile, asked.folder, asked.place, facts, asked.prices)
    kept = sift(resolved.scenario, asked.policy, resolved.models, None, progress)
    court = _Explainer(resolved, asked.policy, asked.profile.select.sort, kept)
    rows = court.usual() if candidate is None else named(resolved.scenario, candidate).tolist()
    return tuple(court.decision(row) for row in rows)


def candidates(question: Asked, facts: Facts = CATALOG) -> tuple[str, ...]:
    """Return the names of all candidates, each once. Raises Problem as resolve does."""
    asked = question_of(question)
    scenario = resolve(asked.profile, asked.folder, asked.place, facts, asked.prices).scenario
    names = (candidate_id(scenario, row) for row in range(len(scenario)))
    return tuple(dict.fromkeys(names))


@frozen(eq=False)
class _Explainer:
    """Explains rows of a scenario that was judged."""

    resolved: Resolved
    policy: Policy
    sort: str
    kept: Kept

    @property
    def scenario(self) -> Scenario:
        return self.resolved.scenario

    def usual(self) -> list[int]:
        """Return the row of each model that a reader asks about first."""
        found = []
        for number in range(len(self.resolved.models)):
            ordered = self._ordered(number)
            misses = self.kept.models[number].misses
            if len(ordered):
                found.append(int(ordered[0]))
            elif len(misses):
                found.append(nearest(self.scenario, misses, self.policy))
        return found

    def decision(self, row: int) -> Decision:
        """Return why a row was taken or refused."""
        name = self.scenario.deployments[self.scenario.deployment_of[row]].model.name
        number = self.resolved.models.index(name)
        ordered = self._ordered(number)
        ranked, known = np.flatnonzero(ordered == row), self.kept.models[number].lead.is_known
        table = self._table(np.array([row]), EVERYTHING)
        metrics = row_of(table, 0)
        first = row_of(self._table(ordered[:1], EVERYTHING), 0) if len(ordered) else {}
        verdicts = judge(self.policy, table)
        return Decision(
            model=name,
            candidate=candidate_id(self.scenario, row),
            candidates=int(self.kept.funnel.candidates[number]),
            survivors=len(ordered),
            rank=int(ranked[0]) + 1 if len(ranked) else None,
            sort=self.sort,
            metrics=metrics,
            chosen=candidate_id(self.scenario, int(ordered[0])) if known else None,
            standing=tuple((k.name, metrics[k.name], first.get(k.name)) for k in self.policy.sort),
            judgements=tuple(judgements(metrics, self.policy, verdicts, 0, self._inputs)),
            alternatives=tuple(
                self._alternative(axis, rows)
                for axis, rows in neighbours(self.scenario, row).items()
                if len(rows)
            ),
        )

    def _alternative(self, axis: Axis, rows: Rows) -> Alternative:
        """Return how many rows pass, and the best of them."""
        few = self.scenario.take(rows)
        table = estimate(few, needed(self.policy))
        passing = np.ones(len(few), np.bool_)
        for verdict in judge(self.policy, table):
            passing &= verdict.admits
        order = Order.of(self.policy.sort, table, identity(few))
        first = order.best(np.flatnonzero(passing), None)
        name = candidate_id(few, int(first[0])) if len(first) else None
        values = tuple(dict.fromkeys(along(few, int(row), axis) for row in first))
        return Alternative(axis, name, len(few), int(passing.sum()), values)

    def _ordered(self, number: int) -> Rows:
        """Return the survivors of a model, best first."""
        rows = self.kept.models[number].survivors
        table, few = self._table(rows, needed(self.policy)), self.scenario.take(rows)
        order = Order.of(self.policy.sort, table, identity(few))
        ordered: Rows = rows[order.best(np.arange(len(rows)), None)]
        return ordered

    def _inputs(self, metric: str) -> tuple[str, ...]:
        """Return the metrics from which another is computed; none if it is a fact."""
        term = estimator(self.scenario.estimator).terms.get(metric)
        return tuple(name for name in reads(term) if name in registry()) if term else ()

    def _table(self, rows: Rows, names: Sequence[str]) -> Table:
        return estimate(self.scenario.take(rows), names)

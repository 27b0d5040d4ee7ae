"""Why one candidate of each model was taken or refused, and what stands next to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from sizer.estimate import estimate, estimator_of
from sizer.estimate.columns import reads
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.judge.own_metrics import own_metrics, with_own_metrics
from sizer.pipeline import Asked, question_of, silent
from sizer.pipeline.answers import judged
from sizer.pipeline.blocks import Progress, sift
from sizer.pipeline.candidate_rows import Rows, at_every_load, rows_of_each, whole
from sizer.pipeline.default_sort import resolved_question
from sizer.pipeline.judging import needed, survive
from sizer.pipeline.kept import Kept
from sizer.pipeline.search import sought, stopped_by
from sizer.pipeline.shortfall import enough_replicas, relief, shortfall
from sizer.resolve import Resolved
from sizer.resolve.facts import CATALOG, Facts
from sizer.resolve.notes import memory_notes
from sizer.schema.answered.assumption import LoggedLoad
from sizer.schema.answered.decision import Alternative, Axis, Decision
from sizer.schema.metrics import registry
from sizer.schema.scenario import Scenario
from sizer.schema.table import Table
from sizer.select import (
    Candidates,
    Order,
    candidate_id,
    identity,
    row_of,
    whole_name,
)
from sizer.select.judgements import judgements
from sizer.select.neighbours import along, named, neighbours
from sizer.select.overload import overload_of
from sizer.workers import ALONE, Workers


def decisions(
    question: Asked,
    candidate: str | None = None,
    *,
    progress: Progress = silent,
    facts: Facts = CATALOG,
    workers: Workers = ALONE,
) -> tuple[Decision, ...]:
    """Return a decision for each model that has the candidate; a question as `size` takes it.

    Without a name it is the one that was chosen or, if nothing survives, the nearest miss; a model
    without any candidate has no decision. Raises Problem as resolve does.
    """
    asked, resolved = resolved_question(question_of(question), facts)
    kept = sift(resolved.scenario, asked.policy, resolved.models, None, progress, workers)
    court = _Explainer(resolved, asked.policy, asked.profile.select.sort, kept)
    asked_about = court.usual() if candidate is None else court.called(candidate)
    return tuple(court.decision(rows) for rows in asked_about)


def candidates(question: Asked, facts: Facts = CATALOG) -> tuple[str, ...]:
    """Return the names of all candidates, each once. Raises Problem as resolve does."""
    asked = question_of(question)
    scenario = resolved_question(asked, facts)[1].scenario
    rows = range(len(scenario))
    names = (candidate_id(scenario, row) for row in rows)
    several = not asked.policy.any_load and len(scenario.loads) > 1
    wholes = (whole_name(scenario, row) for row in rows if several)
    return tuple(dict.fromkeys((*wholes, *names)))


@frozen(eq=False)
class _Explainer:
    """Explains rows of a scenario that was judged."""

    resolved: Resolved
    policy: Policy
    sort: str
    kept: Kept

    @property
    def _sorted_by(self) -> tuple[str, ...]:
        return tuple(key.name for key in self.policy.sort)

    @property
    def scenario(self) -> Scenario:
        return self.resolved.scenario

    def usual(self) -> list[Rows]:
        """Return the rows of the candidate of each model that a reader asks about first."""
        found = []
        for number in range(len(self.resolved.answered)):
            ordered, misses = self._ordered(number), self.kept.models[number].misses
            if ordered:
                found.append(ordered[0])
            elif len(misses):
                found.append(at_every_load(self.scenario, misses.rows, self.policy))
        return found

    def called(self, candidate: str) -> list[Rows]:
        """Return the rows of each candidate that has a name, of one load point or of all."""
        rows = whole(self.scenario, named(self.scenario, candidate), self.policy)
        starts = Candidates.of(self.scenario.take(rows), any_load=self.policy.any_load).firsts
        return [each for each in np.split(rows, starts[1:]) if len(each)]

    def decision(self, rows: Rows) -> Decision:
        """Return why a candidate was taken or refused, by the load point that decides."""
        few = judged(self.scenario, rows, self.policy)
        row, at, one = few.deciding(0), few.few, len(rows) == 1
        name = at.deployments[at.deployment_of[row]].model.name
        number = 0 if self.scenario.across else self.resolved.models.index(name)
        ordered, known = self._ordered(number), self.kept.models[number].lead.chooses(self.policy)
        rank = next((n for n, each in enumerate(ordered, 1) if np.isin(rows, each).any()), None)
        metrics, alone = row_of(few.table, row), at.take(np.array([row]))
        lacking = overload_of(metrics)
        chosen = judged(self.scenario, ordered[0], self.policy).choice(0) if ordered else None
        standing = chosen.metrics if chosen else {}
        return Decision(
            model=name,
            candidate=candidate_id(at, row) if one else few.name(row),
            candidates=int(self.kept.funnel.candidates[number]),
            survivors=len(ordered),
            rank=rank,
            sort=self.sort,
            metrics=metrics,
            chosen=chosen.candidate if chosen and known else None,
            standing=tuple((n, metrics[n], standing.get(n)) for n in self._sorted_by),
            judgements=tuple(judgements(few, 0, self._inputs)),
            alternatives=tuple(
                self._alternative(axis, others, any_load=one or axis == "load")
                for axis, others in neighbours(self.scenario, self._row(rows, at, row)).items()
                if len(others)
            ),
            load=None if one else few.load(row),
            overload=enough_replicas(alone, lacking) if lacking else None,
            shortfall=shortfall(alone),
            relief=relief(alone),
            own_metrics=own_metrics(self.policy),
            unsure=tuple(dict.fromkeys(memory_notes(alone))),
            stopped_by=stopped_by(at, self.policy),
            traffic=next(
                (each for each in self.resolved.assumptions if isinstance(each, LoggedLoad)), None
            ),
        )

    def _row(self, rows: Rows, few: Scenario, row: int) -> int:
        """Return where the scenario has a row of a few."""
        same = self.scenario.take(rows).load_of == few.load_of[row]
        return int(rows[np.flatnonzero(same)[0]])

    def _alternative(self, axis: Axis, rows: Rows, *, any_load: bool) -> Alternative:
        """Return how many candidates pass, and the best: of one load point each, or of all."""
        if not any_load:
            rows = at_every_load(self.scenario, rows, self.policy)
        few = self._few(rows)
        candidates = Candidates.of(few, any_load=any_load)
        table = with_own_metrics(self.policy, estimate(few, needed(self.policy)))
        ended = [candidates.ended(each) for each in judge(self.policy, table)]
        passing = np.flatnonzero(survive(ended, len(candidates)))
        order = candidates.order(Order.of(self.policy.sort, table, identity(few)))
        first = candidates.firsts[order.best(passing, None)]
        named = candidate_id if candidates.starts is None else whole_name
        name = named(few, int(first[0])) if len(first) else None
        values = tuple(dict.fromkeys(along(few, int(row), axis) for row in first))
        return Alternative(axis, name, len(candidates), len(passing), values)

    def _ordered(self, number: int) -> list[Rows]:
        """Return the rows of each survivor of a model, the best first."""
        firsts = self.kept.models[number].survivors.ordered
        return rows_of_each(self.scenario, firsts, self.policy)

    def _inputs(self, metric: str) -> tuple[str, ...]:
        """Return the metrics from which another is computed; none if it is a fact."""
        term = estimator_of(self.scenario).terms.get(metric)
        return tuple(name for name in reads(term) if name in registry()) if term else ()

    def _table(self, rows: Rows, names: Sequence[str]) -> Table:
        return with_own_metrics(self.policy, estimate(self._few(rows), names))

    def _few(self, rows: Rows) -> Scenario:
        return sought(self.scenario.take(rows), self.policy)

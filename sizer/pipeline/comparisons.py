"""The same candidates by several estimators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sizer.estimate import described, estimate
from sizer.estimate.engine import CALIBRATED
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.judge.own_metrics import own_metrics, with_own_metrics
from sizer.pipeline import Asked, question_of, silent
from sizer.pipeline.blocks import Progress
from sizer.pipeline.candidate_rows import Rows, whole
from sizer.pipeline.default_sort import resolved_question
from sizer.pipeline.judging import needed
from sizer.pipeline.search import sought
from sizer.resolve import Resolved
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.answered.comparison import Chosen, Compared, Comparison, Figure, Tally
from sizer.schema.answered.report import Value
from sizer.schema.metrics import registry
from sizer.schema.scenario import Scenario
from sizer.schema.table import Column, Table
from sizer.select import Candidates, Order, candidate_id, identity, whole_name
from sizer.workers import ALONE, Chunk, Workers, run

METRICS = ("ttft_ms", "itl_ms", "tokens_per_second", "memory_required_gib", "max_concurrency")
CHUNK_ROWS = 1024  # aiconfigurator takes milliseconds for a candidate
Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]


def compare(
    question: Asked,
    estimators: Sequence[str],
    share: float,
    metrics: Sequence[str] = METRICS,
    limit: int | None = None,
    *,
    progress: Progress = silent,
    facts: Facts = CATALOG,
    workers: Workers = ALONE,
) -> Comparison:
    """Return what each estimator says of a profile's candidates; a question as `size` takes it.

    They disagree where the largest figure is more than `share` above the smallest. `metrics` may be
    the profile's own. `limit` candidates of each model are listed. Raises Problem as `size` does.
    """
    asked, resolved = resolved_question(question_of(question), facts)
    ends = [end for metric in metrics for end in _ends(metric)]
    ours = (each for each in metrics if each not in asked.policy.metrics)
    names = tuple(dict.fromkeys((*needed(asked.policy), *ours, *ends)))
    scenario, steps = resolved.scenario, len(estimators) * len(resolved.scenario)
    tables = []
    for number, name in enumerate(estimators):
        told = _told(progress, number * len(scenario), steps)
        asked_of = sought(evolve(scenario, estimator=name), asked.policy, names)
        table = _table(asked_of, names, told, workers.within(name))
        tables.append(with_own_metrics(asked.policy, table))
    alive = [_survivors(asked.policy, table, len(scenario)) for table in tables]
    bench = _Estimates(resolved, asked.policy, tables, alive, share, tuple(metrics))
    return Comparison(
        profile=asked.document.file,
        estimators=tuple(estimators),
        sources=tuple(described(evolve(scenario, estimator=name)) for name in estimators),
        share=share,
        candidates=len(scenario),
        tallies=tuple(map(bench.tally, metrics)),
        chosen=tuple(bench.chosen(model) for model in resolved.answered),
        compared=tuple(bench.compared(limit)),
        confidence=scenario.confidence or CALIBRATED,
        own_metrics=own_metrics(asked.policy),
    )


def _ends(metric: str) -> tuple[str, ...]:
    """Return the metrics that are the low and the high of one, if it has them."""
    names = (f"{metric}_low", f"{metric}_high")
    return names if all(name in registry() for name in names) else ()


def _told(progress: Progress, before: int, total: int) -> Progress:
    return lambda done, _: progress(before + done, total)


@frozen(eq=False)
class _Estimating:
    """Estimates the named metrics of some of a scenario's rows."""

    scenario: Scenario
    names: tuple[str, ...]

    def __call__(self, chunk: Chunk[slice]) -> Table:
        return estimate(self.scenario.take(chunk.work), self.names)


def _table(
    scenario: Scenario, names: tuple[str, ...], progress: Progress, workers: Workers
) -> Table:
    starts = range(0, len(scenario), CHUNK_ROWS)
    slices = [slice(first, first + CHUNK_ROWS) for first in starts]
    found: dict[int, Table] = {}
    with closing(run(_Estimating(scenario, names), slices, workers)) as estimated:
        for chunk, table in estimated:
            found[chunk.number] = table
            progress(sum(len(each[names[0]]) for each in found.values()), len(scenario))
    tables = [found[number] for number in sorted(found)]
    return {
        name: Column(
            np.concatenate([each[name].values for each in tables]), tables[0][name].vocabulary
        )
        for name in names
    }


def _survivors(policy: Policy, table: Table, count: int) -> Truths:
    alive = np.ones(count, np.bool_)
    for verdict in judge(policy, table):
        alive &= verdict.admits
    return alive


@frozen(eq=False)
class _Estimates:
    """The tables of all estimators over one scenario, and who survives by each."""

    resolved: Resolved
    policy: Policy
    tables: Sequence[Table]
    alive: Sequence[Truths]
    share: float
    metrics: tuple[str, ...]

    def tally(self, metric: str) -> Tally:
        """Return how far a metric agrees over all candidates."""
        figures = self._figures(metric)
        spread = _spread(figures)
        compared = ~np.isnan(spread)
        first, *others = figures[:, compared]
        return Tally(
            metric,
            tuple(int(np.count_nonzero(~np.isnan(each))) for each in figures),
            int(np.count_nonzero(compared)),
            int(np.count_nonzero(spread > self.share)),
            tuple(float(np.median(each / first)) - 1.0 if len(first) else None for each in others),
        )

    def chosen(self, model: str) -> Chosen:
        """Return what each estimator's figures choose for a model."""
        mine = self._of_model(model)
        told = zip(self.alive, self.tables, strict=True)
        return Chosen(model, tuple(self._best(mine, alive, table) for alive, table in told))

    def compared(self, limit: int | None) -> Iterable[Compared]:
        """Yield candidates side by side: what all know and would take comes first."""
        scenario, table = self.resolved.scenario, self.tables[0]
        spreads = [_spread(self._figures(metric)) for metric in self.metrics]
        unknown = np.count_nonzero(np.isnan(spreads), axis=0)
        refused = np.count_nonzero(~np.array(self.alive), axis=0)
        for model in self.resolved.answered:
            ranked = Order.of(self.policy.sort, table, identity(scenario))
            rows = ranked.best(self._of_model(model), None)
            order = np.lexsort((refused[rows], unknown[rows]))
            for row in rows[order[:limit]]:
                keeps = tuple(bool(each[row]) for each in self.alive)
                figures = tuple(
                    self._figure(metric, int(row), float(spread[row]))
                    for metric, spread in zip(self.metrics, spreads, strict=True)
                )
                yield Compared(model, candidate_id(scenario, int(row)), keeps, figures)

    def _figure(self, metric: str, row: int, spread: float) -> Figure:
        values = tuple(table[metric].cell(row) for table in self.tables)
        known = None if np.isnan(spread) else spread
        intervals = tuple(self._interval(metric, row, table) for table in self.tables)
        return Figure(metric, values, known, known is not None and known > self.share, intervals)

    def _interval(self, metric: str, row: int, table: Table) -> tuple[Value, Value]:
        low, high = (
            (table[end].cell(row) for end in _ends(metric)) if _ends(metric) else (None, None)
        )
        return low, high

    def _figures(self, metric: str) -> Numbers:
        """Return a row of figures for each estimator; what is not above 0 cannot be compared."""
        values = np.array([table[metric].values for table in self.tables], np.float64)
        return np.where(values > 0, values, np.nan)

    def _of_model(self, model: str) -> Rows:
        scenario = self.resolved.scenario
        if scenario.across:
            return np.arange(len(scenario))
        mine = np.array([each.model.name == model for each in scenario.deployments], np.bool_)
        return np.flatnonzero(mine[scenario.deployment_of])

    def _best(self, rows: Rows, alive: Truths, table: Table) -> str | None:
        """Return the candidate that is chosen of some rows; a candidate survives if its rows do."""
        scenario, any_load = self.resolved.scenario, self.policy.any_load
        rows = whole(scenario, rows, self.policy)
        few = scenario.take(rows)
        candidates = Candidates.of(few, any_load=any_load)
        order = Order.of(self.policy.sort, _taken(table, rows), identity(few))
        living = np.flatnonzero(~candidates.any(~alive[rows]))
        if not candidates.order(order).lead(living).chooses(self.policy):
            return None
        first = candidates.firsts[candidates.order(order).best(living, 1)[0]]
        named = candidate_id if candidates.starts is None else whole_name
        return named(few, int(first))


def _taken(table: Table, rows: Rows) -> Table:
    return {name: column.take(rows) for name, column in table.items()}


def _spread(figures: Numbers) -> Numbers:
    """Return the largest over the smallest of each column, less 1; unknown where one is."""
    with np.errstate(invalid="ignore"):  # unbounded over unbounded
        spread: Numbers = np.max(figures, axis=0) / np.min(figures, axis=0) - 1.0
    return spread

"""An estimator: terms over columns, in chunks that stay in a processor's cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import numpy as np
from attrs import field, frozen

from sizer.estimate.columns.again import Again
from sizer.estimate.columns.axes import AXIS_OF, COLUMNS
from sizer.estimate.columns.graph import following, plan, reads
from sizer.estimate.columns.idle import idle
from sizer.estimate.columns.in_service import Booleans, Offered, balanced
from sizer.estimate.columns.inputs import Inputs
from sizer.estimate.columns.quantity import Term
from sizer.schema.facts.calibration import Calibration
from sizer.schema.metrics import registry
from sizer.schema.scenario import Scenario
from sizer.schema.table import Column, Table, Values

BLOCK_ROWS = 16_384  # so many stay in a processor's cache
Base = Callable[[Inputs, Values], dict[str, Column]]
Planned = tuple[list[Term], list[Term]]
LOADED = "loaded_concurrency"  # in flight in a closed loop, in service under a rate
BUSIEST = "busiest_ratio"
AWAY = "prefill_replicas"
PLACED = frozenset(AXIS_OF) - frozenset(COLUMNS["load"])


def nothing(_: Inputs, __: Values) -> dict[str, Column]:
    """Return no column: the terms compute everything from the inputs."""
    return {}


@frozen(eq=False)
class Estimator:
    """Terms by name, and `base`: the columns that they start from beside the inputs.

    `source` says what the figures come from. `base` is given some rows of a scenario and the
    requests in flight in each of them, where a term needs one of the columns that it `gives`.
    `again` names columns that are another one under another load.
    `in_flight` says how many are, for an estimator that finds them otherwise than by the next two.
    `held` is how long an attention group holds a request, `most` how many it holds: a rate sets
    the requests in service by these. `apart` estimates rows of which some read prompts apart;
    without it all of those but facts is unknown. `block_rows` is how many candidates whoever hands
    them out should give at a time, `chunk_blocks` how many such blocks to another process.
    """

    terms: Mapping[str, Term]
    source: Callable[[Scenario], str]
    base: Base = nothing
    gives: frozenset[str] = frozenset()
    again: Mapping[str, Again] = field(factory=dict)
    in_flight: Callable[[Inputs], Column] | None = None
    apart: Callable[[Scenario, tuple[str, ...]], Table] | None = None
    held: str = "cycle_seconds"
    most: str = "admitted_requests"
    block_rows: int = BLOCK_ROWS
    chunk_blocks: int = 16  # a quarter of a second, so that sending them costs nothing
    _plans: dict[tuple[tuple[str, ...], tuple[str, ...]], Planned] = field(factory=dict)

    def estimate(self, scenario: Scenario, names: Iterable[str]) -> Table:
        """Return the named metrics of every candidate.

        Raises LookupError when a name is not a metric of this estimator.
        """
        wanted = tuple(dict.fromkeys(names))
        chunks = list(self.chunks(scenario, wanted)) or [self._chunk(scenario, wanted)]
        return {name: _joined([chunk[name] for chunk in chunks]) for name in wanted}

    def chunks(self, scenario: Scenario, names: tuple[str, ...]) -> Iterator[Table]:
        """Yield the named metrics of a block at a time, in order: memory is bounded."""
        for start in range(0, len(scenario), self.block_rows):
            yield self._chunk(scenario.take(slice(start, start + self.block_rows)), names)

    def predictor(
        self, scenario: Scenario, names: Iterable[str]
    ) -> Callable[[Calibration], dict[str, Values]]:
        """Return what estimates the named metrics of a scenario under any calibration.

        Requests in flight that a request rate sets are those under the first one.
        """
        inputs, wanted = Inputs.of(scenario), tuple(names)
        concurrency = self._concurrency(inputs)

        def predict(constants: Calibration) -> dict[str, Values]:
            tuned = inputs.recalibrated(constants)
            table = self.computed(tuned, wanted, concurrency)
            return {name: column.values for name, column in table.items()}

        return predict

    def _chunk(self, rows: Scenario, wanted: tuple[str, ...]) -> Table:
        inputs = Inputs.of(rows)
        away = inputs.column(AWAY).values > 0
        if self.apart is not None and away.any():
            return self.apart(rows, wanted)
        found = self.settled(inputs, wanted)
        return _unknown_of(found, away) if away.any() else found

    def settled(self, inputs: Inputs, wanted: tuple[str, ...]) -> Table:
        """Return columns of rows, whose requests in flight are found first."""
        return self.computed(inputs, wanted, self._concurrency(inputs))

    def _concurrency(self, inputs: Inputs) -> Column:
        if self.in_flight is not None:
            return self.in_flight(inputs)
        if any(load.concurrency is None for load in inputs.scenario.loads):
            return Column(self._settled(inputs))
        return inputs.column("asked_concurrency")

    def computed(self, inputs: Inputs, wanted: tuple[str, ...], concurrency: Column) -> Table:
        """Return columns of rows whose requests in flight are known."""
        constant = {name: x for name, x in idle(inputs.axes).items() if name in self.terms}
        placed, others = self._plan(wanted, tuple(constant))
        _fill(inputs.placed.table, placed, inputs.placed.inputs.column)
        read_columns = {*wanted, *(name for term in others for name in reads(term))}
        based = not self.gives.isdisjoint(read_columns)
        table = self.base(inputs, concurrency.values) if based else {}
        table[LOADED] = concurrency
        for name, value in constant.items():
            table[name] = Column(np.broadcast_to(value, len(inputs.scenario)))

        def read(name: str) -> Column:
            if name in self.again:
                return self._again(inputs, self._alike(name, read_columns), concurrency, table)
            return inputs.column(name) if name in AXIS_OF else inputs.placed.column(name)

        _fill(table, others, read)
        return {name: table[name] if name in table else read(name) for name in wanted}

    def _alike(self, name: str, read_columns: AbstractSet[str]) -> tuple[str, ...]:
        """Return a column under another load, and all others of that load that are read."""
        load = self.again[name].load
        also = sorted(read_columns & self.again.keys() - {name})
        return (name, *(each for each in also if self.again[each].load == load))

    def _again(
        self,
        inputs: Inputs,
        names: tuple[str, ...],
        concurrency: Column,
        table: dict[str, Column],
    ) -> Column:
        """Add columns under another load to a table, and return the first of them."""
        asked = self.again[names[0]]
        wanted = tuple(dict.fromkeys(self.again[each].column for each in names))
        if asked.in_flight is not None:
            other = self.computed(inputs, (asked.in_flight,), concurrency)[asked.in_flight]
            found = self.computed(inputs, wanted, other)
        else:
            found = self._at_other_rate(inputs, wanted, str(asked.rate_over))
        table.update({each: found[self.again[each].column] for each in names})
        return table[names[0]]

    def _at_other_rate(self, inputs: Inputs, wanted: tuple[str, ...], over: str) -> Table:
        rate = inputs.column("request_rate").values
        if np.isnan(rate).all():
            return dict.fromkeys(wanted, Column(rate))
        other = inputs.at_rates(rate / inputs.column(over).values)
        return self.settled(other, wanted)

    def _plan(self, wanted: tuple[str, ...], constant: tuple[str, ...]) -> Planned:
        """Return the terms that no load changes, and the others but those that are `constant`."""
        if (wanted, constant) not in self._plans:
            given = self.gives.union(self.again, (LOADED,), constant)
            terms = plan(self.terms, given.union(AXIS_OF), wanted)
            placed = following(terms, PLACED - given)
            self._plans[wanted, constant] = placed, [each for each in terms if each not in placed]
        return self._plans[wanted, constant]

    def _settled(self, inputs: Inputs) -> Values:
        """Find the requests in service under a rate or under users; unknown under overload."""
        ranks = inputs.column("replicas").values * inputs.column("dp").values
        limits = self.computed(inputs, (self.most, BUSIEST), Column(ranks))
        offered = Offered(
            inputs.column("request_rate").values / ranks,
            inputs.column("users").values / ranks,
            inputs.column("think_time_s").values,
            limits[BUSIEST].values,
        )

        def held_s(in_service: Values) -> Values:
            table = self.computed(inputs, (self.held,), Column(in_service * ranks))
            return table[self.held].values

        settled = balanced(offered, limits[self.most].values, held_s) * ranks
        asked = inputs.column("asked_concurrency").values
        return np.where(np.isnan(asked), settled, asked)


def _unknown_of(table: Table, rows: Booleans) -> dict[str, Column]:
    """Return a table in which all but facts are unknown of some rows."""
    found = dict(table)
    for name in table.keys() - AXIS_OF.keys():
        column = table[name]
        unknown = np.nan if column.values.dtype.kind == "f" else -1
        found[name] = Column(
            np.where(rows, unknown, column.values).astype(column.values.dtype), column.vocabulary
        )
    return found


def _fill(table: dict[str, Column], terms: list[Term], read: Callable[[str], Column]) -> None:
    """Add what terms compute that is not there, and what they read of what is not."""
    for term in terms:
        if term.__name__ in table:
            continue
        for name in reads(term):
            if name not in table:
                table[name] = read(name)
        values = term(*(table[name].values for name in reads(term)))
        table[term.__name__] = Column(values, _vocabulary(term.__name__))


def _vocabulary(name: str) -> tuple[str, ...] | None:
    metric = registry().get(name)
    return metric.members if metric is not None and metric.kind == "text" else None


def _joined(columns: list[Column]) -> Column:
    if len(columns) == 1:
        return columns[0]
    return Column(np.concatenate([each.values for each in columns]), columns[0].vocabulary)

"""A few candidates as they are shown: choices with their findings, and the nearest miss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
from attrs import frozen

from sizer.expr.check import Policy
from sizer.expr.evaluate import evaluate_row
from sizer.expr.explain import margin
from sizer.expr.language import Expression
from sizer.schema.answered.report import (
    Bound,
    Choice,
    Finding,
    NearMiss,
    Reasoning,
    Value,
    WaivedBy,
)
from sizer.schema.scenario import Scenario
from sizer.schema.table import Table
from sizer.schema.verdict import FAILS, HOLDS, NOT_APPLICABLE, Verdict
from sizer.select.candidates import Candidates
from sizer.select.identity import candidate_id, identity, load_name, whole_name
from sizer.select.lead import Lead
from sizer.select.order import Order, tie_keys
from sizer.select.overload import overload_of


@frozen(eq=False)
class Judged:
    """A few rows with every metric and their verdicts, and the candidates that they are.

    `of_rows` is the order of rows, `order` that of candidates.
    """

    few: Scenario
    policy: Policy
    table: Table
    verdicts: Sequence[Verdict]
    candidates: Candidates
    of_rows: Order
    order: Order

    @classmethod
    def of(
        cls,
        few: Scenario,
        policy: Policy,
        table: Table,
        verdicts: Sequence[Verdict],
        *,
        any_load: bool,
    ) -> Judged:
        """Return the candidates of rows, those of a deployment one after the other."""
        candidates = Candidates.of(few, any_load=any_load)
        of_rows = Order.of(policy.sort, table, identity(few))
        return cls(few, policy, table, verdicts, candidates, of_rows, candidates.order(of_rows))

    @property
    def ordered(self) -> list[int]:
        """The candidates, best first."""
        return list(map(int, self.order.best(np.arange(len(self.candidates)), None)))

    def worst_first(self, candidate: int) -> list[int]:
        """Return the rows of a candidate, the one that ranks last first."""
        rows = self.candidates.rows_of(np.array([candidate]))
        return list(map(int, self.of_rows.best(rows, None)[::-1]))

    def deciding(self, candidate: int) -> int:
        """Return the row that breaks most conditions, of several the one that ranks last."""
        rows = self.worst_first(candidate)
        return max(rows, key=lambda row: sum(not each.admits[row] for each in self.verdicts))

    def name(self, row: int) -> str:
        """Return what the candidate of a row is called."""
        if self.candidates.starts is None:
            return candidate_id(self.few, row)
        return whole_name(self.few, row)

    def load(self, row: int) -> str | None:
        """Return the load point of a row, where a candidate has several."""
        if self.candidates.starts is None:
            return None
        return load_name(self.few.loads[self.few.load_of[row]])

    def reasoning(self, lead: Lead) -> Reasoning:
        """Return what put the first candidate before the others, of which the second is here."""
        first, *second = self.ordered[:2]
        parted = self.order.parting(first, second[0]) if lead.count > 1 else None
        first_key, ties = self.policy.sort[0], tie_keys(self.policy.sort)
        row = self.worst_first(first)[0]
        known = (key for key in self.policy.sort if self.table[key.name].cell(row) is not None)
        key = next(known, first_key)
        extreme: Literal["highest", "lowest"] = "highest" if key.descending else "lowest"
        return Reasoning(
            metric=key.name,
            extreme=extreme,
            value=self.table[key.name].cell(row),
            tied=lead.count - 1,
            on=tuple(key.name for key in self.policy.sort),
            then=None if parted is None else ties[parted].name,
            unit=self._unit(key.name),
            instead_of=None if key is first_key else first_key.name,
        )

    def _unit(self, metric: str) -> str | None:
        own = self.policy.metrics.get(metric)
        return None if own is None else own.unit

    def choice(self, candidate: int) -> Choice:
        """Return a candidate with what its rules below `error` say, by the load it is worst at."""
        rows = self.worst_first(candidate)
        metrics, findings = row_of(self.table, rows[0]), tuple(self._findings(rows))
        return Choice(self.name(rows[0]), metrics, findings, self.load(rows[0]))

    def near_miss(self, candidate: int) -> NearMiss:
        """Return a refused candidate with every comparison that it does not pass."""
        rows, most = self.worst_first(candidate), self.deciding(candidate)
        bounds = tuple(
            bound for number in range(len(self.verdicts)) for bound in self._bounds(number, rows)
        )
        metrics = row_of(self.table, most)
        return NearMiss(self.name(most), metrics, bounds, self.load(most), overload_of(metrics))

    def _bounds(self, number: int, rows: Sequence[int]) -> list[Bound]:
        """Return what of a condition is not passed, at the row that misses it by most."""
        out = [row for row in rows if not self.verdicts[number].admits[row]]
        found = [list(self._missed(number, row)) for row in out]
        return max(
            found,
            key=lambda bounds: max((b.margin or 0.0 for b in bounds), default=0.0),
            default=[],
        )

    def _missed(self, number: int, row: int) -> Iterator[Bound]:
        label, load = self.verdicts[number].label, self.load(row)
        for atom in margin(_expressions(self.policy)[number], row_of(self.table, row)):
            if atom.holds is not atom.wanted:
                yield Bound(label, atom.text, atom.left, atom.right, atom.margin, load)

    def _findings(self, rows: Sequence[int]) -> Iterator[Finding]:
        rules = zip(self.policy.rules, self.verdicts[len(self.policy.where) :], strict=True)
        for compiled, verdict in rules:
            broken = (row for row in rows if verdict.outcome[row] not in {HOLDS, NOT_APPLICABLE})
            row = next(broken, None)
            if row is None:
                continue
            metrics, rule = row_of(self.table, row), compiled.rule
            told = "fails" if verdict.outcome[row] == FAILS else "unknown"
            waiver = waiver_of(rule.id, self.policy, metrics)
            said = compiled.said(metrics)
            yield Finding(rule.id, rule.level, told, said, waiver, self.load(row))


def row_of(table: Table, row: int) -> dict[str, Value]:
    """Return every metric of one row as plain values."""
    return {name: column.cell(row) for name, column in table.items()}


def waiver_of(rule: str, policy: Policy, metrics: Mapping[str, Value]) -> WaivedBy | None:
    """Return who waived a rule for a candidate, the first of several."""
    for each in policy.waivers:
        waiver = each.waiver
        if waiver.rule == rule and evaluate_row(each.match, metrics) is True:
            return WaivedBy(waiver.owner, str(waiver.expires), waiver.reason, waiver.ticket)
    return None


def _expressions(policy: Policy) -> list[Expression]:
    return [*policy.where, *(compiled.require for compiled in policy.rules)]

"""One model's answer: choices with their findings, the reasoning and the nearest miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sizer.expr.check import Policy
from sizer.expr.evaluate import evaluate_row
from sizer.expr.explain import margin
from sizer.expr.language import Expression, SortKey
from sizer.schema.answered.report import (
    Bound,
    Choice,
    Finding,
    NearMiss,
    Reasoning,
    Value,
    WaivedBy,
)
from sizer.schema.table import Table
from sizer.schema.verdict import FAILS, HOLDS, NOT_APPLICABLE, Verdict
from sizer.select.order import tie_keys


def row_of(table: Table, row: int) -> dict[str, Value]:
    """Return every metric of one candidate as plain values."""
    return {name: column.cell(row) for name, column in table.items()}


def choice(
    candidate: str,
    metrics: Mapping[str, Value],
    policy: Policy,
    verdicts: Sequence[Verdict],
    row: int,
) -> Choice:
    """Return a candidate with what its rules below `error` say."""
    return Choice(candidate, metrics, tuple(_findings(metrics, policy, verdicts, row)))


def near_miss(
    candidate: str,
    metrics: Mapping[str, Value],
    policy: Policy,
    verdicts: Sequence[Verdict],
    row: int,
) -> NearMiss:
    """Return a refused candidate with every comparison that it does not pass."""
    bounds: list[Bound] = []
    for number, verdict in enumerate(verdicts):
        if verdict.admits[row]:
            continue
        expression = _expressions(policy)[number]
        bounds.extend(
            Bound(verdict.label, atom.text, atom.left, atom.right, atom.margin)
            for atom in margin(expression, metrics)
            if atom.holds is not atom.wanted
        )
    return NearMiss(candidate, metrics, tuple(bounds))


def reasoning(
    metrics: Mapping[str, Value], sort: Sequence[SortKey], tied: int, parted: int | None
) -> Reasoning:
    """Return what put a candidate first; `parted` is the tie key that did, of so many tied."""
    first = sort[0]
    extreme: Literal["highest", "lowest"] = "highest" if first.descending else "lowest"
    then = None if parted is None else tie_keys(sort)[parted].name
    on = tuple(key.name for key in sort)
    return Reasoning(first.name, extreme, metrics[first.name], tied, on, then)


def _findings(
    metrics: Mapping[str, Value], policy: Policy, verdicts: Sequence[Verdict], row: int
) -> list[Finding]:
    findings = []
    for compiled, verdict in zip(policy.rules, verdicts[len(policy.where) :], strict=True):
        outcome = int(verdict.outcome[row])
        if outcome in {HOLDS, NOT_APPLICABLE}:
            continue
        told = "fails" if outcome == FAILS else "unknown"
        rule, said = compiled.rule, compiled.said(metrics)
        findings.append(
            Finding(rule.id, rule.level, told, said, waiver_of(rule.id, policy, metrics))
        )
    return findings


def waiver_of(rule: str, policy: Policy, metrics: Mapping[str, Value]) -> WaivedBy | None:
    """Return who waived a rule for a candidate, the first of several."""
    for each in policy.waivers:
        waiver = each.waiver
        if waiver.rule == rule and evaluate_row(each.match, metrics) is True:
            return WaivedBy(waiver.owner, str(waiver.expires), waiver.reason, waiver.ticket)
    return None


def _expressions(policy: Policy) -> list[Expression]:
    return [*policy.where, *(compiled.require for compiled in policy.rules)]

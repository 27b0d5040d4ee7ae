"""What a case expected of one candidate and did not get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sizer.expr.cell import Cell, shown
from sizer.expr.explain import margin
from sizer.expr.policy import CompiledRule, Policy
from sizer.schema.case import Expect
from sizer.schema.trial import Difference
from sizer.schema.verdict import FAILS, HOLDS, NOT_APPLICABLE, UNKNOWN, Verdict

WORDS = {HOLDS: "passes", FAILS: "fails", UNKNOWN: "unknown", NOT_APPLICABLE: "not_applicable"}
_SILENT = {HOLDS, NOT_APPLICABLE}


def differences(
    expect: Expect,
    metrics: Mapping[str, Cell],
    policy: Policy,
    verdicts: Sequence[Verdict],
    row: int,
) -> Iterator[Difference]:
    """Yield each expectation that the verdicts of a row do not meet, rule by rule."""
    wanted = {name: word for word, names in expect.outcomes.items() for name in names}
    for compiled, verdict in zip(policy.rules, verdicts[len(policy.where) :], strict=True):
        name, outcome = compiled.rule.id, int(verdict.outcome[row])
        if wanted.get(name, WORDS[outcome]) != WORDS[outcome]:
            why = _why(compiled, metrics, applies=outcome != NOT_APPLICABLE)
            yield Difference(name, wanted[name], WORDS[outcome], why)
        if name in expect.messages:
            yield from _message(compiled, outcome, expect.messages[name], metrics)
    if expect.survives is not None:
        yield from _survival(verdicts, row, wanted=expect.survives)


def _message(
    compiled: CompiledRule, outcome: int, wanted: str, metrics: Mapping[str, Cell]
) -> Iterator[Difference]:
    silent = outcome in _SILENT
    said = f"(nothing: {WORDS[outcome]})" if silent else compiled.said(metrics)
    if said != wanted:
        yield Difference(f"message of {compiled.rule.id}", wanted, said)


def _survival(verdicts: Sequence[Verdict], row: int, *, wanted: bool) -> Iterator[Difference]:
    removing = [each.label for each in verdicts if not each.admits[row]]
    if wanted is bool(removing):
        why = f"removed by {', '.join(removing)}" if removing else None
        yield Difference("survives", shown(wanted), shown(not wanted), why)


def _why(compiled: CompiledRule, metrics: Mapping[str, Cell], *, applies: bool) -> str:
    """Return the comparisons of a rule, or of its `when` if that keeps it from applying."""
    decisive = compiled.require if applies or compiled.when is None else compiled.when
    return ", ".join(
        f"`{atom.text}` is {shown(atom.holds)}: {shown(atom.left)} against {shown(atom.right)}"
        if atom.right is not None
        else f"`{atom.text}` is {shown(atom.holds)}"
        for atom in margin(decisive, metrics)
    )

"""Every condition of a profile as it was judged for one candidate, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from sizer.expr.check import CompiledRule
from sizer.expr.explain import Flips, compared, explained, flips
from sizer.expr.language import Expression
from sizer.schema.answered.decision import Changes, Judgement, Outcome
from sizer.schema.metrics import registry
from sizer.schema.verdict import FAILS, HOLDS, NOT_APPLICABLE, UNKNOWN, Verdict
from sizer.select.answer import Judged, row_of, waiver_of

_FOLLOWED = frozenset({"gpu_memory_gb", "gpu_bandwidth_gb_s"})  # memory and times follow from them
_SAID: Mapping[int, Outcome] = {
    HOLDS: "holds",
    FAILS: "fails",
    UNKNOWN: "unknown",
    NOT_APPLICABLE: "not applicable",
}


def judgements(
    few: Judged, candidate: int, inputs: Callable[[str], Iterable[str]]
) -> Iterator[Judgement]:
    """Yield a judgement of a candidate for each verdict of `judge`.

    It is at the load that decides, or where the condition fails if it does not fail there.
    `inputs` says from which metrics the estimator computes another.
    """
    decides, policy = few.deciding(candidate), few.policy
    rows = [decides, *few.worst_first(candidate)]
    conditions: list[tuple[Expression, CompiledRule | None]] = [
        *((condition, None) for condition in policy.where),
        *((compiled.require, compiled) for compiled in policy.rules),
    ]
    for (require, compiled), verdict in zip(conditions, few.verdicts, strict=True):
        row = min(rows, key=partial(_standing, verdict))
        metrics = row_of(few.table, row)
        outcome = int(verdict.outcome[row])
        when = compiled.when if compiled else None
        message = compiled.message if compiled and outcome in {FAILS, UNKNOWN} else None
        turned = flips(require, metrics, registry()) if outcome != NOT_APPLICABLE else Flips()
        yield Judgement(
            label=verdict.label,
            kind=verdict.strictness,
            outcome=_SAID[outcome],
            admits=bool(verdict.admits[row]),
            require=explained(require, metrics, inputs, policy.metrics),
            when=explained(when, metrics, inputs, policy.metrics) if when else None,
            message=message.fill(metrics) if message else None,
            waiver=waiver_of(verdict.label, policy, metrics) if _is_waived(verdict, row) else None,
            flips=tuple(_possible(require, turned.ways)),
            looked_at=turned.looked_at,
            load=None if row == decides else few.load(row),
        )


def _possible(require: Expression, ways: Sequence[Changes]) -> Iterator[Changes]:
    """Yield ways but for those that change what another side of the same comparison follows from.

    A card of 3 GB whose headroom is that of one of 80 GB does not exist.
    """
    beside = {name for names in compared(require) if len(names) > 1 for name in names & _FOLLOWED}
    yield from (way for way in ways if not any(each.metric in beside for each in way))


def _standing(verdict: Verdict, row: int) -> tuple[bool, int]:
    """Return how a condition stands in a row: least where it fails, then where it is unknown."""
    order = (FAILS, UNKNOWN, HOLDS, NOT_APPLICABLE)
    return bool(verdict.admits[row]), order.index(int(verdict.outcome[row]))


def _is_waived(verdict: Verdict, row: int) -> bool:
    return verdict.waived is not None and bool(verdict.waived[row])

"""Every condition of a profile as it was judged for one candidate, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from sizer.expr.check import CompiledRule, Policy
from sizer.expr.explain import Flips, explained, flips
from sizer.expr.language import Expression
from sizer.schema.answered.decision import Judgement, Outcome
from sizer.schema.answered.report import Value
from sizer.schema.metrics import registry
from sizer.schema.verdict import FAILS, HOLDS, NOT_APPLICABLE, UNKNOWN, Verdict
from sizer.select.answer import waiver_of

_SAID: Mapping[int, Outcome] = {
    HOLDS: "holds",
    FAILS: "fails",
    UNKNOWN: "unknown",
    NOT_APPLICABLE: "not applicable",
}


def judgements(
    metrics: Mapping[str, Value],
    policy: Policy,
    verdicts: Sequence[Verdict],
    row: int,
    inputs: Callable[[str], Iterable[str]],
) -> Iterator[Judgement]:
    """Yield a judgement of a row for each verdict of `judge`.

    `inputs` says from which metrics the estimator computes another.
    """
    conditions: list[tuple[Expression, CompiledRule | None]] = [
        *((condition, None) for condition in policy.where),
        *((compiled.require, compiled) for compiled in policy.rules),
    ]
    for (require, compiled), verdict in zip(conditions, verdicts, strict=True):
        outcome = int(verdict.outcome[row])
        when = compiled.when if compiled else None
        message = compiled.message if compiled and outcome in {FAILS, UNKNOWN} else None
        turned = flips(require, metrics, registry()) if outcome != NOT_APPLICABLE else Flips()
        yield Judgement(
            label=verdict.label,
            kind=verdict.strictness,
            outcome=_SAID[outcome],
            admits=bool(verdict.admits[row]),
            require=explained(require, metrics, inputs),
            when=explained(when, metrics, inputs) if when else None,
            message=message.fill(metrics) if message else None,
            waiver=waiver_of(verdict.label, policy, metrics) if _is_waived(verdict, row) else None,
            flips=turned.ways,
            looked_at=turned.looked_at,
        )


def _is_waived(verdict: Verdict, row: int) -> bool:
    return verdict.waived is not None and bool(verdict.waived[row])

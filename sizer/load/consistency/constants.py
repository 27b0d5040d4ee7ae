"""Parts of conditions that are unknown for every candidate."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.diagnostic import Diagnostic
from sizer.expr.check import Draft, Sources
from sizer.expr.language import span
from sizer.expr.regions import undefined
from sizer.expr.text import CONSTANT


def without_value(draft: Draft, source_of: Sources) -> Iterator[Diagnostic]:
    """Yield a finding for each part of a condition that nothing can give a value (SZ206)."""
    for keys, expression in draft.expressions():
        source = source_of(keys)
        for node, why in undefined(expression.tree):
            place = source.place(*span(node)) if source else None
            said = f"this is always unknown: {why}"
            yield Diagnostic(CONSTANT, said, place, "unknown never passes", "warning")

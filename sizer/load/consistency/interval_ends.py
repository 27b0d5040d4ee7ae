"""Ends of an estimate's interval in conditions that may mean the slowest requests."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from sizer.diagnostic import Diagnostic
from sizer.expr.check import Draft, Sources
from sizer.expr.language import span
from sizer.schema.metrics import registry

END = "SZ212"
TAILS: Mapping[str, str] = {  # a mean, and the same of the slowest requests
    "ttft_ms": "ttft_p95_ms",
    "itl_ms": "tpot_p95_ms",
    "e2e_ms": "e2e_p95_ms",
}
SIDES: Mapping[str, str] = {"_low": "low", "_high": "high"}


def interval_ends(draft: Draft, source_of: Sources) -> Iterator[Diagnostic]:
    """Yield a note where a condition reads an end of a mean latency's interval (SZ212)."""
    for keys, expression in draft.expressions():
        source = source_of(keys)
        for node in ast.walk(expression.tree):
            if source and isinstance(node, ast.Name):
                start, end = span(node)
                if source.text[start:end] == node.id and (found := _said(node.id)):
                    yield Diagnostic(END, found[0], source.place(start, end), found[1], "info")


def _said(name: str) -> tuple[str, str] | None:
    """Return what to say of a name and what to write instead, nothing of any other name."""
    for suffix, side in SIDES.items():
        mean = name.removesuffix(suffix)
        tail = TAILS.get(mean) if mean != name else None
        if tail in registry():
            said = f"{name} is the {side} end of the estimate's own error, not of the traffic"
            return said, f"write {tail} for the slowest 5 % of requests"
    return None

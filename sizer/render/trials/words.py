"""Why a case differs, in words."""

from __future__ import annotations

from functools import singledispatch

from sizer.expr.language import shown
from sizer.schema.answered.decision import Part
from sizer.schema.answered.trial import Comparisons, NoSuchCandidate, Removed, Why


@singledispatch
def why_text(why: Why) -> str:
    """Return what decided, on one line."""
    raise NotImplementedError(type(why).__name__)


@why_text.register
def _(decided: Comparisons) -> str:
    return ", ".join(map(_compared, decided.parts))


@why_text.register
def _(removed: Removed) -> str:
    return f"removed by {', '.join(removed.by)}"


@why_text.register
def _(missing: NoSuchCandidate) -> str:
    if missing.near is None:
        return "`sizer run --all` lists those that survive"
    return f"did you mean {missing.near!r}?"


def _compared(part: Part) -> str:
    """Return a condition with its value and what is compared in it."""
    said = f"`{part.text}` is {shown(part.value if isinstance(part.value, bool) else None)}"
    if part.role != "comparison":
        return said
    left, right = part.parts
    known = right.value is not None
    return f"{said}: {shown(left.value)} against {shown(right.value)}" if known else said

"""What differs and why in words, short enough for a line of a review."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

from attrs import has

from sizer.render.kit.figures import UNKNOWN
from sizer.render.kit.phrases import missed
from sizer.schema.answered.difference import (
    Cause,
    ChoiceStatus,
    Detail,
    FieldChange,
    FileChange,
    Note,
    OtherParameters,
    Presence,
    PriceChange,
    RuleAdded,
    RuleChange,
    RuleOrder,
    SourceChange,
    StaleLock,
    Unanswered,
    WaiverPresence,
)
from sizer.schema.facts.price import Price
from sizer.units import counted

LONGEST = 60
SIDES = {"before": "without", "after": "with"}


@singledispatch
def detail_text(detail: Detail) -> str:
    """Return one difference, like `L4: tdp_w 72 -> 75`."""
    raise NotImplementedError(type(detail).__name__)


@detail_text.register
def _(change: FieldChange) -> str:
    return f"{': '.join(change.path)} {shown(change.before)} -> {shown(change.after)}"


@detail_text.register
def _(one: Presence) -> str:
    return f"{SIDES[one.side]} {one.name}"


@detail_text.register
def _(change: PriceChange) -> str:
    before, after = _price(change.before), _price(change.after)
    if before == after:
        return f"{change.gpu}: {counted(change.offers, 'price')} changed, the median did not"
    return f"{change.gpu}: {before} -> {after}"


@detail_text.register
def _(rule: RuleAdded) -> str:
    return f"with {rule.rule}: {shown(rule.require)} ({rule.level})"


@detail_text.register
def _(change: RuleChange) -> str:
    before, after = (
        "always" if each is None else shown(each) for each in (change.before, change.after)
    )
    return f"{change.rule}: {change.part} {before} -> {after}"


@detail_text.register
def _(_: RuleOrder) -> str:
    return "another order"


@detail_text.register
def _(waiver: WaiverPresence) -> str:
    where = f"{waiver.rule} where {shown(waiver.match)}"
    return f"{SIDES[waiver.side]} {where}, by {waiver.owner} until {waiver.expires}"


@detail_text.register
def _(other: OtherParameters) -> str:
    return f"{other.key}: other values of parameters"


@detail_text.register
def _(change: SourceChange) -> str:
    before, after = (
        UNKNOWN if each is None else each.label for each in (change.before, change.after)
    )
    return f"{before} -> {after}"


@detail_text.register
def _(file: FileChange) -> str:
    return f"changed: {file.name}"


@singledispatch
def note_text(note: Note) -> str:
    """Return what was odd about a state."""
    raise NotImplementedError(type(note).__name__)


@note_text.register
def _(note: Unanswered) -> str:
    return f"{note.state}: {note.fault}"


@note_text.register
def _(note: StaleLock) -> str:
    return f"{note.state}: {note.lock} is older than {note.profile}, which is answered anew"


def status_lines(status: ChoiceStatus | None) -> list[str]:
    """Return what the later state makes of the earlier choice, a line for each broken condition."""
    if status is None:
        return []
    if status.kind == "gone":
        return [f"{status.candidate} is no longer among the candidates"]
    if status.kind == "outranked":
        return [f"{status.candidate} still passes, and ranks behind"]
    return [missed(bound) for bound in status.bounds]


def cause_lines(cause: Cause) -> list[str]:
    """Return the differences of one kind."""
    return [detail_text(each) for each in cause.details]


def shown(value: Any) -> str:
    """Return a value as a review shows it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:.6g}"
    if isinstance(value, tuple | Mapping):
        return _several(value) or "none"
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _several(values: tuple[Any, ...] | Mapping[str, Any]) -> str:
    if isinstance(values, Mapping):
        return ", ".join(f"{name} {shown(each)}" for name, each in values.items())
    if any(has(type(each)) for each in values):
        return f"{len(values)} of them"
    return ", ".join(shown(each) for each in values)


def _price(price: Price | None) -> str:
    """Return a price with its provider and date."""
    if price is None:
        return UNKNOWN
    dated = f", {price.as_of}" if price.as_of else ""
    return f"{price.usd_per_gpu_hour:.4g} USD/h ({price.provider}{dated})"

"""Words for what an estimate of memory does not rest on."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from attrs import asdict

from sizer.schema.facts.unmeasured import (
    NotCounted,
    Unmeasured,
    UnmeasuredDraft,
    UnmeasuredEngine,
    UnmeasuredSetting,
    UnmeasuredVendor,
    UnmeasuredVersion,
)

UNSURE = "intervals of memory are wider, and `fits_surely` is false"


def unmeasured_data(unmeasured: Unmeasured) -> dict[str, Any]:
    """Return it as plain data, its words as `text`."""
    return {"kind": unmeasured.kind, **asdict(unmeasured), "text": unmeasured_text(unmeasured)}


@singledispatch
def unmeasured_text(unmeasured: Unmeasured) -> str:
    """Return on one line what was not measured or counted."""
    raise NotImplementedError(type(unmeasured).__name__)


@unmeasured_text.register
def _(left: NotCounted) -> str:
    return f"{left.model}: {left.what} not counted in its {left.part}; {UNSURE}"


@unmeasured_text.register
def _(other: UnmeasuredEngine) -> str:
    said = f"no start-up of {other.engine} was measured"
    like = (
        "computed as its source does it" if other.taken_as is None else f"that of {other.taken_as}"
    )
    return f"{said}: its memory is {like}; {UNSURE}"


@unmeasured_text.register
def _(other: UnmeasuredVendor) -> str:
    return f"no start-up on accelerators of {other.vendor} was measured; {UNSURE}"


@unmeasured_text.register
def _(other: UnmeasuredVersion) -> str:
    measured = f"start-ups were measured on vLLM {other.least} to {other.most}"
    return f"{measured}, not on {other.version}; {UNSURE}"


@unmeasured_text.register
def _(other: UnmeasuredDraft) -> str:
    return f"no start-up that drafts tokens ({other.method}) was measured; {UNSURE}"


@unmeasured_text.register
def _(other: UnmeasuredSetting) -> str:
    measured = f"start-ups were measured from {other.least} to {other.most}"
    return f"{other.name} = {other.value}: {measured}; intervals of memory are wider"

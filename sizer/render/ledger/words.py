"""Lines and notes of a ledger in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch

from sizer.render.kit.unmeasured import unmeasured_text
from sizer.schema.answered.ledger import Constants, Entry, Factor, Note
from sizer.schema.facts.unmeasured import Unmeasured

WHOLE = 1000.0  # from here on a number is shown without a fraction
ABOUT: Mapping[str, str] = {  # lines that are not computed from a few numbers
    "rounding": "what the allocator adds to large tensors",
    "outside the allocator": "context, libraries, communicators",
    "CUDA graphs": "what of them is within the budget",
    "on the host": "`cpu_offload_gib`, of layers alone",
    "left free": "a share of what the largest step left",
    "draft tables": "its own, until it shares the model's",
    "left aside": "by the engine, for graphs and what activations need more",
    "of any length": "states, and a window's first block",
}


def label(entry: Entry) -> str:
    """Return what a line is called."""
    if entry.unit == "blocks":
        return f"{entry.name} of the pool"
    if entry.block_tokens is None:
        return entry.name
    unit = "" if entry.span_tokens is not None else " tokens"
    return f"{entry.name} of {entry.block_tokens:,}{unit}"


def formula(entry: Entry) -> str:
    """Return how a line is computed, or what it is; empty where its name says all."""
    said = " + ".join(" x ".join(map(_factor, product)) for product in entry.terms)
    if entry.span_tokens is not None:
        return f"{said} for {entry.span_tokens:,} tokens"
    return f"of {said}" if entry.unit == "blocks" else said or ABOUT.get(entry.name, "")


@singledispatch
def note_text(note: Note) -> str:
    """Return what a reader of a ledger must know of its source."""
    raise NotImplementedError(type(note).__name__)


@note_text.register
def _(used: Constants) -> str:
    return f"constants: {used.source}"


@note_text.register
def _(unmeasured: Unmeasured) -> str:
    return unmeasured_text(unmeasured)


def _factor(factor: Factor) -> str:
    value = factor.value
    said = f"{value:,.0f}" if value >= WHOLE else f"{value:.6g}"
    return f"{said} {factor.unit}" if factor.unit else said

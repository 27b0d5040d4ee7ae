"""`{ttft_ms:.0f} ms on {gpu}`: templates with metrics and simple number formats, nothing else."""

from __future__ import annotations

import re

from sizer.expr.language.cell import SHORT, NumberFormat, shown
from sizer.expr.language.expression import Message, Slot
from sizer.expr.text.faults import NAME, REFUSED, SYNTAX, TYPE, Faults
from sizer.expr.text.limits import CHARACTERS
from sizer.expr.text.memo import remembered
from sizer.expr.text.source import Source
from sizer.schema.asked.parameter import Name, Names, Parameter
from sizer.structure.nearest import did_you_mean

_PIECE = re.compile(r"(?P<twice>\{\{|\}\})|\{(?P<slot>[^{}]*)\}|(?P<brace>[{}])|(?P<plain>[^{}]+)")
_SLOT = re.compile(r"(?P<name>[A-Za-z_0-9]+)(?::(?P<spec>.*))?", re.DOTALL)


@remembered
def compile_message(source: Source, names: Names) -> Message:
    """Check a template. Raises Problem with all its faults."""
    faults = Faults(source)
    if len(source.text) > CHARACTERS:
        faults.add(REFUSED, (CHARACTERS, CHARACTERS + 1), f"longer than {CHARACTERS} characters")
        raise faults.problem()
    parts = [_part(found, names, faults) for found in _PIECE.finditer(source.text)]
    if faults.found:
        raise faults.problem()
    used = frozenset(part.name for part in parts if isinstance(part, Slot))
    return Message(source.text, used, tuple(parts))


def _part(found: re.Match[str], names: Names, faults: Faults) -> str | Slot:
    if found["twice"]:
        return found["twice"][0]
    if found["brace"]:
        remedy = f"a brace that is meant as such is written {found['brace'] * 2}"
        faults.add(SYNTAX, found.span(), f"{found['brace']!r} has no partner", remedy)
        return ""
    if found["slot"] is None:
        return found["plain"]
    return _slot(found, names, faults)


def _slot(found: re.Match[str], names: Names, faults: Faults) -> str | Slot:
    parts = _SLOT.fullmatch(found["slot"])
    if parts is None:
        remedy = "write {metric} or {metric:.1f}"
        faults.add(REFUSED, found.span(), f"{found.group()!r} is not a place for a metric", remedy)
        return ""
    start = found.start("slot")
    metric = names.get(parts["name"])
    if metric is None:
        span = (start, start + len(parts["name"]))
        remedy_found = did_you_mean(parts["name"], names)
        faults.add(NAME, span, f"unknown name {parts['name']!r}", remedy_found)
        return ""
    form = SHORT
    if parts["spec"]:
        where = start + parts.start("spec"), start + parts.end("spec")
        form = _form(parts["spec"], metric, where, faults)
    if isinstance(metric, Parameter):
        return shown(metric.value, form)
    return Slot(metric.name, form)


def _form(spec: str, metric: Name, span: tuple[int, int], faults: Faults) -> NumberFormat:
    """Return how a number is printed; what is no format is noted and left out."""
    form = NumberFormat.read(spec)
    if metric.kind != "number":
        faults.add(TYPE, span, f"{metric.name} is not a number, it takes no format")
    elif form is None:
        remedy = "write .0f, .2f, .3g, .1e, .0% or ,.0f"
        faults.add(REFUSED, span, f"{spec!r} is not a format for numbers", remedy)
    return form or SHORT

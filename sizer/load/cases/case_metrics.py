"""Metrics of a candidate that somebody wrote down: `given = {ttft_ms = 400, gpu = "L4"}`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizer.diagnostic import Diagnostic
from sizer.expr.language import Expression
from sizer.load.names.names import vocabulary
from sizer.schema.asked.parameter import Scalar
from sizer.schema.metrics import Metric
from sizer.structure.nearest import did_you_mean
from sizer.structure.shape.faults import TYPE, VALUE
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys

METRIC = "SZ602"
UNKNOWN = "unknown"
Row = Mapping[str, Scalar | None]
NONE: Mapping[str, Expression] = MappingProxyType({})
_KINDS = {"number": "a number", "bool": "true or false", "text": "a text"}


def read_given(
    given: Mapping[str, Scalar],
    document: Document,
    keys: Keys,
    own: Mapping[str, Expression] = NONE,
) -> tuple[Row, list[Diagnostic]]:
    """Return a row by canonical names, None for unknown, and what is wrong with it.

    `keys` is where the table stands in the document; `own` are the metrics that the rules define.
    """
    row: dict[str, Scalar | None] = {}
    faults: list[Diagnostic] = []
    for name, value in given.items():
        metric = vocabulary().get(name)
        computed = own.get(name)
        fault = _computed(name, computed) if computed else _fault(name, value, metric, row)
        if fault:
            code, message, help_ = fault
            place = document.place((*keys, name), key=code == METRIC)
            faults.append(Diagnostic(code, message, place, help_))
        elif metric is not None:
            row[metric.name] = None if value == UNKNOWN else value
    return row, faults


def _computed(name: str, meant: Expression) -> tuple[str, str, str]:
    reads = ", ".join(sorted(meant.names))
    return METRIC, f"{name!a} follows from other metrics", f"give what it reads: {reads}"


def _fault(
    name: str, value: Scalar, metric: Metric | None, row: Row
) -> tuple[str, str, str | None] | None:
    if metric is None:
        help_ = did_you_mean(name, vocabulary()) or "rules/README.md lists the metrics"
        return METRIC, f"unknown metric {name!a}", help_
    if metric.name in row:
        return VALUE, f"{metric.name!r} is given twice", f"{name!r} is the same metric"
    if value == UNKNOWN:
        return None
    kinds = {bool: "bool", str: "text"}
    if kinds.get(type(value), "number") != metric.kind:
        return TYPE, f"{name} must be {_KINDS[metric.kind]}", 'or "unknown"'
    if metric.members and value not in metric.members:
        help_ = did_you_mean(str(value), metric.members) or f"one of {', '.join(metric.members)}"
        return VALUE, f"{name} cannot be {value!a}", help_
    return None

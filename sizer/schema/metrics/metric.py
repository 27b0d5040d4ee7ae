"""A metric: one name, one unit, one type, one better direction, one sentence, one reference."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sizer.schema.metrics.references import CALIBRATED, ROOFLINE
from sizer.units import NUMBER, Unit, unit

Kind = Literal["number", "bool", "text"]
Better = Literal["higher", "lower", "none"]
Scope = Literal["accelerator", "replica", "model", "request", "all replicas"]
ENDS = ("low", "high")


@frozen
class Metric:
    """A column. `members` lists the values that a text can have; empty means open.

    `of` says what the value is of, where quantities of one unit may be of different things;
    `end_of` is the metric of whose interval this is one end; `whole` says that every value is a
    whole number.
    """

    name: str
    kind: Kind
    unit: Unit
    better: Better
    doc: str
    reference: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    of: Scope | None = None
    end_of: str | None = None
    whole: bool = False


def number(
    name: str,
    units: str,
    better: Better,
    doc: str,
    reference: str = ROOFLINE,
    aliases: tuple[str, ...] = (),
    of: Scope | None = None,
) -> Metric:
    """Return a metric that is any number."""
    return Metric(name, "number", unit(units), better, doc, reference, aliases, (), of)


def count(name: str, units: str, better: Better, doc: str, reference: str) -> Metric:
    """Return a metric that is a whole number."""
    return Metric(name, "number", unit(units), better, doc, reference, whole=True)


def text(name: str, doc: str, reference: str, members: tuple[str, ...] = ()) -> Metric:
    """Return a metric that is a text, one of `members` if it has any."""
    return Metric(name, "text", NUMBER, "none", doc, reference, (), members)


def truth(name: str, better: Better, doc: str, reference: str) -> Metric:
    """Return a metric that is true or false."""
    return Metric(name, "bool", NUMBER, better, doc, reference)


def intervals(*metrics: Metric) -> tuple[Metric, ...]:
    """Return the two ends of the interval around each metric."""
    return tuple(_end(metric, end) for metric in metrics for end in ENDS)


def _end(metric: Metric, end: str) -> Metric:
    return Metric(
        f"{metric.name}_{end}",
        metric.kind,
        metric.unit,
        metric.better,
        f"{end} end of the interval of `{metric.name}`",
        CALIBRATED,
        of=metric.of,
        end_of=metric.name,
    )

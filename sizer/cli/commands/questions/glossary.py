"""`sizer explain` alone: every metric and every diagnostic, a line each."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.render.forms import LISTING
from sizer.render.listing import Listing, Row
from sizer.schema.metrics import METRICS, Metric


def glossary() -> str:
    """Return what there is to explain; the ends of an interval stand with their metric."""
    metrics = LISTING.render(Listing(tuple(_metrics()), ("metric", "unit", "meaning")), "text")
    codes = LISTING.render(Listing(tuple(_codes()), ("code", "what is wrong")), "text")
    return f"{metrics}\n{codes}"


def _metrics() -> Iterator[Row]:
    bounded = {metric.end_of for metric in METRICS}
    for metric in METRICS:
        if metric.end_of is None:
            ends = "[_low|_high]" if metric.name in bounded else ""
            names = ", ".join((metric.name + ends, *metric.aliases))
            yield {"metric": names, "unit": _unit(metric), "meaning": metric.doc}


def _codes() -> Iterator[Row]:
    from sizer.catalog.codes import codes, page

    for each in map(page, codes()):
        if each is not None:
            yield {"code": each.code, "what is wrong": each.title}


def _unit(metric: Metric) -> str:
    said = str(metric.unit) if metric.kind == "number" else metric.kind
    return "" if said == "1" else said

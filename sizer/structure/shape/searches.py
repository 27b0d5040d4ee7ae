"""What contradicts a search: for the highest rate of a candidate, or for its fewest replicas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sizer.diagnostic import Diagnostic
from sizer.schema.asked.serving import HIGHEST
from sizer.structure.shape.faults import VALUE
from sizer.structure.toml.document import Document


def search_faults(document: Document) -> Iterator[Diagnostic]:
    """Yield what leaves a search without an end, or without a start."""
    if _table(document, "workload").get("request_rate") == HIGHEST:
        yield from _of_rate(document)
    yield from _of_spares(document)
    yield from _of_headroom(document)


def _of_rate(document: Document) -> Iterator[Diagnostic]:
    place = document.place(("workload", "request_rate"))
    if _table(document, "estimator").get("name") == "aiconfigurator":
        said = "aiconfigurator does not know what replicas sustain, so no highest rate is found"
        yield Diagnostic(
            VALUE, said, place, 'write `name = "both"` in [estimator], or leave it out'
        )
    if _table(document, "fleet").get("replicas") == "fewest":
        said = "the highest rate grows with each replica: there is no fewest for it"
        help_ = 'give a `request_rate` to carry, or leave `replicas = "fewest"` out'
        yield Diagnostic(VALUE, said, place, help_)


def _of_spares(document: Document) -> Iterator[Diagnostic]:
    fleet = _table(document, "fleet")
    spare, most = fleet.get("spare_replicas"), fleet.get("max_gpus")
    if type(spare) is int and type(most) is int and 0 < most <= spare:
        said = f"max_gpus = {most} has no room for a replica and {spare} to spare"
        place = document.place(("fleet", "spare_replicas"))
        yield Diagnostic(VALUE, said, place, f"write `max_gpus = {spare + 1}` or more")


def _of_headroom(document: Document) -> Iterator[Diagnostic]:
    if not _table(document, "fleet").get("headroom"):
        return
    work = _table(document, "workload")
    rate = work.get("request_rate") or work.get("request_rate_by_hour")
    place = document.place(("fleet", "headroom"), key=True)
    if not rate or rate == HIGHEST:
        said = "headroom is a share of a request rate, and none is given"
        yield Diagnostic(VALUE, said, place, "add `request_rate = 20` to [workload]")
    if _table(document, "select").get("load") == "any":
        said = 'headroom asks a candidate to carry more than its load, and `load = "any"` does not'
        yield Diagnostic(VALUE, said, place, "leave one of them out")


def _table(document: Document, name: str) -> dict[str, Any]:
    found = document.data.get(name)
    return found if isinstance(found, dict) else {}

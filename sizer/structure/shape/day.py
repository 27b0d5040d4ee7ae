"""What contradicts a day: rates by hour that are no 24, or a load beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sizer.diagnostic import Diagnostic
from sizer.schema.asked.serving import HOURS, OF_LOG
from sizer.structure.shape.faults import VALUE
from sizer.structure.toml.document import Document
from sizer.units import counted

KEY = "request_rate_by_hour"
OTHERS = ("request_rate", "users", "concurrency", "requests")


def day_faults(document: Document, workload: dict[str, Any]) -> Iterator[Diagnostic]:
    """Yield what of a day cannot be, and what of the load or the fleet it makes void."""
    day, place = workload[KEY], document.place(("workload", KEY))
    if isinstance(day, list):
        yield from _of_hours(day, document)
    elif day == OF_LOG and not ("traffic" in workload or "trace" in workload):
        said = f'{KEY} = "{OF_LOG}" is the day of a log, and none is named'
        yield Diagnostic(VALUE, said, place, f'add traffic = "traffic.toml", or give {HOURS} rates')
    for name in OTHERS:
        if workload.get(name):
            where = document.place(("workload", name), key=True)
            help_ = f"leave {name} out: the busiest hour is the load"
            yield Diagnostic(VALUE, f"{name} excludes {KEY}", where, help_)
    fleet = document.data.get("fleet")
    if isinstance(fleet, dict) and fleet.get("replicas") == "every":
        said = f"{KEY} looks for the fewest replicas of each hour, not for every number"
        where = document.place(("fleet", "replicas"))
        yield Diagnostic(VALUE, said, where, 'write `replicas = "fewest"`, or leave it out')


def _of_hours(day: list[Any], document: Document) -> Iterator[Diagnostic]:
    place = document.place(("workload", KEY), key=True)
    if len(day) != HOURS:
        said = f"{KEY} has {counted(len(day), 'rate')}, and a day has {HOURS} hours"
        yield Diagnostic(VALUE, said, place, f"give {HOURS} rates, from midnight on")
    elif not any(day):
        help_ = "give the requests a second of each hour"
        yield Diagnostic(VALUE, f"no hour of {KEY} has a request", place, help_)

"""Words for where requests come from, and what became of them."""

from __future__ import annotations

from math import isinf

from sizer.render.kit.figures import digits, with_unit
from sizer.schema.answered.simulation import Counts, Simulation, Source
from sizer.units import counted


def source_text(found: Simulation) -> str:
    """Return on one line what was sent, by which router, and what failed."""
    sent = f"{counted(found.source.requests, 'request')}, {_arrivals(found.source)}"
    seed = "" if found.source.trace else f", seed {found.seed}"
    gone = "".join(f", replica {one} gone at {at_s:g} s" for one, at_s in found.failures)
    return f"{sent}, router {found.router}{seed}{gone}"


def _arrivals(source: Source) -> str:
    if source.trace is not None:
        fast = "" if source.speed == 1 else f", {digits(source.speed)} times as fast"
        return f"as in {source.trace}{fast}"
    if source.request_rate is None:
        pause = f", {digits(source.think_time_s)} s of thinking" if source.think_time_s else ""
        users = source.users or 1
        who = "who awaits each answer" if users == 1 else "who each await the answer"
        return f"{counted(users, 'user')} {who}{pause}"
    rate = with_unit(source.request_rate, "request/s")
    if isinf(source.burstiness):
        return f"at equal gaps, {rate}"
    if source.burstiness == 1:
        return f"Poisson at {rate}"
    return f"gamma gaps of shape {digits(source.burstiness)} at {rate}"


def together_text(source: Source) -> str:
    """Return what users do whose answers have one length; empty where there are none such."""
    if source.users is None or source.users == 1 or not source.alike:
        return ""
    return "all answers have one length, so users stay together: write `output_tokens_spread`"


def requests_text(counts: Counts) -> str:
    """Return on one line what became of the requests."""
    parts = [f"{counted(counts.arrived, 'request')} sent", f"{counts.done:,} answered"]
    for number, said in (
        (counts.lost, "lost"),
        (counts.resent, "sent again"),
        (counts.running + counts.waiting, "unfinished"),
    ):
        if number:
            parts.append(f"{number:,} {said}")
    if counts.evicted:
        times = f" ({counted(counts.evictions, 'time')})"
        parts.append(f"{counts.evicted:,} taken out of a full cache{times}")
    if counts.counted < counts.done:
        parts.append(f"times are of the last {counts.counted:,}")
    return ", ".join(parts)

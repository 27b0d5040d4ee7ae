"""Words for what several nouns have: the bounds of a near miss, and who waives a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sizer.render.kit.figures import digits, figure, with_unit
from sizer.schema.answered.assumption import LoggedLoad
from sizer.schema.answered.report import Bound, NearMiss, Overload, Value, Waived, WaivedBy
from sizer.units import counted

_HEADROOM = {"fits": "memory_headroom_gib", "fits_surely": "memory_headroom_gib_low"}


def misses(miss: NearMiss) -> list[str]:
    """Return every comparison of a near miss; what does not fit says how much is missing.

    Where no rate holds, each is of the rate that was tried last.
    """
    rate = miss.metrics.get("request_rate")
    tried = miss.metrics.get("goodput_per_s") == 0
    at = f" at {with_unit(rate, 'request/s')}" if tried else ""
    return [f"{_missed(bound, miss)}{at}" for bound in miss.bounds]


def _missed(bound: Bound, miss: NearMiss) -> str:
    if bound.text == "overloaded" and miss.overload is not None:
        at = f" at {bound.load}" if bound.load else ""
        return f"overloaded{at}: {overload(miss.overload)}"
    return missed(bound) + _short_of_memory(bound, miss.metrics)


def overload(lacking: Overload, who: str = "it", least: str = "") -> str:
    """Return how much arrives, how much `who` serves at most, and what would keep up."""
    arriving, most = with_unit(lacking.request_rate, "request/s"), digits(lacking.max_request_rate)
    verb = "arrives" if lacking.request_rate == 1 else "arrive"
    many = counted(lacking.gpus_needed, "accelerator")
    needed = f"{least}{counted(lacking.replicas_needed, 'replica')} would keep up, {many} in all"
    return f"{arriving} {verb}, {who} serves at most {most}; {needed}"


def _short_of_memory(bound: Bound, metrics: Mapping[str, Value]) -> str:
    headroom = metrics.get(_HEADROOM.get(bound.text, ""))
    if bound.value is not False or not isinstance(headroom, float) or headroom >= 0:
        return ""
    return f", {digits(-headroom)} GiB short on each accelerator"


def missed(bound: Bound) -> str:
    """Return one comparison of a near miss, like `itl_ms < 10: 14.2 against 10, 42 % off`."""
    rule = "" if bound.text in bound.condition else f"{bound.condition}: "
    said = f"{rule}{bound.text}: {figure(bound.value)}"
    if bound.bound is not None and bound.bound != bound.value:
        said += f" against {figure(bound.bound)}"
    off = "" if bound.margin is None else f", {digits(100 * bound.margin)} % off"
    return f"{said}{off}" + (f" at {bound.load}" if bound.load else "")


def stops(bounds: Sequence[Bound], metrics: Mapping[str, Value]) -> str:
    """Return what fails one step beyond what was looked for; empty without anything."""
    rated = metrics.get("goodput_per_s") is not None
    step = "1 % more requests" if rated else "one replica less"
    found = [_stop(each) for each in bounds]
    return f"{'; '.join(found)}, with {step}" if found else ""


def _stop(bound: Bound) -> str:
    rule = "" if bound.text in bound.condition else f"{bound.condition}: "
    at = f" at {bound.load}" if bound.load else ""
    if bound.text == "overloaded":
        return f"more would arrive than is answered{at}"
    return f"{rule}{bound.text}: {figure(bound.value)}{at}"


def logged_load(load: LoggedLoad) -> str:
    """Return the rate to carry of a log beside its mean and its peak, or its lengths alone."""
    lengths = f"{load.input_tokens:,.0f} tokens in and {load.output_tokens:,.0f} out on average"
    hits = (
        "" if load.hit_share is None else f", {100 * load.hit_share:.0f} % of prompts sent before"
    )
    of = f"{counted(load.requests, 'request')} of {load.source}"
    if load.rate_per_s is None or load.window_s is None or load.windows is None:
        return f"lengths are those of {of}: {lengths}{hits}"
    share = "the busiest" if load.quantile == 1 else f"p{100 * load.quantile:g}"
    rate = f"{digits(load.rate_per_s)} request/s, {share} of {load.windows:,} windows"
    mean = "" if load.mean_per_s is None else f"mean {digits(load.mean_per_s)}, "
    peak = f"{mean}peak {digits(load.peak_per_s or load.rate_per_s)}"
    return f"the load is that of {of}: {rate} of {load.window_s} s ({peak}); {lengths}{hits}"


def waived_by(waiver: Waived | WaivedBy) -> str:
    """Return who waived a rule, until when and why."""
    ticket = f" ({waiver.ticket})" if waiver.ticket else ""
    return f"{waiver.owner}, until {waiver.expires}: {waiver.reason}{ticket}"

"""The parts of a report in words, the same in every form that people read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from sizer.render.kit.figures import READING, digits, interval, usual
from sizer.render.kit.phrases import stops, waived_by
from sizer.schema.answered.report import (
    AtLoad,
    Choice,
    Finding,
    OwnMetric,
    Refusal,
    Report,
    RuleSource,
    Unproposed,
    Waived,
)
from sizer.schema.metrics import registry
from sizer.units import counted

REFUSALS: Mapping[Refusal, str] = {
    "no kernel": "the accelerator has no kernel for the format",
    "no cache kernel": "the accelerator has no kernel for the cache format",
    "uneven widths": "heads or widths do not divide",
    "cut groups": "quantised groups would be cut",
    "uneven experts": "experts do not divide over attention groups",
    "short context": "the load is longer than the model's context",
    "few requests": "dp needs as many requests in flight",
    "not asked": "the fleet asks for other splits",
    "beyond the limit": "more than max_gpus_per_replica",
    "part of a server": "tp x dp is more than a server, and no whole ones",
    "no network": "nobody says what joins servers",
    "few layers": "more stages than layers",
    "no experts": "the model has no experts to share or spread",
    "context ranks": "tp does not share a cache over decode_context_parallel_size ranks",
    "other ranks": "experts are spread over tp x dp ranks, or over none",
}
LOADED = ("request_rate", "utilization", "utilization_high")
NEAR = 0.8  # an error of the step is five times as large there in a latency, as 1 / (1 - load)
FOUND_AGAIN = {
    "session_hit_share": "of earlier turns on the accelerators",
    "offloaded_hit_share": "read from the host's memory or a disk",
}
LEAST_SHARE = 1e-6  # of a prompt, that is told
MOST_LOADS = 12  # that a page lists; more are for programs


@frozen
class Column:
    """A column of the table of candidates: its heading and the metric under it.

    `unit` is that of a profile's own metric, `1` for a bare number, and else None. It `decides` if
    the order names it.
    """

    heading: str
    metric: str
    unit: str | None = None
    decides: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its cells stand to the right."""
        metric = registry().get(self.metric)  # a profile's own is a number
        return metric is None or metric.kind == "number"


_SOUGHT = (Column("goodput requests/s", "goodput_per_s"),)
_ALWAYS = (
    Column("TTFT ms", "ttft_ms"),
    Column("ITL ms", "itl_ms"),
    Column("tokens/s", "tokens_per_second"),
    Column("free GiB", "memory_headroom_gib"),
    Column("USD/h", "cost_usd_per_hour"),
    Column("USD/Mtok", "cost_usd_per_mtok"),
    Column("bottleneck", "bottleneck"),
)
_READING = (
    Column("e2e ms", "e2e_ms"),
    Column("p99 ms", "e2e_p99_ms"),
    Column("requests/s", "requests_per_second"),
    Column("max requests/s", "max_request_rate"),
    Column("free GiB", "memory_headroom_gib"),
    Column("USD/h", "cost_usd_per_hour"),
    Column("USD/Mtok in", "cost_usd_per_mtok_input"),
    Column("bottleneck", "bottleneck"),
)
_HEADINGS = {
    "tokens_per_second_per_gpu": "tokens/s per GPU",
    "tokens_per_second_per_user": "tokens/s per user",
    "total_tokens_per_second": "in+out tokens/s",
    "max_tokens_per_second": "max tokens/s",
    "cost_usd_per_month": "USD/month",
    "cost_usd_per_month_scaled": "USD/month scaled",
    "mean_gpus": "mean GPUs",
    "e2e_ms": "e2e ms",
    "memory_required_gib": "needed GiB",
    "gpu_memory_gb": "memory GB",
    "gpus": "GPUs",
    "goodput_per_s": "goodput requests/s",
    "goodput_per_s_per_gpu": "goodput per GPU",
}
_NAME = re.compile(r"\w+")
_BETWEEN = frozenset({"then", "asc", "desc"})


def columns(report: Report) -> tuple[Column, ...]:
    """Return the columns of candidates: what decides their order, own metrics, and the usual.

    What was looked for comes first.
    """
    deciding = _deciding(report.sort)
    units = {each.name: each.unit for each in report.own_metrics}
    choices = [each.chosen for each in report.answers if each.chosen is not None]
    sought = [
        column
        for column in _SOUGHT
        if any(each.metrics.get(column.metric) is not None for each in choices)
    ]
    reads = any(usual(each.metrics) == READING for each in _shown(report))
    always = _READING if reads else _ALWAYS
    shown = {column.metric: column for column in (*sought, *always)}
    more = dict.fromkeys((*(name for name in deciding if name not in shown), *units))
    found = (*(_column(name, units.get(name)) for name in more), *shown.values())
    return tuple(evolve(column, decides=column.metric in deciding) for column in found)


def _shown(report: Report) -> Iterator[Choice]:
    """Yield the choices that a report shows."""
    for answer in report.answers:
        best = (answer.chosen, *(each.best for each in answer.per_load))
        yield from (each for each in best if each is not None)


def _column(name: str, unit: str | None) -> Column:
    heading = _HEADINGS.get(name, name) if unit in {None, "1"} else f"{name} {unit}"
    return Column(heading, name, unit)


def own_metric(own: OwnMetric) -> str:
    """Return what a profile's own metric means, with its unit."""
    unit = "" if own.unit == "1" else f" [{own.unit}]"
    return f"{own.name} = {' '.join(own.expression.split())}{unit}"


def _deciding(sort: str) -> tuple[str, ...]:
    metrics = registry()
    words = (word for word in _NAME.findall(sort) if word not in _BETWEEN)
    return tuple(dict.fromkeys(metrics[word].name if word in metrics else word for word in words))


def has_interval(choice: Choice | None) -> bool:
    """Whether any headline figure of a choice has an interval."""
    return choice is not None and any(
        interval(name, choice.metrics) for name in usual(choice.metrics)
    )


def legend(report: Report) -> str:
    """Return what the intervals of a report hold; empty where none is shown."""
    shown = any(has_interval(answer.chosen) for answer in report.answers)
    return f"where {digits(100 * report.confidence)} % of measurements lie" if shown else ""


def unproposed(refused: Sequence[Unproposed]) -> str:
    """Return how many splits were no candidates and why, on one line; empty when none."""
    if not refused:
        return ""
    count = sum(each.splits for each in refused)
    reasons = ", ".join(f"{REFUSALS[each.reason]} ({each.splits:,})" for each in refused)
    return f"{counted(count, 'split')}: {reasons}"


def too_many(loads: Sequence[AtLoad]) -> str:
    """Return where the best of each load stands if they are too many for a page, else empty."""
    return f"{len(loads):,} loads: `--format json`" if len(loads) > MOST_LOADS else ""


def finding(found: Finding) -> tuple[str, str]:
    """Return what a rule is called where it does not hold, and what it says."""
    unknown = " (unknown)" if found.outcome == "unknown" else ""
    unknown += f" (at {found.load})" if found.load else ""
    if found.waiver is None:
        return found.level, f"{found.message}{unknown}"
    return "waived", f"{found.message}{unknown}; {waived_by(found.waiver)}"


def source(used: RuleSource) -> str:
    """Return a file of rules with its version and owner, on one line."""
    version = f" {used.version}" if used.version else ""
    owner = f", by {used.owner}" if used.owner else ""
    about = f": {used.description}" if used.description else ""
    return f"{used.file}{version}{owner} ({counted(used.rules, 'rule')}){about}"


def near_saturation(choice: Choice) -> str:
    """Return how near a rate is to what is sustained; empty where it is far from it."""
    rate, busy, high = (choice.metrics.get(name) for name in LOADED)
    if not (isinstance(rate, float) and isinstance(busy, float)):
        return ""
    if isinstance(high, float) and high >= 1.0:
        most = f"utilization is {digits(busy)}, and up to {digits(high)} within its interval"
        return f"{most}: it may be overloaded, so latencies have no high end"
    said = f"utilization is {digits(busy)}: a small error of a step is a large one of latencies"
    return said if busy >= NEAR else ""


def found_again(choice: Choice) -> str:
    """Return what of a prompt is in a cache, and whence; empty without turns and offload."""
    names = ("cached_prompt_share", *FOUND_AGAIN)
    whole, *parts = (choice.metrics.get(name) for name in names)
    known = zip(parts, FOUND_AGAIN.values(), strict=True)
    shown = [(part, where) for part, where in known if isinstance(part, float)]
    if not (shown and isinstance(whole, float)):
        return ""
    other = whole - sum(part for part, _ in shown)
    if other > LEAST_SHARE:
        shown.append((other, "of shared prefixes and given hits"))
    parted = ", ".join(f"{_percent(part)} {where}" for part, where in shown)
    return f"{_percent(whole)} of a prompt: {parted}"


def _percent(share: float) -> str:
    return f"{digits(float(f'{100.0 * share:.3g}'))} %"


def stopped_by(choice: Choice) -> str:
    """Return what ended the search for a choice; empty where nothing was looked for."""
    return stops(choice.stopped_by, choice.metrics)


def common_load(choices: Sequence[Choice]) -> str | None:
    """Return the load point of all figures of choices, if it is one and no name says it."""
    loads = {choice.load for choice in choices}
    return loads.pop() if len(loads) == 1 else None


def named(choice: Choice, common: str | None = None) -> str:
    """Return a candidate's name, the load of its figures and the rules that are waived for it.

    A load that is common to all is said elsewhere.
    """
    waived = ", ".join(each.rule for each in choice.findings if each.waiver)
    at = f" at {choice.load}" if choice.load not in {None, common} else ""
    return f"{choice.candidate}{at}" + (f" (waived: {waived})" if waived else "")


def waiver(used: Waived) -> str:
    """Return a waiver with what came of it, on one line."""
    if used.status == "in force":
        match = "matches" if used.matched == 1 else "match"
        told = (
            f"waived for {used.waived:,} of the {counted(used.matched, 'candidate')} that {match}"
        )
    else:
        told = used.status
    return f"{used.rule} where {used.match}: {told}; {waived_by(used)}"

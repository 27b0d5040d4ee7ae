"""A day in words: replicas by the hour, and what a fleet saves that follows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sizer.render.kit.figures import DASH, digits, with_unit
from sizer.render.kit.sparkline import sparkline
from sizer.schema.answered.day import Day
from sizer.schema.answered.report import Choice
from sizer.schema.facts.price import OWNED
from sizer.units import counted

PAID_ANYWAY = {"reserved", "capacity_block"}  # terms on which an idle accelerator is paid for


def day_lines(choice: Choice, *, plain: bool = False) -> Iterator[tuple[str, str]]:
    """Yield what is said of a choice's day, each with a label; nothing where none is asked about.

    `plain` marks are ASCII.
    """
    day = choice.day
    if day is None:
        return
    rates = day.request_rates
    marks = sparkline(rates, max(rates), plain=plain)
    busiest = f"busiest at {_hour(rates.index(max(rates)))}"
    least, most = digits(min(rates)), with_unit(max(rates), "request/s")
    yield "rate by hour", f"{marks} {least} to {most}, {busiest}"
    yield "replicas by hour", f"{' '.join(map(str, day.replicas))}{_spare(choice)}"
    mean, hours = digits(day.mean_gpus), digits(day.gpu_hours_per_day)
    peak = counted(day.peak_gpus, "accelerator")
    yield "by the day", f"{peak} at the peak, {mean} in the mean, {hours} accelerator-hours"
    yield "by the month", _month(day)
    if _is_paid_anyway(choice):
        yield "", "idle ones are paid for too: what is saved is what else may run on them"
    for each in day.unmet:
        yield "not kept", f"{each.condition} at {_spans(each.hours)}, with any number of replicas"


def _month(day: Day) -> str:
    fixed, scaled = day.cost_usd_per_month_fixed, day.cost_usd_per_month_scaled
    saved = day.saving_usd_per_month
    if fixed is None or scaled is None or saved is None:
        return "cost unknown"
    share = f" ({digits(float(f'{100.0 * saved / fixed:.2g}'))} %)" if fixed else ""
    return f"{fixed:,.0f} USD fixed, {scaled:,.0f} USD scaled: {saved:,.0f} USD less{share}"


def _spare(choice: Choice) -> str:
    spare = choice.metrics.get("spare_replicas")
    return f", and {digits(spare)} to spare" if isinstance(spare, float) and spare else ""


def _is_paid_anyway(choice: Choice) -> bool:
    paid = choice.bought
    return paid is not None and (paid.provider == OWNED or paid.term in PAID_ANYWAY)


def _spans(hours: Sequence[int]) -> str:
    """Return hours in words, those that follow each other from the first to the last."""
    starts = [each for each in hours if each - 1 not in hours]
    ends = [each for each in hours if each + 1 not in hours]
    return ", ".join(
        _hour(start) if start == end else f"{_hour(start)}{DASH}{_hour(end)}"
        for start, end in zip(starts, ends, strict=True)
    )


def _hour(hour: int) -> str:
    return f"{hour:02}:00"

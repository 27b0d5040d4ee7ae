"""A simulation for a terminal: percentiles, rules, and what went on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sizer.render.kit.figures import digits
from sizer.render.kit.look import Look
from sizer.render.kit.sparkline import sparkline
from sizer.render.listing import Listing
from sizer.render.listing.text import render as listed
from sizer.render.simulation.words import requests_text, source_text, together_text
from sizer.schema.answered.report import Value
from sizer.schema.answered.simulation import Attainment, Course, Simulation

TIMES = ("ttft", "tpot", "itl", "e2e", "queue")
MEAN = "mean"
COLUMNS = {MEAN: "_ms", "p50": "_p50_ms", "p90": "_p90_ms", "p95": "_p95_ms", "p99": "_p99_ms"}
REFUSED = "the closed form refuses it: `sizer explain --profile FILE` says why"


def render(simulations: Sequence[Simulation], look: Look) -> str:
    """Return each simulation; lines are as wide as they must be, so that grep finds whole ones."""
    return "\n".join("".join(_parts(each, look)) for each in simulations)


def _parts(found: Simulation, look: Look) -> Iterator[str]:
    refused = "" if found.survives else f"{REFUSED}\n"
    together = together_text(found.source)
    yield f"{found.model}\n  {found.candidate}\n{refused}{source_text(found)}\n"
    yield f"{together}\n\n" if together else "\n"
    yield _drawn([row for name in TIMES for row in _times(name, found)])
    if found.attained:
        yield "\n" + _drawn([_attained(each) for each in found.attained])
    yield "\n" + "".join(f"{line}\n" for line in _course(found.course, found.busy, look))
    yield f"\n{requests_text(found.counts)}\n"


def _drawn(rows: Sequence[dict[str, Value]]) -> str:
    return listed(Listing(rows, tuple(rows[0])), Look())


def _times(name: str, found: Simulation) -> Iterator[dict[str, Value]]:
    """Yield a row of what was simulated, and one of what the closed form says, if it does."""
    for who, metrics in (("", found.metrics), ("closed form", found.expected)):
        values = {column: metrics.get(f"{name}{end}") for column, end in COLUMNS.items()}
        if not who or any(each is not None for each in values.values()):
            yield {"ms": who or name, **{c: "" if v is None else v for c, v in values.items()}}


def _attained(each: Attainment) -> dict[str, Value]:
    share = "" if each.share is None else f"{digits(100.0 * each.share)} %"
    return {
        "condition": each.label,
        "": each.outcome,
        "requests": share,
        "requires": "" if each.text == each.label else each.text,
    }


def _course(course: Course, busy: float, look: Look) -> Iterator[str]:
    """Yield a line for each series; the largest value is the full height."""
    count = len(course.running)
    running, waiting = (sum(each) / max(count, 1) for each in (course.running, course.waiting))
    for name, values, top, said in (
        ("busy", course.busy, 1.0, f"{digits(float(f'{100.0 * busy:.3g}'))} % of the time"),
        ("running", course.running, max(course.running), f"{_mean(running)} in the mean"),
        ("waiting", course.waiting, max(course.waiting), f"{_mean(waiting)} in the mean"),
    ):
        yield f"{name:<8} {sparkline(values, top, plain=not look.blocks)} {said}"
    yield f"{'':<8} each mark is {digits(float(f'{course.part_s:.3g}'))} s"


def _mean(value: float) -> str:
    return digits(float(f"{value:.3g}"))

"""JSON of simulations; unknown is null."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import asdict

from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look
from sizer.render.kit.numbers import number
from sizer.schema.answered.report import Value
from sizer.schema.answered.simulation import Attainment, Simulation

VERSION = 1


def render(simulations: Sequence[Simulation], _: Look) -> str:
    """Return every simulation, without its single requests."""
    return dumped({"version": VERSION, "simulations": [_simulation(each) for each in simulations]})


def _simulation(found: Simulation) -> dict[str, Any]:
    return {
        "model": found.model,
        "candidate": found.candidate,
        "survives": found.survives,
        "attains": found.attains,
        "source": _numbers(asdict(found.source)),
        "router": found.router,
        "seed": found.seed,
        "failures": [{"replica": one, "at_s": number(at_s)} for one, at_s in found.failures],
        "span_s": number(found.span_s),
        "busy": number(found.busy),
        "requests": asdict(found.counts),
        "metrics": _numbers(found.metrics),
        "expected": _numbers(found.expected),
        "conditions": [_attainment(each) for each in found.attained],
        "course": {
            "part_s": number(found.course.part_s),
            "busy": list(map(number, found.course.busy)),
            "running": list(map(number, found.course.running)),
            "waiting": list(map(number, found.course.waiting)),
        },
    }


def _numbers(values: Any) -> dict[str, Value]:
    return {name: number(each) for name, each in values.items()}


def _attainment(each: Attainment) -> dict[str, Any]:
    return {**asdict(each), "share": number(each.share)}

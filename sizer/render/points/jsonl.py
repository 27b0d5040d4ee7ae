"""Points as one JSON object a line; null is unknown, numbers are numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sizer.render.kit.look import Look
from sizer.render.kit.numbers import number
from sizer.render.points.rows import Estimated, Style, lines
from sizer.schema.answered.report import Value
from sizer.schema.asked.point import MEASURED
from sizer.schema.metrics import registry


def render(points: Estimated, _: Look) -> Iterator[str]:
    """Yield a text for each block."""
    yield from lines(points, STYLE)


def _write(name: str, value: Value) -> str:
    return f"{_key(name)}: {json.dumps(_typed(name, value), ensure_ascii=False)}"


def _numbers(name: str, values: list[float]) -> list[str]:
    key = _key(name)
    return [f"{key}: {json.dumps(number(value))}" for value in values]


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _typed(name: str, value: Value) -> Value:
    """Return what a cell of a number says, if it says one."""
    metric = registry().get(name.removeprefix(MEASURED))
    if not isinstance(value, str) or metric is None or metric.kind != "number":
        return number(value)
    try:
        said = number(float(value), whole=True)
    except ValueError:
        return value
    return value if said is None else said


STYLE = Style(_write, _numbers, "{", ", ", "}\n")

"""Answers whose ranks talk over the network between servers in every layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sizer.schema.answered.assumption import LeavesServer
from sizer.schema.answered.report import Answer, Choice
from sizer.schema.scenario import Scenario

Sized = tuple[str, int]


def leaving_servers(answers: Iterable[Answer], scenario: Scenario) -> Iterator[LeavesServer]:
    """Yield each accelerator and size of which an answer is, the best answer speaking for all."""
    servers = {gpu.name: gpu.joined_devices for gpu in scenario.gpus}
    for (gpu, tp), choice in _first_of_each(answers).items():
        if tp > servers[gpu]:
            yield LeavesServer(gpu, tp, servers[gpu], _share(choice))


def _first_of_each(answers: Iterable[Answer]) -> dict[Sized, Choice]:
    found: dict[Sized, Choice] = {}
    for answer in answers:
        for choice in filter(None, (answer.chosen, *answer.others)):
            gpu, tp = choice.metrics["gpu"], choice.metrics["tp"]
            if isinstance(gpu, str) and isinstance(tp, int | float):
                found.setdefault((gpu, int(tp)), choice)
    return found


def _share(choice: Choice) -> float | None:
    links, step = choice.metrics.get("interconnect_ms"), choice.metrics.get("decode_step_ms")
    if isinstance(links, float) and isinstance(step, float):
        return links / step
    return None

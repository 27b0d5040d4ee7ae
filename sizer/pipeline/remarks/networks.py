"""Answers whose ranks talk over slow ways in every layer: a network, or copies over PCIe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sizer.estimate.engine import switched_devices
from sizer.schema.answered.assumption import DirectCopies, LeavesServer
from sizer.schema.answered.report import Answer, Choice
from sizer.schema.facts.gpu import Gpu
from sizer.schema.scenario import Scenario

Sized = tuple[str, int]


def network_remarks(
    answers: Iterable[Answer], scenario: Scenario
) -> Iterator[LeavesServer | DirectCopies]:
    """Yield what each accelerator and size of an answer goes over, its best speaking for all."""
    gpus = {gpu.name: gpu for gpu in scenario.gpus}
    for (name, tp), choice in _first_of_each(answers).items():
        if tp > gpus[name].joined_devices:
            yield LeavesServer(name, tp, gpus[name].joined_devices, _share(choice))
        elif _copies(gpus[name], tp):
            yield DirectCopies(name)


def _copies(gpu: Gpu, tp: int) -> bool:
    """Whether ranks are joined by PCIe, and copy directly as far as anybody says."""
    return tp > max(1, switched_devices(gpu)) and gpu.peer_to_peer is not False


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

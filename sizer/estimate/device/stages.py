"""Pipeline stages: how many layers each has, and which hold the tables."""

from __future__ import annotations

from attrs import frozen


@frozen
class Stage:
    """A pipeline stage: the first embeds, the last projects and samples."""

    layers: int
    first: bool
    last: bool


def stages(layer_count: int, pp: int) -> tuple[Stage, ...]:
    """Return the stages as vLLM cuts them: what is left over goes before the last (get_pp_indices).

    The last stage has the output projection, so it is the last to get one more layer.
    """
    each, over = divmod(layer_count, pp)
    counts = [each] * pp
    for extra in range(over):
        counts[-2 - extra if extra < pp - 1 else -1] += 1
    return tuple(
        Stage(count, first=number == 0, last=number == pp - 1)
        for number, count in enumerate(counts)
    )

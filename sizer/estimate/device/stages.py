"""Pipeline stages: how many layers each has, and which hold the tables."""

from __future__ import annotations

from attrs import frozen


@frozen
class Stage:
    """A pipeline stage: the first embeds, the last projects and samples."""

    layers: int
    first: bool
    last: bool


def stages(layer_count: int, pp: int, asked: tuple[int, ...] = ()) -> tuple[Stage, ...]:
    """Return the stages, of as many layers as `asked` says, else as vLLM cuts them."""
    counts = stage_layers(layer_count, pp, asked)
    return tuple(
        Stage(count, first=number == 0, last=number == pp - 1)
        for number, count in enumerate(counts)
    )


def stage_layers(layer_count: int, pp: int, asked: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Return the layers of each stage.

    Where nobody asks, what is left over goes before the last stage (vLLM, get_pp_indices). The
    last has the output projection, so it is the last to get one more layer.
    """
    if len(asked) == pp > 1:
        return asked
    each, over = divmod(layer_count, pp)
    counts = [each] * pp
    for extra in range(over):
        counts[-2 - extra if extra < pp - 1 else -1] += 1
    return tuple(counts)

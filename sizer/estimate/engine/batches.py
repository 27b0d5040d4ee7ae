"""How engines that only read put texts together: by tokens or by texts, packed or padded."""

from __future__ import annotations

from attrs import frozen

from sizer.schema.facts.gpu import Gpu

SORTED_BATCHES = 8  # of Infinity's queue (inference/batch_handler.py, max_n_batches)
LEAST_CAPABILITY = 7.5  # of TEI's images (README.md, docker images)
FLASH_CAPABILITY = 8.0  # from it on TEI's kernels take texts of any length side by side


@frozen
class Batches:
    """Batches of one engine on one accelerator.

    Texts are `padded` to the longest of a batch, of `sorted_batches` that were sorted by length.
    `by_texts` are limited by their number alone. What is launched by `compiled` code costs what a
    captured graph does.
    """

    padded: bool = False
    sorted_batches: int = 1
    by_texts: bool = False
    compiled: bool = False
    runs: bool = True


PACKED = Batches()


def batches(engine: str, gpu: Gpu) -> Batches:
    """Return how an engine batches on an accelerator.

    TEI packs texts where FlashAttention 2 runs and pads them on Turing (its README.md,
    core/src/queue.rs); it has no kernels for older ones. Infinity pads, and sorts what waits
    (inference/queue.py).
    """
    if engine == "infinity":
        return Batches(padded=True, sorted_batches=SORTED_BATCHES, by_texts=True)
    if engine != "tei":
        return PACKED
    known = gpu.compute_capability
    old = known is not None and known < LEAST_CAPABILITY
    return Batches(
        padded=known is not None and known < FLASH_CAPABILITY, compiled=True, runs=not old
    )

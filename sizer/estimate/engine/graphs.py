"""Which batch sizes vLLM captures as CUDA graphs."""

from __future__ import annotations


def captured_sizes(
    max_num_seqs: int,
    tokens: int,
    most: int,
    asked: tuple[int, ...] = (),
    largest: int | None = None,
) -> tuple[int, ...]:
    """Return the sizes in order: 1, 2, 4, then every 8th up to 256 and every 16th.

    They go as far as twice the largest batch and `most`, or as asked, and never beyond the `tokens`
    of a step (vLLM, `_set_cudagraph_sizes` in vllm/config/vllm.py).
    """
    if asked:
        return tuple(sorted({size for size in asked if size <= tokens}))
    last = min(largest or min(2 * max_num_seqs, most), tokens)
    sizes = (1, 2, 4, *range(8, 256, 8), *range(256, last + 1, 16))
    return tuple(size for size in sizes if size <= last)

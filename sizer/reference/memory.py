"""What a model takes of an accelerator's memory, whether it fits or not."""

from __future__ import annotations

import warnings
from typing import Any

from attrs import frozen

from sizer.diagnostic import problem
from sizer.reference.judgement import tried
from sizer.reference.lengths import Lengths
from sizer.reference.request import Item, Request, named
from sizer.resolve.facts import Facts
from sizer.schema.answered.recommendation import Performance

USUAL = "H100-SXM5-80GB"  # weights and cache are the same on any; engines size activations by it


@frozen
class Memory:
    """Parts of a model's memory on one accelerator and their sum, in 1e9 bytes."""

    weights_gb: float
    kv_cache_gb: float
    activations_gb: float
    overhead_gb: float
    total_gb: float

    @classmethod
    def of(cls, found: Performance) -> Memory:
        """Return the memory of what was estimated."""
        parts = (
            found.memory_weights_gb,
            found.memory_kv_cache_gb,
            found.memory_activations_gb,
            found.memory_overhead_gb,
            found.memory_required_gb,
        )
        known = [each for each in parts if each is not None]
        if len(known) < len(parts):
            raise AssertionError("the memory of every model is known")
        return cls(*known)


def memory_of(
    model: dict[str, Any],
    facts: Facts,
    *,
    precision: str,
    batch_size: int,
    lengths: Lengths,
    gpu: dict[str, Any] | None = None,
) -> Memory:
    """Return the memory of a model, whole on one accelerator; its fields as a file has them.

    A load beyond the model's context is shortened, with a warning. Raises Problem.
    """
    asked = Request(
        models=[Item(model, named("model"))],
        library=[] if gpu else [Item({"name": USUAL}, named("gpu"))],
        custom=[Item(gpu, named("gpu"))] if gpu else [],
        precision=precision,
        batch_size=batch_size,
        lengths=lengths,
        most_gpus=1,
    )
    verdicts, notes = tried(asked, facts)
    for note in notes:
        warnings.warn(f"{model['name']}: {note}", UserWarning, stacklevel=4)
    for each in verdicts:
        if each.performance is not None:
            return Memory.of(each.performance)
    said = f"{model['name']} in {precision} runs on no accelerator that was tried"
    raise problem("SZ705", said, hint="name another precision, or a `gpu` that has a kernel for it")

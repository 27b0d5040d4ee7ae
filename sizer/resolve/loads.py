"""Load points of a workload: every combination of its lists."""

from __future__ import annotations

from itertools import product

from sizer.schema.profile import Workload
from sizer.schema.scenario import Load


def loads(workload: Workload) -> list[Load]:
    """Return every combination of lengths with concurrencies, or with request rates if given.

    `max_context` that is not asked for is the longest request of the workload.
    """
    lengths = list(product(workload.input_tokens, workload.output_tokens))
    longest = max(inputs + outputs for inputs, outputs in lengths)
    context = workload.max_context or longest
    offered: list[tuple[int | None, float | None]] = [(n, None) for n in workload.concurrency]
    if workload.request_rate:
        offered = [(None, rate) for rate in workload.request_rate]
    return [
        Load(
            inputs,
            outputs,
            concurrency,
            rate,
            context,
            workload.prefix_hit_share,
            workload.input_tokens_spread,
            workload.output_tokens_spread,
        )
        for inputs, outputs in lengths
        for concurrency, rate in offered
    ]

"""Load points of a workload: every combination of its lists."""

from __future__ import annotations

from itertools import product

from sizer.schema.asked.lengths import answers, context, prompts
from sizer.schema.asked.serving import Workload
from sizer.schema.scenario import Load


def loads(workload: Workload) -> list[Load]:
    """Return every combination of lengths with concurrencies, or with request rates if given.

    `max_context` that is not asked for is the longest request of the workload.
    """
    asked, answered = prompts(workload), answers(workload)
    longest = context(workload)
    offered: list[tuple[int | None, float | None]] = [(n, None) for n in workload.concurrency]
    if workload.request_rate:
        offered = [(None, rate) for rate in workload.request_rate]
    return [
        Load(
            inputs,
            outputs,
            concurrency,
            rate,
            longest,
            workload.prefix_hit_share,
            asked.spread,
            answered.spread,
            workload.shared_prefix_tokens,
            workload.prefix_groups,
            workload.router,
            workload.lockstep,
        )
        for inputs, outputs in product(asked.means, answered.means)
        for concurrency, rate in offered
    ]

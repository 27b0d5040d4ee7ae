"""Load points of a workload: every combination of its lists."""

from __future__ import annotations

from itertools import product
from math import inf

from sizer.schema.asked.lengths import answers, context, prompts
from sizer.schema.asked.serving import Workload
from sizer.schema.facts.lengths import JointLengths
from sizer.schema.scenario import Load


def loads(
    workload: Workload, lengths: JointLengths | None = None, headroom: float = 0.0
) -> list[Load]:
    """Return every combination of lengths with concurrencies, or with request rates or users.

    The highest rate is a load of none of them. `lengths` are those of the log whose load it is.
    With `headroom`, a share, each rate is there again with so much more on top.
    `max_context` that is not asked for is the longest request of the workload.
    """
    asked, answered = prompts(workload), answers(workload)
    longest = context(workload)
    shape = inf if workload.arrivals == "constant" else workload.burstiness
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
            shape,
            users,
            workload.think_time_s,
            workload.requests,
            lengths=lengths,
            turns=workload.turns,
        )
        for inputs, outputs in product(asked.means, answered.means)
        for concurrency, rate, users in _offered(workload, headroom)
    ]


def _offered(
    workload: Workload, headroom: float
) -> list[tuple[int | None, float | None, int | None]]:
    """Return what is offered at each load point: requests in flight, a rate, or users."""
    if workload.is_highest:
        return [(None, None, None)]
    if workload.offered == "request_rate":
        most = [rate * (1.0 + headroom) for rate in workload.rates if headroom]
        return [(None, rate, None) for rate in dict.fromkeys((*workload.rates, *most))]
    if workload.offered == "users":
        return [(None, None, users) for users in workload.users]
    return [(number, None, None) for number in workload.concurrency]

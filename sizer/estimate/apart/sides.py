"""Terms of both sides as one: what each metric is of two sides and the link between them.

`<column>_of_prefill` and `<column>_of_decode` are columns of either side, estimated alone.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, get_type_hints

import numpy as np

from sizer.estimate import analytic
from sizer.estimate.columns.graph import reads
from sizer.estimate.columns.interval import at_ends, named, scaled
from sizer.estimate.columns.quantity import (
    Code,
    Count,
    Milliseconds,
    Numbers,
    Requests,
    RequestsPerSecond,
    Seconds,
    Term,
    Tokens,
    TokensPerSecond,
    Truth,
)
from sizer.estimate.time import bounds, goodput, queueing, service
from sizer.estimate.traffic import ends, whole
from sizer.estimate.traffic.distributions import LEAST
from sizer.estimate.traffic.percent import Percent, at_percents
from sizer.schema.metrics import MEMORY, MEMORY_BOUNDS

MS = 1e3
WIDER = 1.75  # of nine in ten runs: tests/accuracy/score_disagg.py DISAGG.csv
MADE = ("fits", "fits_surely", "checkpoint_gib", "checkpoint_gib_low", "checkpoint_gib_high")
OF_CACHE = ("kv_pool_gib", "kv_bytes_per_token", "kv_capacity_tokens", "max_concurrency")
STEP = (
    "decode_step_ms",
    "draft_ms",
    "compute_ms",
    "bandwidth_ms",
    "interconnect_ms",
    "engine_ms",
    "compute_bound",
    "bottleneck",
)
PACE = ("itl_ms", *(f"{kind}_p{p}_ms" for kind in ("tpot", "itl") for p in (50, 90, 95, 99)))


def prefill_gpus(prefill_replicas: Count, spare_replicas: Count, prefill_gpus_each: Count) -> Count:
    """Accelerators of the side that reads prompts, those to spare among them."""
    return (prefill_replicas + spare_replicas) * prefill_gpus_each


def gpus(
    tp: Count,
    pp: Count,
    dp: Count,
    replicas: Count,
    spare_replicas: Count,
    prefill_gpus: Count,
) -> Count:
    """Accelerators of both sides, those to spare among them."""
    return service.gpus(tp, pp, dp, replicas, spare_replicas) + prefill_gpus


def fits(fits_of_prefill: Truth, fits_of_decode: Truth) -> Truth:
    """Whether both sides fit; unknown where that hangs on an unknown one."""
    return np.where(
        (fits_of_prefill == 0) | (fits_of_decode == 0),
        0,
        np.minimum(fits_of_prefill, fits_of_decode),
    ).astype(np.int8)


def fits_surely(fits_surely_of_prefill: Truth, fits_surely_of_decode: Truth) -> Truth:
    """Whether both sides fit when everything takes much."""
    return fits(fits_surely_of_prefill, fits_surely_of_decode)


def transfer_ms(transfer_seconds: Seconds) -> Milliseconds:
    """What a request sees of its cache's way to decode, in the mean."""
    return transfer_seconds * MS


def burst_ms(
    burst_seconds_of_wave: Seconds,
    queue_ms_of_prefill: Milliseconds,
    first_wave_share: Count,
) -> Milliseconds:
    """Wait of a closed loop's first wave beyond the usual queue, in the mean over all requests."""
    beyond = np.maximum(burst_seconds_of_wave * MS - queue_ms_of_prefill, 0.0)
    return beyond * first_wave_share


def joining_ms(
    ttft_ms_of_decode: Milliseconds,
    queue_ms_of_decode: Milliseconds,
    server_s: Seconds,
    is_closed: Count,
) -> Milliseconds:
    """From the cache to the first token: the step that runs, one's own, and a place.

    A request is handled by a server once, before its prompt is read. The wait for a place in a
    closed loop is what its requests in flight leave (`waiting_ms`).
    """
    return ttft_ms_of_decode - server_s * MS - queue_ms_of_decode * is_closed


def waiting_ms(
    closed_requests: Requests,
    think_time_s: Seconds,
    passing_rate: RequestsPerSecond,
    ttft_ms_of_prefill: Milliseconds,
    burst_ms: Milliseconds,
    transfer_ms: Milliseconds,
    joining_ms: Milliseconds,
    itl_ms: Milliseconds,
    output_tokens: Tokens,
    is_closed: Count,
) -> Milliseconds:
    """Wait at the side that binds, where a closed loop has it full (Little, 1961)."""
    whole_ms = ttft_ms_of_prefill + burst_ms + transfer_ms + joining_ms
    whole_ms = whole_ms + (output_tokens - 1.0) * itl_ms
    left = (closed_requests / passing_rate - think_time_s) * MS - whole_ms
    return np.where(is_closed > 0, np.maximum(left, 0.0), 0.0)


def ttft_ms(
    ttft_ms_of_prefill: Milliseconds,
    burst_ms: Milliseconds,
    transfer_ms: Milliseconds,
    joining_ms: Milliseconds,
    waiting_ms: Milliseconds,
) -> Milliseconds:
    """Mean time to first token: through the queue and the prompt, over the link, into a step."""
    return ttft_ms_of_prefill + burst_ms + transfer_ms + joining_ms + waiting_ms


def queue_ms(
    queue_ms_of_prefill: Milliseconds,
    queue_ms_of_decode: Milliseconds,
    burst_ms: Milliseconds,
    waiting_ms: Milliseconds,
    link_wait_seconds: Seconds,
    is_closed: Count,
) -> Milliseconds:
    """Mean wait for a place on either side, and for the link."""
    places = queue_ms_of_prefill + queue_ms_of_decode * (1.0 - is_closed)
    return places + burst_ms + waiting_ms + link_wait_seconds * MS


def ttft(
    percent: Percent,
    ttft_ms: Milliseconds,
    burst_ms: Milliseconds,
    ttft_ms_of_prefill: Milliseconds,
    ttft_here_ms_of_prefill: Milliseconds,
    queue_ms_of_prefill: Milliseconds,
    ttft_ms_of_decode: Milliseconds,
    ttft_here_ms_of_decode: Milliseconds,
    link_wait_seconds: Seconds,
    burst_seconds_of_wave: Seconds,
    first_wave_share: Count,
) -> Milliseconds:
    """First token at a percent of requests: distances from the mean of both sides and the link.

    The three are taken as independent, so their distances add as squares do. A closed loop's first
    wave waits for places that are uniform, for the share of requests in it.
    """
    here = (
        ttft_here_ms_of_prefill - ttft_ms_of_prefill,
        ttft_here_ms_of_decode - ttft_ms_of_decode,
        link_wait_seconds * MS * (-np.log1p(-percent.share) - 1.0),
    )
    apart = sum(np.copysign(each * each, each) for each in here)
    usual = ttft_ms - burst_ms
    steady = usual + np.copysign(np.sqrt(np.abs(apart)), apart)
    place = 1.0 - (1.0 - percent.share) / np.maximum(first_wave_share, LEAST)
    wave = usual - queue_ms_of_prefill + 2.0 * burst_seconds_of_wave * MS * np.maximum(place, 0.0)
    return np.maximum(steady, np.where(place > 0, wave, 0.0))


def max_request_rate(
    max_request_rate_of_prefill: RequestsPerSecond,
    max_request_rate_of_decode: RequestsPerSecond,
    link_rate: RequestsPerSecond,
) -> RequestsPerSecond:
    """Requests that both sides and the link sustain: those of the scarcest of them."""
    sides = np.minimum(max_request_rate_of_prefill, max_request_rate_of_decode)
    return np.minimum(sides, link_rate)


def max_tokens_per_second(
    max_request_rate: RequestsPerSecond, output_tokens: Tokens
) -> TokensPerSecond:
    """Output tokens of all replicas when requests never run out."""
    return max_request_rate * output_tokens


def offered_rate(
    request_rate: RequestsPerSecond, passing_rate: RequestsPerSecond
) -> RequestsPerSecond:
    """Requests a second that come; of a closed loop those that are answered."""
    return np.where(np.isnan(request_rate), passing_rate, request_rate)


def prefill_utilization(
    offered_rate: RequestsPerSecond, max_request_rate_of_prefill: RequestsPerSecond
) -> Count:
    """Requests a second over those that prefill sustains."""
    return offered_rate / max_request_rate_of_prefill


def decode_utilization(
    offered_rate: RequestsPerSecond, max_request_rate_of_decode: RequestsPerSecond
) -> Count:
    """Requests a second over those that decode sustains."""
    return offered_rate / max_request_rate_of_decode


def utilization(offered_rate: RequestsPerSecond, max_request_rate: RequestsPerSecond) -> Count:
    """Requests a second over those that the scarcest part sustains."""
    return offered_rate / max_request_rate


def overloaded(
    request_rate: RequestsPerSecond,
    passing_rate: RequestsPerSecond,
    max_request_rate: RequestsPerSecond,
) -> Truth:
    """Whether as much comes as the scarcest part sustains; a closed loop offers no more."""
    carried = np.isnan(request_rate) | np.isfinite(passing_rate)
    return np.where(carried, 0, np.where(np.isnan(max_request_rate), -1, 1)).astype(np.int8)


def binding_side(
    max_request_rate_of_prefill: RequestsPerSecond,
    max_request_rate_of_decode: RequestsPerSecond,
    link_rate: RequestsPerSecond,
) -> Code:
    """The part that sustains the fewest requests, as a code of the registry's members."""
    parts = np.stack((max_request_rate_of_prefill, max_request_rate_of_decode, link_rate))
    unknown = np.isnan(parts).any(axis=0)
    return np.where(unknown, -1, 1 + np.argmin(parts, axis=0)).astype(np.int32)


def concurrency(
    asked_concurrency: Requests, passing_rate: RequestsPerSecond, e2e_ms: Milliseconds
) -> Requests:
    """Requests in flight over both sides (Little, 1961)."""
    return np.where(np.isnan(asked_concurrency), passing_rate * e2e_ms / MS, asked_concurrency)


def prefill_is_tighter(
    memory_headroom_gib_of_prefill: Numbers, memory_headroom_gib_of_decode: Numbers
) -> Count:
    """Whether accelerators that read prompts have less memory to spare."""
    return (memory_headroom_gib_of_prefill < memory_headroom_gib_of_decode).astype(np.float64)


def of_side(name: str, side: str) -> Term:
    """Return a metric as it is of one side."""

    def term(value: Numbers) -> Numbers:
        return value

    return named(term, name, (f"{name}_of_{side}",), _unit(name), f"`{name}` of the {side} side.")


def of_tighter(name: str) -> Term:
    """Return a metric of the accelerators of which less memory is to spare."""

    def term(prefill: Numbers, tighter: Numbers, decode: Numbers) -> Numbers:
        return np.where(tighter > 0, prefill, decode)

    columns = (f"{name}_of_prefill", "prefill_is_tighter", f"{name}_of_decode")
    about = f"`{name}` of the side that has less memory to spare."
    return named(term, name, columns, _unit(name), about)


def wider(term: Term) -> tuple[Term, Term]:
    """Return the end of an interval as it is of replicas that do both, and WIDER times as far.

    Farther is by a power of its ratio to the value, so what is unknown stays so.
    """
    end = term.__name__
    alike, name = f"{end}_of_both", end.removesuffix("_low").removesuffix("_high")
    unit = get_type_hints(term, include_extras=True)["return"]

    def as_both(*columns: Numbers) -> Numbers:
        found: Numbers = term(*columns)
        return found

    def farther(value: Numbers, near: Numbers) -> Numbers:
        found: Numbers = value * (near / value) ** WIDER
        return found

    about = f"`{end}` as measured of prompts that are read apart."
    return (
        named(as_both, alike, reads(term), unit, str(term.__doc__)),
        named(farther, end, (name, alike), unit, about),
    )


def _unit(name: str) -> Any:
    return get_type_hints(analytic.TERMS[name], include_extras=True)["return"]


def _is_first_token(term: Term) -> bool:
    return term.__name__.startswith("ttft")


HELD = tuple(metric.name for metric in (*MEMORY, *MEMORY_BOUNDS) if metric.name not in MADE)
CACHES = tuple(name for name in HELD if name.removesuffix("_low").removesuffix("_high") in OF_CACHE)
TIGHT = tuple(name for name in HELD if name not in CACHES)
TERMS: tuple[Term, ...] = (
    prefill_gpus,
    gpus,
    fits,
    fits_surely,
    transfer_ms,
    queueing.first_wave_share,
    burst_ms,
    joining_ms,
    waiting_ms,
    ttft_ms,
    queue_ms,
    *at_percents(ttft, "Time to first token that {percent} % of requests do not exceed."),
    max_request_rate,
    max_tokens_per_second,
    offered_rate,
    prefill_utilization,
    decode_utilization,
    utilization,
    overloaded,
    binding_side,
    concurrency,
    prefill_is_tighter,
    of_side("prefill_ms", "prefill"),
    of_side("cached_prompt_share", "prefill"),
    *(of_side(name, "decode") for name in (*STEP, *PACE, *CACHES)),
    *map(of_tighter, TIGHT),
    *(each for each in service.TERMS if each.__name__ not in {"gpus", "concurrency"}),
    *goodput.TERMS,
    *bounds.TERMS,
    *scaled("checkpoint_gib", "checkpoint"),
    *scaled("max_request_rate", "max_tokens_per_second"),
    *at_ends(utilization, opposite=("max_request_rate",)),
    *whole.TERMS,
    *chain.from_iterable(wider(each) for each in ends.TERMS if _is_first_token(each)),
    *(each for each in ends.TERMS if not _is_first_token(each)),
)

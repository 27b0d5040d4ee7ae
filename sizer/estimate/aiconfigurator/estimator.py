"""aiconfigurator behind the estimator's interface: what it does not know is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil, isfinite
from typing import Any

import numpy as np

from sizer.catalog.aiconfigurator import names
from sizer.estimate.aiconfigurator.ask import asked
from sizer.estimate.aiconfigurator.engine import Compiled, compiled, release, require
from sizer.estimate.columns.axes import PURCHASE
from sizer.estimate.columns.cells import DEPLOYMENT, GPU, LOAD, SETTINGS
from sizer.estimate.columns.estimator import Estimator
from sizer.estimate.columns.graph import by_name
from sizer.estimate.columns.inputs import Inputs
from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerToken,
    Count,
    Gib,
    Milliseconds,
    Requests,
    RequestsPerSecond,
    Seconds,
    Term,
    Tokens,
    TokensPerSecond,
    Truth,
)
from sizer.estimate.engine.extras import NO_EXTRAS
from sizer.estimate.engine.intervals import ends
from sizer.estimate.engine.settings import settings
from sizer.estimate.memory import memory, prefix
from sizer.estimate.time import bounds, day, service
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Load, Scenario
from sizer.schema.table import Column, Values
from sizer.units import GIB

BLOCK_ROWS = 1024  # it takes milliseconds for a candidate, and progress is shown by blocks
TIMES = ("ttft_ms", "itl_ms", "decode_step_ms", "prefill_ms")
BYTES = (
    "weight_bytes",
    "activation_bytes",
    "overhead_bytes",
    "request_bytes_at_end",
    "request_bytes_at_max_context",
    "token_bytes",
)


def weights_gib(weight_bytes: Bytes) -> Gib:
    """Weights on one accelerator."""
    return weight_bytes / GIB


def activations_gib(activation_bytes: Bytes) -> Gib:
    """Activations of a step of `max_num_batched_tokens`."""
    return activation_bytes / GIB


def overhead_gib(overhead_bytes: Bytes) -> Gib:
    """NCCL, and what aiconfigurator sets aside for CUDA and its own inaccuracy."""
    return overhead_bytes / GIB


def cached_requests(
    loaded_concurrency: Requests,
    replicas: Count,
    dp: Count,
    max_num_seqs: Requests,
    kv_pool_gib: Gib,
    request_bytes_at_end: Bytes,
) -> Requests:
    """Requests of one attention group whose cache is held, without any shared prefix."""
    none = np.zeros_like(loaded_concurrency)
    any_number = np.full_like(loaded_concurrency, np.inf)
    room = (max_num_seqs, any_number, kv_pool_gib, request_bytes_at_end, *3 * (none,))
    return prefix.cached_requests(loaded_concurrency, replicas, dp, *room)


def fits(memory_headroom_gib: Gib, kv_pool_gib: Gib, request_bytes_at_max_context: Bytes) -> Truth:
    """Whether this load fits, and one request of `max_context`; of states it knows no slots."""
    any_number = np.full_like(kv_pool_gib, np.inf)
    held = (kv_pool_gib, request_bytes_at_max_context, any_number, any_number)
    return memory.fits(memory_headroom_gib, *held)


def usable_gib(
    gpu_memory_gib: Gib, gpu_memory_utilization: Count, fixed_pool_gib: Gib, reserved_gib: Gib
) -> Gib:
    """Memory that the engine may take of what the device reports."""
    return memory.usable_gib(gpu_memory_gib, gpu_memory_utilization, fixed_pool_gib, reserved_gib)


def kv_cache_gib(cached_requests: Requests, request_bytes_at_end: Bytes) -> Gib:
    """Cache of all held requests of an attention group when each has reached its end."""
    return cached_requests * request_bytes_at_end / GIB


def kv_bytes_per_token(token_bytes: BytesPerToken, tp: Count) -> BytesPerToken:
    """Cache of one token over the devices of one replica."""
    return token_bytes * tp


def max_concurrency(
    kv_pool_gib: Gib, request_bytes_at_max_context: Bytes, dp: Count, replicas: Count
) -> Requests:
    """Requests of `max_context` that the pools of all attention groups of all replicas hold."""
    return kv_pool_gib * GIB / request_bytes_at_max_context * dp * replicas


def request_bytes_at_start(request_bytes_at_max_context: Bytes) -> Bytes:
    """Cache of one request of `max_context`, which an engine's start is taken to ask for."""
    return request_bytes_at_max_context


def tokens_per_second_low(
    concurrency: Requests,
    output_tokens: Tokens,
    ttft_ms_high: Milliseconds,
    itl_ms_high: Milliseconds,
    tokens_per_second: TokensPerSecond,
) -> TokensPerSecond:
    """What is left when first tokens and all others are as late as they may be."""
    e2e_ms = service.e2e_ms(ttft_ms_high, itl_ms_high, output_tokens)
    return np.minimum(concurrency * output_tokens / e2e_ms * 1e3, tokens_per_second)


def tokens_per_second_high(
    concurrency: Requests,
    output_tokens: Tokens,
    ttft_ms_low: Milliseconds,
    itl_ms_low: Milliseconds,
    request_rate: RequestsPerSecond,
) -> TokensPerSecond:
    """What is reached when both are as early as they may be, and no more than what arrives."""
    e2e_ms = service.e2e_ms(ttft_ms_low, itl_ms_low, output_tokens)
    return service.tokens_per_second(concurrency, output_tokens, e2e_ms, request_rate)


def overloaded(request_rate: RequestsPerSecond, loaded_concurrency: Requests) -> Truth:
    """Whether a rate is more than is carried: unknown where no number in flight carries it."""
    carried = np.isnan(request_rate) | np.isfinite(loaded_concurrency)
    return np.where(carried, 0, -1).astype(np.int8)


def cycle_seconds(e2e_ms: Milliseconds) -> Seconds:
    """How long a request is held: it has no wait for a place in aiconfigurator's times."""
    return e2e_ms / 1e3


def busiest_ratio(max_num_seqs: Requests) -> Count:
    """Load of the busiest attention group over the mean: none has more than another."""
    return np.ones_like(max_num_seqs)


def admitted_requests(max_num_seqs: Requests) -> Requests:
    """Requests that one attention group runs at once at most, by the engine's settings."""
    return max_num_seqs


TERMS: Mapping[str, Term] = by_name(
    (
        weights_gib,
        activations_gib,
        overhead_gib,
        kv_cache_gib,
        kv_bytes_per_token,
        max_concurrency,
        request_bytes_at_start,
        cached_requests,
        memory.reserved_gib,
        usable_gib,
        memory.memory_required_gib,
        memory.room_beside_gib,
        memory.memory_headroom_gib,
        memory.memory_headroom_share,
        memory.kv_pool_gib,
        memory.kv_capacity_tokens,
        fits,
        *service.TERMS,
        *day.TERMS,
        *bounds.PAIRS["itl_ms"],
        *bounds.PAIRS["ttft_ms"],
        overloaded,
        cycle_seconds,
        admitted_requests,
        busiest_ratio,
        tokens_per_second_low,
        tokens_per_second_high,
        *bounds.COST,
    )
)
FACTS = frozenset((*DEPLOYMENT, *GPU, *LOAD, *SETTINGS, PURCHASE, "tp", "pp"))
RATIOS = tuple(f"{name}_{end}_ratio" for name in ("itl_ms", "ttft_ms") for end in ("low", "high"))
UNKNOWN = tuple(metric for metric in METRICS if metric.name not in {*TERMS, *FACTS, *TIMES})


def columns(inputs: Inputs, concurrency: Values) -> dict[str, Column]:
    """Return what aiconfigurator says of some rows; every other metric is unknown."""
    count = len(concurrency)
    figures = {name: np.full(count, np.nan) for name in (*TIMES, *BYTES)}
    replicas = inputs.column("replicas").values
    for row, found in enumerate(_answers(inputs.scenario, concurrency, replicas)):
        for name, value in found.items():
            if isfinite(value) and value > 0:
                figures[name][row] = value
    told = {name: Column(values) for name, values in figures.items()}
    return _unknown(count) | told | _ratios(count, inputs.scenario.confidence)


def _ratios(count: int, confidence: float | None) -> dict[str, Column]:
    """Return the ends of the intervals of the times, over their values."""
    found = ends(names().intervals, confidence, seen=True)
    return {name: Column(np.full(count, found[name])) for name in RATIOS}


def _answers(
    scenario: Scenario, concurrency: Values, replicas: Values
) -> Iterator[dict[str, float]]:
    indices = (scenario.deployment_of, scenario.gpu_of, scenario.engine_of, scenario.load_of)
    for flight, shared, *places in zip(concurrency, replicas, *indices, strict=True):
        deployment, gpu = scenario.deployments[places[0]], scenario.gpus[places[1]]
        engine = settings(scenario.engines[places[2]], gpu)
        load = scenario.loads[places[3]]
        held_back = engine.prefill_wait_steps or engine.scheduler_recv_interval > 1
        own = (
            engine.extras != NO_EXTRAS or load.turns > 1 or not engine.timed or engine.enforce_eager
        )
        own = own or engine.drafted_tokens > 0
        unlike = engine.static_batching or held_back or load.shared_prefix_tokens or own
        question = None if unlike else asked(deployment, gpu, engine.engine)
        built = None if question is None else compiled(question)
        if built is None:
            yield {}
            continue
        step_tokens = engine.max_num_batched_tokens
        yield _memory(built, load, step_tokens) | _times(
            built, load, flight / (shared * deployment.dp * deployment.pp), step_tokens
        )


def _memory(built: Compiled, load: Load, step_tokens: int) -> dict[str, float]:
    sequence = load.input_tokens + load.output_tokens
    found = built.memory(sequence, load.max_context, step_tokens)
    values = (
        found.weights,
        found.activations,
        found.overhead,
        found.request,
        found.longest_request,
        found.token,
    )
    return dict(zip(BYTES, values, strict=True))


def _times(built: Compiled, load: Load, batched: float, step_tokens: int) -> dict[str, float]:
    """Return the times; aiconfigurator's batch is that of an attention group's pipeline slot."""
    if not isfinite(batched):
        return {}
    batch = max(1, ceil(batched))
    chunk = min(load.input_tokens, step_tokens)
    found = built.times(batch, load.input_tokens, load.output_tokens, chunk)
    if found is None:
        return {}
    values = (found.ttft, found.itl, found.decode_step, found.prefill)
    return dict(zip(TIMES, values, strict=True))


def _unknown(count: int) -> dict[str, Column]:
    """Return a column of unknowns for each metric that aiconfigurator has nothing for."""
    empty: dict[str, Any] = {
        "number": np.full(count, np.nan),
        "bool": np.full(count, -1, np.int8),
        "text": np.full(count, -1, np.int32),
    }
    return {
        each.name: Column(empty[each.kind], each.members if each.kind == "text" else None)
        for each in UNKNOWN
    }


GIVES = frozenset((*TIMES, *BYTES, *RATIOS, *(metric.name for metric in UNKNOWN)))
AICONFIGURATOR = Estimator(
    TERMS, lambda _: release(), columns, GIVES, block_rows=BLOCK_ROWS, chunk_blocks=1
)


def estimator() -> Estimator:
    """Return the estimator. Raises Problem (SZ303) when the extra is not installed."""
    require()
    return AICONFIGURATOR

"""Plain facts of deployments, accelerators, prices, loads and settings, by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from sizer.estimate.columns.lengths import answer_at, input_moment, inverse_answer
from sizer.estimate.device.checkpoint import checkpoint_bytes, weight_bits
from sizer.estimate.device.peaks import peak_flops
from sizer.estimate.engine.constants import switched_devices
from sizer.estimate.engine.settings import Settings
from sizer.schema.asked.serving import READERS
from sizer.schema.facts.columns import GPU as GPU_FACTS
from sizer.schema.facts.columns import MODEL, Cell
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.metrics import PERCENTS
from sizer.schema.scenario import Deployment, Load
from sizer.schema.table import Column
from sizer.units import GIB


def _bytes_s(gb_s: float | None) -> float | None:
    return None if gb_s is None else gb_s * 1e9


def _gib(size: int | None) -> float | None:
    return None if size is None else size / GIB


def _of_model(fact: Callable[[Model], Cell]) -> Callable[[Deployment], Cell]:
    return lambda deployment: fact(deployment.model)


DEPLOYMENT: Mapping[str, Callable[[Deployment], Cell]] = {
    **{name: _of_model(fact) for name, fact in MODEL.items()},
    "both_ways": lambda d: float(d.model.is_encoder),
    "weights": lambda d: d.weights.name,
    "checkpoint_gib": lambda d: checkpoint_bytes(d) / GIB,
    "weight_bits": weight_bits,
    "kv_format": lambda d: d.kv_format.name,
    "ep": lambda d: d.ep,
    "dp": lambda d: d.dp,
    "replicas": lambda d: d.replicas,
    "spare_replicas": lambda d: float(d.spare_replicas),
    "drafted_tokens": lambda d: float(d.drafted_tokens),
    "acceptance_length": lambda d: d.acceptance_length,
    "prefill_replicas": lambda d: float(d.prefill.replicas if d.prefill else 0),
    "prefill_gpus_each": lambda d: float(d.prefill.gpus_per_replica if d.prefill else 0),
}

GPU: Mapping[str, Callable[[Gpu], Cell]] = {
    **GPU_FACTS,
    "gpu_memory_gib": lambda g: g.memory_gib,
    "bandwidth_bytes_s": lambda g: _bytes_s(g.bandwidth_gb_s),
    "peak_flops_16": lambda g: peak_flops("bf16", g),
    "link_bytes_s": lambda g: _bytes_s(g.usable_link_gb_s),
    "pcie_bytes_s": lambda g: _bytes_s(g.pcie_gb_s),
    "node_link_bytes_s": lambda g: _bytes_s(g.node_link_gb_s),
    "domain_gpus": lambda g: g.domain_devices,
    "joined_gpus": lambda g: g.joined_devices,
    "switched_gpus": switched_devices,
}

CASCADE_TOKENS = 256  # vLLM's cascade attention leaves a shorter prefix to each request


def _long_prefix(load: Load) -> float:
    shared = load.shared_prefix_tokens
    return float(shared) if shared >= CASCADE_TOKENS else 0.0


LOAD: Mapping[str, Callable[[Load], Cell]] = {
    "input_tokens": lambda p: p.input_tokens,
    "output_tokens": lambda p: p.output_tokens,
    "asked_concurrency": lambda p: p.concurrency,
    "request_rate": lambda p: p.request_rate,
    "rate_holds": lambda _: None,  # known where the highest rate was looked for
    "mean_replicas": lambda _: None,  # known where a day was looked at
    "scaled_usd_per_hour": lambda _: None,  # the same
    "users": lambda p: p.users,
    "think_time_s": lambda p: p.think_time_s,
    "max_context": lambda p: p.max_context,
    "prefix_hit_share": lambda p: p.prefix_hit_share,
    "shared_prefix_tokens": lambda p: float(p.shared_prefix_tokens),
    "prefix_groups": lambda p: float(p.prefix_groups),
    "least_prefixes": lambda p: 1.0 if p.router == "affine" else float(p.prefix_groups),
    "prefix_share": lambda p: p.found_share - p.prefix_hit_share,
    "hit_share_square": lambda p: p.prefix_hit_share**2,
    "prefix_share_square": lambda p: p.found_share**2 - p.prefix_hit_share**2,
    "turns": lambda p: float(p.turns),
    "history_share": lambda p: p.history_share,
    "history_share_square": lambda p: p.history_share * (2.0 * p.found_share + p.history_share),
    "offload_reach": lambda p: p.found_share + p.prefix_hit_share + p.history_share,
    "long_prefix_tokens": _long_prefix,
    "lockstep": lambda p: float(p.lockstep),
    "input_tokens_spread": lambda p: p.input_tokens_spread,
    "output_tokens_spread": lambda p: p.output_tokens_spread,
    "gap_cv2": lambda p: 1.0 / p.burstiness,
    "affine_router": lambda p: float(p.router == "affine"),
    "level_router": lambda p: float(p.router == "least_loaded"),
    "requests": lambda p: p.requests,
    **{f"input_moment_{k}": partial(input_moment, power=k) for k in range(2, 7)},
    "inverse_answer": partial(inverse_answer, power=1),
    "inverse_answer_square": partial(inverse_answer, power=2),
    **{f"output_tokens_p{each}": partial(answer_at, percent=each) for each in PERCENTS},
}

SETTINGS: Mapping[str, Callable[[Settings], Cell]] = {
    "engine": lambda e: e.engine,
    "gpu_memory_utilization": lambda e: e.gpu_memory_utilization,
    "usable_share": lambda e: e.usable_share,
    "slots": lambda e: float(e.max_num_seqs) if e.has_slots else 0.0,
    "slots_share": lambda e: float(e.slots_share),
    "ctx_size": lambda e: float(e.asked.ctx_size or 0),
    "max_num_batched_tokens": lambda e: e.max_num_batched_tokens,
    "max_num_seqs": lambda e: e.max_num_seqs,
    "captured_tokens": lambda e: float(e.captured_tokens),
    "eager": lambda e: float(e.enforce_eager),
    "prefill_wait_steps": lambda e: float(e.prefill_wait_steps),
    "prompts_first": lambda e: float(e.prompts_first),
    "scheduler_recv_interval": lambda e: float(e.scheduler_recv_interval),
    "static_batching": lambda e: float(e.static_batching),
    "cascade": lambda e: float(e.cascade),
    "fixed_pool_gib": lambda e: _gib(e.kv_cache_memory_bytes),
    "context_ranks": lambda e: float(e.context_ranks),
    "padded": lambda e: float(e.batches.padded),
    "sorted_batches": lambda e: float(e.batches.sorted_batches),
    "by_texts": lambda e: float(e.batches.by_texts),
    "keeps_cache": lambda e: float(e.asked.name not in READERS),
    "lora_slots": lambda e: float(e.extras.max_loras),
    "lora_rank": lambda e: float(e.extras.max_lora_rank),
    "lora_by_request": lambda e: float(e.early_adapters),
    "lora_by_part": lambda e: float(e.early_adapters),
    "lora_uncaptured": lambda e: float(e.early_adapters),
    "cpu_cache_bytes": lambda e: e.offload.cpu_bytes,
    "cpu_read_bytes_s": lambda e: e.offload.cpu_bytes_s,
    "disk_cache_bytes": lambda e: e.offload.disk_bytes,
    "disk_read_bytes_s": lambda e: e.offload.disk_bytes_s,
    "timed": lambda e: 1.0 if e.timed else None,
    "asked_link_bytes_s": lambda e: _bytes_s(e.apart.link_gb_s),
    "by_layer": lambda e: float(e.apart.transfer == "by_layer"),
}


def tabulated(cells: list[Cell]) -> Column:
    """Turn plain values, None for unknown, into a column."""
    known = [cell for cell in cells if cell is not None]
    if known and all(isinstance(cell, str) for cell in known):
        vocabulary = tuple(sorted({str(cell) for cell in known}))
        codes = {text: code for code, text in enumerate(vocabulary)}
        values = [-1 if cell is None else codes[str(cell)] for cell in cells]
        return Column(np.array(values, np.int32), vocabulary)
    if known and all(isinstance(cell, bool) for cell in known):
        return Column(np.array([-1 if cell is None else int(cell) for cell in cells], np.int8))
    return Column(np.array([np.nan if cell is None else float(cell) for cell in cells]))

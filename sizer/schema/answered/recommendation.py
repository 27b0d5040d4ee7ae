"""The reference recommender's answer: what each accelerator does with a model, and which is best.

Memory is in 1e9 bytes on one accelerator, as the reference system counts it.
"""

from __future__ import annotations

from typing import Any, Literal

from attrs import asdict, frozen

Reason = Literal["memory", "latency", "unknown latency", "split", "condition"]


@frozen
class Performance:
    """What an accelerator does with a model; None is unknown.

    Where the model does not fit, the rate is 0 and every time infinite. What is required is the sum
    of weights, cache, activations and overhead.
    """

    tokens_per_second: float | None
    intertoken_latency_ms: float | None
    memory_required_gb: float | None
    memory_weights_gb: float | None
    memory_kv_cache_gb: float | None
    fits_in_memory: bool | None
    compute_bound: bool | None
    tensor_parallel_size: int
    ttft_ms: float | None = None
    e2e_latency_s: float | None = None
    bottleneck: str | None = None
    memory_activations_gb: float | None = None
    memory_overhead_gb: float | None = None

    @property
    def latency_ms_per_token(self) -> float | None:
        """Return the time between output tokens, in milliseconds."""
        return self.intertoken_latency_ms

    def to_dict(self) -> dict[str, Any]:
        """Return the fields by name."""
        return asdict(self)


@frozen
class GpuVerdict:
    """One accelerator in one split; `refused` says why it does not qualify.

    `performance` is None where no split could be tried: then `detail` says why. It also names the
    conditions of a profile that do not hold.
    `cost_per_hour` is of one accelerator, in US dollars. `gpus` counts accelerators where that is
    more than the split: a profile may ask for replicas.
    """

    gpu: str
    performance: Performance | None
    memory_available_gb: float | None = None
    cost_per_hour: float | None = None
    refused: Reason | None = None
    detail: str | None = None
    gpus: int | None = None


@frozen
class Outcome:
    """What came out for one model: every split that qualifies, the recommended one first.

    `refused` has each accelerator of which no split qualifies once, in the split that came nearest.
    `latency_bound_ms` is None where none was asked for. `notes` say what was changed for the model.
    """

    model: str
    qualified: tuple[GpuVerdict, ...]
    refused: tuple[GpuVerdict, ...] = ()
    latency_bound_ms: float | None = None
    notes: tuple[str, ...] = ()

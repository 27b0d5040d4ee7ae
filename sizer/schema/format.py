"""How numbers are stored: weight formats and KV-cache formats."""

from __future__ import annotations

from attrs import frozen


@frozen
class WeightFormat:
    """Bytes per parameter by role.

    `linear_bytes` holds for the quantised matrices, scales included; `expert_bytes` for routed
    experts; `kept_bytes` for what a quantiser leaves alone (norms, router); `embedding_bytes` for
    the input table and output projection. `compute` is the arithmetic that devices run natively
    if they can (fp16, bf16, fp8, int8, fp4), `expert_compute` that of routed experts where it is
    another (`fp4_by_fp8`: weights of 4 bit times activations of 8). `padded_experts` says
    that kernels need experts in whole blocks. `least_compute_capability` is what an NVIDIA device
    needs for engines to have a kernel, converted or not (vLLM, supported hardware); `vendors`
    are whose devices have one, all if none is named.
    """

    name: str
    linear_bytes: float
    expert_bytes: float
    embedding_bytes: float = 2.0
    kept_bytes: float = 2.0
    compute: str = "bf16"
    expert_compute: str | None = None
    group_size: int | None = None
    padded_experts: bool = False
    least_compute_capability: float | None = None
    vendors: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    source: str = ""
    note: str = ""


@frozen
class KvFormat:
    """Bytes per cached element, scales included."""

    name: str
    bytes_per_element: float
    aliases: tuple[str, ...] = ()
    source: str = ""

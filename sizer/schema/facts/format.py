"""How numbers are stored: weight formats, KV-cache formats, and what loaders call several."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Served:
    """Where engines have kernels for a format, converted or not (vLLM, supported hardware).

    An NVIDIA device needs `least_compute_capability`, and a lower one than
    `below_compute_capability`; `vendors` are whose devices have a kernel, all if none is named.
    `converted_on` are whose devices need no arithmetic of their own for it, all if none is named.
    """

    least_compute_capability: float | None = None
    below_compute_capability: float | None = None
    vendors: tuple[str, ...] = ()
    converted_on: tuple[str, ...] = ()


@frozen
class WeightFormat(Served):
    """Bytes per parameter by role.

    `linear_bytes` holds for the quantised matrices, scales included; `expert_bytes` for routed
    experts; `kept_bytes` for what a quantiser leaves alone (norms, router); `embedding_bytes` for
    the input table and output projection. `compute` is the arithmetic that devices run natively
    if they can (fp16, bf16, fp8, int8, fp4), `expert_compute` that of routed experts where it is
    another (`fp4_by_fp8`: weights of 4 bit times activations of 8). `padded_experts` says
    that kernels need experts in whole blocks. `variant_of` names the format of which this one has
    other groups: who asks for that one gets this one of a checkpoint that has it.
    """

    name: str
    linear_bytes: float
    expert_bytes: float
    embedding_bytes: float = 2.0
    kept_bytes: float = 2.0
    compute: str = "bf16"
    expert_compute: str | None = None
    group_size: int | None = None
    variant_of: str | None = None
    padded_experts: bool = False
    aliases: tuple[str, ...] = ()
    source: str = ""
    note: str = ""


@frozen
class KvFormat(Served):
    """Bytes per cached element, scales included."""

    name: str
    bytes_per_element: float
    aliases: tuple[str, ...] = ()
    source: str = ""


@frozen
class LoaderName:
    """A name of a loader for files of several widths; `choices` are the formats that it may mean.

    Their files say which: a name alone does not.
    """

    name: str
    choices: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    source: str = ""

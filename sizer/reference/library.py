"""The catalog's accelerators as the reference recommender's specifications."""

from __future__ import annotations

from collections.abc import Sequence

from sizer.catalog.gpus import find_gpu, gpu_names, knows_gpu
from sizer.catalog.lookup import Unknown
from sizer.catalog.prices import price
from sizer.diagnostic import Diagnostic, Problem, problem
from sizer.reference.architecture import GPUSpec


def list_available_gpus() -> list[str]:
    """Return the names of the catalog's accelerators, sorted, and short ones such as `H100`."""
    short = {name.partition("-")[0] for name in gpu_names()}
    return sorted({*gpu_names(), *(name for name in short if knows_gpu(name))})


def get_gpu_from_library(name: str) -> GPUSpec | None:
    """Return an accelerator of the catalog by name or alias, None if it has none of this name.

    It is at the median of its prices. Raises Problem (SZ701), which is a ValueError, for one whose
    memory bandwidth nobody publishes.
    """
    return None if knows_gpu(name) is None else _specification(name)


def get_gpu_specs(names: Sequence[str] | None = None) -> list[GPUSpec]:
    """Return accelerators of the catalog by name or alias; all that can be described without any.

    Raises Problem, which is a ValueError, with every name that is unknown and what is near to it.
    """
    if names is None:
        known = (find_gpu(name).value for name in gpu_names())
        return [_specification(each.name) for each in known if each.bandwidth_gb_s is not None]
    faults = tuple(_unknown(name) for name in names if knows_gpu(name) is None)
    if faults:
        raise Problem(faults)
    return [_specification(name) for name in names]


def _unknown(name: str) -> Diagnostic:
    try:
        find_gpu(name)
    except Unknown as unknown:
        return Diagnostic("SZ701", str(unknown), help=unknown.hint)
    raise AssertionError(f"{name!r} is known")


def _specification(name: str) -> GPUSpec:
    gpu = find_gpu(name).value
    if gpu.bandwidth_gb_s is None:
        said = f"{gpu.name}: its memory bandwidth is not known"
        raise problem("SZ701", said, hint="describe it: GPUSpec(name, memory_gb, ...)")
    cost = price(gpu.name)
    return GPUSpec(
        name=gpu.name,
        memory_gb=gpu.memory_gb,
        memory_bandwidth_gb_s=gpu.bandwidth_gb_s,
        tflops_fp16=gpu.peaks.fp16 or None,
        tflops_fp32=gpu.peaks.fp32 or None,
        cost_per_hour=None if cost is None else cost.middle.usd_per_gpu_hour,
        tflops_bf16=gpu.peaks.bf16 or None,
        tflops_fp8=gpu.peaks.fp8 or None,
        link_gb_s=None if gpu.peer_to_peer is False else gpu.link_gb_s,  # `like` has the other
        like=gpu.name,
    )

"""The catalog's accelerators as the reference recommender's specifications."""

from __future__ import annotations

from sizer.catalog.gpus import find_gpu, gpu_names
from sizer.catalog.lookup import Unknown
from sizer.catalog.prices import price
from sizer.diagnostic import problem
from sizer.reference.architecture import GPUSpec


def list_available_gpus() -> list[str]:
    """Return the names of the catalog's accelerators, sorted."""
    return list(gpu_names())


def get_gpu_from_library(name: str) -> GPUSpec:
    """Return an accelerator of the catalog by name or alias, at the median of its prices.

    Raises Problem (SZ701), which is a ValueError: with the nearest names, or for one whose memory
    bandwidth nobody publishes.
    """
    try:
        gpu = find_gpu(name).value
    except Unknown as unknown:
        raise problem("SZ701", str(unknown), hint=unknown.hint) from None
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
        cost_per_hour=None if cost is None else cost.usd_per_gpu_hour,
        tflops_bf16=gpu.peaks.bf16 or None,
        tflops_fp8=gpu.peaks.fp8 or None,
        link_gb_s=gpu.link_gb_s,
        like=gpu.name,
    )

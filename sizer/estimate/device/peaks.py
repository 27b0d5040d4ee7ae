"""The arithmetic that a format runs on an accelerator, and its dense peak."""

from __future__ import annotations

from sizer.schema.facts.format import WeightFormat
from sizer.schema.facts.gpu import Gpu

NATIVE = {
    "bf16": ("bf16", "fp16"),
    "fp16": ("fp16", "bf16"),
    "fp8": ("fp8", "bf16", "fp16"),
    "int8": ("int8", "bf16", "fp16"),
    "fp4": ("fp4", "bf16", "fp16"),
    "fp4_by_fp8": ("fp8", "bf16", "fp16"),
}
MIXED = {"fp4_by_fp8": "fp4"}  # PTX ISA, mma of kind mxf8f6f4: rate of the wider operand


def peak_flops(compute: str, gpu: Gpu) -> float | None:
    """Return the dense peak of the arithmetic that runs: native, else converted to 16 bit.

    That of 32 bit stands in only for a device that has none of 16, never for one whose 16-bit
    peak nobody gives. In FLOP/s; None when no datasheet gives it.
    """
    needed = MIXED.get(compute)
    mixes = needed is None or getattr(gpu.peaks, needed)
    plain = compute == "fp32" or gpu.peaks.fp16 == gpu.peaks.bf16 == 0
    chain = ("fp32",) if plain else NATIVE[compute if mixes else "bf16"]
    peak = next(filter(None, (getattr(gpu.peaks, each) for each in chain)), None)
    return None if peak is None else peak * 1e12


def expert_compute(form: WeightFormat) -> str:
    """Return the arithmetic of routed experts."""
    return form.expert_compute or form.compute

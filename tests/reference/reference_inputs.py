"""Models and accelerators as users of the reference system state them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sizer import GPUSpec, ModelArchitecture

A100 = GPUSpec(
    name="NVIDIA A100 80GB",
    memory_gb=80.0,
    memory_bandwidth_gb_s=2039.0,
    tflops_fp16=312.0,
    tflops_fp32=19.5,
    cost_per_hour=3.67,
)
H100 = GPUSpec(
    name="NVIDIA H100 80GB",
    memory_gb=80.0,
    memory_bandwidth_gb_s=3350.0,
    tflops_fp16=989.0,
    tflops_fp32=67.0,
    cost_per_hour=4.76,
)
L4 = GPUSpec("NVIDIA L4", 24.0, 300.0, 121.0, 30.3, 0.81)
SMALL = ModelArchitecture("ours/7b", 7.0, 32, 4096, 32, 8, 32_000, 8192)
LARGE = ModelArchitecture("ours/70b", 70.0, 80, 8192, 64)
MIXTRAL = ModelArchitecture(name="mistralai/Mixtral-8x7B-v0.1")
QWEN = ModelArchitecture(name="Qwen/Qwen2.5-7B")

Written = Callable[[str, Any], str]

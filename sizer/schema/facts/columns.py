"""Metrics that a model or an accelerator has by itself, whatever is estimated of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a check needs few of them
    from sizer.schema.facts.gpu import Gpu
    from sizer.schema.facts.model import Model

UNNAMED = "custom"  # the family of an accelerator by hand: nobody says
Cell = float | bool | str | None

MODEL: Mapping[str, Callable[[Model], Cell]] = MappingProxyType(
    {
        "model": lambda m: m.name,
        "params_b": lambda m: m.parameters / 1e9,
        "active_params_b": lambda m: m.active_parameters / 1e9,
        "attention": lambda m: m.attention,
        "is_moe": lambda m: m.is_moe,
    }
)
GPU: Mapping[str, Callable[[Gpu], Cell]] = MappingProxyType(
    {
        "gpu": lambda g: g.name,
        "vendor": lambda g: g.vendor,
        "gpu_family": lambda g: None if g.family == UNNAMED else g.family,
        "gpu_memory_gb": lambda g: g.memory_gb,
        "gpu_bandwidth_gb_s": lambda g: g.bandwidth_gb_s,
        "compute_capability": lambda g: g.compute_capability,
        "launch_year": lambda g: g.launch_year,
        "tdp_w": lambda g: g.tdp_w,
    }
)

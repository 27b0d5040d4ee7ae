"""What the terms start from: facts of each axis of a scenario, gathered per candidate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from attrs import asdict, field, frozen
from sizer.catalog.explorer import activation_gib, non_torch_gib

from sizer.estimate.shard import Shard, shard
from sizer.schema.gpu import Gpu, Price
from sizer.schema.scenario import Deployment, Load, Scenario
from sizer.schema.table import Column

Cell = float | bool | str | None

DEPLOYMENT: Mapping[str, Callable[[Deployment], Cell]] = {
    "model": lambda d: d.model.name,
    "params_b": lambda d: d.model.parameters / 1e9,
    "active_params_b": lambda d: d.model.active_parameters / 1e9,
    "attention": lambda d: d.model.attention,
    "is_moe": lambda d: d.model.is_moe,
    "weights": lambda d: d.weights.name,
    "kv_format": lambda d: d.kv_format.name,
    "ep": lambda d: d.ep,
    "replicas": lambda d: d.replicas,
    "activation_gib": lambda d: activation_gib(d.model),
    "non_torch_gib": lambda d: non_torch_gib(d.tp, d.pp),
}

GPU: Mapping[str, Callable[[Gpu], Cell]] = {
    "gpu": lambda g: g.name,
    "vendor": lambda g: g.vendor,
    "gpu_memory_gb": lambda g: g.memory_gb,
    "gpu_memory_gib": lambda g: g.memory_gib,
    "gpu_bandwidth_gb_s": lambda g: g.bandwidth_gb_s,
    "bandwidth_bytes_s": lambda g: None if g.bandwidth_gb_s is None else g.bandwidth_gb_s * 1e9,
    "link_bytes_s": lambda g: None if g.link_gb_s is None else g.link_gb_s * 1e9,
    "compute_capability": lambda g: g.compute_capability,
    "launch_year": lambda g: g.launch_year,
    "tdp_w": lambda g: g.tdp_w,
}

PRICE: Mapping[str, Callable[[Price | None], Cell]] = {
    "usd_per_gpu_hour": lambda p: None if p is None else p.usd_per_gpu_hour,
}

LOAD: Mapping[str, Callable[[Load], Cell]] = {
    "input_tokens": lambda p: p.input_tokens,
    "output_tokens": lambda p: p.output_tokens,
    "concurrency": lambda p: p.concurrency,
    "request_rate": lambda p: p.request_rate,
    "max_context": lambda p: p.max_context,
}

SHARD = tuple(attribute.name for attribute in Shard.__attrs_attrs__)
NATIVE = {
    "fp32": ("fp32",),
    "bf16": ("bf16", "fp16", "fp32"),
    "fp16": ("fp16", "bf16", "fp32"),
    "fp8": ("fp8", "bf16", "fp16", "fp32"),
    "int8": ("int8", "bf16", "fp16", "fp32"),
    "fp4": ("fp4", "bf16", "fp16", "fp32"),
}


@frozen(eq=False)
class Inputs:
    """Columns of a scenario before any term; each axis is tabulated once, rows are gathered."""

    scenario: Scenario
    constants: Mapping[str, float]
    _axes: dict[str, Column] = field(factory=dict, init=False)
    _shards: list[Shard] = field(factory=list, init=False)

    @property
    def names(self) -> frozenset[str]:
        """Every name that `column` answers."""
        tabulated = (*DEPLOYMENT, *GPU, *PRICE, *LOAD, *SHARD, "peak_flops", "engine")
        return frozenset((*tabulated, *self.constants, *self._limits()))

    def column(self, name: str, rows: slice) -> Column:
        """Return one input for some rows."""
        scenario = self.scenario
        if name in self.constants or name in (limits := self._limits()):
            value = self.constants[name] if name in self.constants else limits[name]
            return Column(np.broadcast_to(np.float64(value), (len(scenario.deployment_of[rows]),)))
        if name == "peak_flops":
            pairs = self._axis(name, self._peaks)
            index = scenario.deployment_of[rows] * len(scenario.gpus) + scenario.gpu_of[rows]
            return pairs.take(index)
        if name in DEPLOYMENT or name in SHARD:
            return self._axis(name, self._deployments).take(scenario.deployment_of[rows])
        if name in GPU or name in PRICE:
            return self._axis(name, self._hardware).take(scenario.gpu_of[rows])
        if name == "engine":
            return Column(np.zeros(len(scenario.load_of[rows]), np.int32), (scenario.engine.name,))
        return self._axis(name, self._loads).take(scenario.load_of[rows])

    def _axis(self, name: str, cells: Callable[[str], list[Cell]]) -> Column:
        if name not in self._axes:
            self._axes[name] = tabulated(cells(name))
        return self._axes[name]

    def _deployments(self, name: str) -> list[Cell]:
        if name in DEPLOYMENT:
            return [DEPLOYMENT[name](each) for each in self.scenario.deployments]
        if not self._shards:
            self._shards.extend(shard(each) for each in self.scenario.deployments)
        return [getattr(each, name) for each in self._shards]

    def _hardware(self, name: str) -> list[Cell]:
        if name in PRICE:
            return [PRICE[name](each) for each in self.scenario.prices]
        return [GPU[name](each) for each in self.scenario.gpus]

    def _loads(self, name: str) -> list[Cell]:
        return [LOAD[name](each) for each in self.scenario.loads]

    def _peaks(self, _: str) -> list[Cell]:
        scenario = self.scenario
        return [
            peak_flops(d.weights.compute, g) for d in scenario.deployments for g in scenario.gpus
        ]

    def _limits(self) -> dict[str, float]:
        limits: dict[str, Any] = asdict(self.scenario.engine)
        del limits["name"]
        return {name: float(value) for name, value in limits.items()}


def peak_flops(compute: str, gpu: Gpu) -> float | None:
    """Return the dense peak of the arithmetic that runs: native, else converted to 16 bit.

    In FLOP/s; None when no datasheet gives it.
    """
    for arithmetic in NATIVE[compute]:
        peak: float | None = getattr(gpu.peaks, arithmetic)
        if peak:
            return peak * 1e12
    return None


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

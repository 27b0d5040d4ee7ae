"""What the terms start from: facts of each axis of a scenario, gathered per candidate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import product

import numpy as np
from attrs import field, fields, frozen

from sizer.estimate.checkpoint import checkpoint_bytes
from sizer.estimate.constants import (
    NAMES,
    conversion_s,
    dequant_share,
    gpu_constants,
    peak_flops,
    ratios,
)
from sizer.estimate.footprint import Footprint, footprint
from sizer.estimate.settings import Settings, settings
from sizer.estimate.shard import Shard, shard
from sizer.estimate.version import core
from sizer.schema.calibration import Calibration
from sizer.schema.gpu import Gpu, Price
from sizer.schema.scenario import Deployment, Indices, Load, Scenario
from sizer.schema.table import Column
from sizer.units import GIB

Cell = float | bool | str | None

DEPLOYMENT: Mapping[str, Callable[[Deployment], Cell]] = {
    "model": lambda d: d.model.name,
    "params_b": lambda d: d.model.parameters / 1e9,
    "active_params_b": lambda d: d.model.active_parameters / 1e9,
    "attention": lambda d: d.model.attention,
    "is_moe": lambda d: d.model.is_moe,
    "weights": lambda d: d.weights.name,
    "checkpoint_gib": lambda d: checkpoint_bytes(d) / GIB,
    "kv_format": lambda d: d.kv_format.name,
    "ep": lambda d: d.ep,
    "dp": lambda d: d.dp,
    "replicas": lambda d: d.replicas,
}

GPU: Mapping[str, Callable[[Gpu], Cell]] = {
    "gpu": lambda g: g.name,
    "vendor": lambda g: g.vendor,
    "gpu_memory_gb": lambda g: g.memory_gb,
    "gpu_memory_gib": lambda g: g.memory_gib,
    "gpu_bandwidth_gb_s": lambda g: g.bandwidth_gb_s,
    "bandwidth_bytes_s": lambda g: None if g.bandwidth_gb_s is None else g.bandwidth_gb_s * 1e9,
    "peak_flops_16": lambda g: peak_flops("bf16", g),
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
    "prefix_hit_share": lambda p: p.prefix_hit_share,
    "input_tokens_spread": lambda p: p.input_tokens_spread,
    "output_tokens_spread": lambda p: p.output_tokens_spread,
}

SETTINGS: Mapping[str, Callable[[Settings], Cell]] = {
    "engine": lambda e: e.engine,
    "gpu_memory_utilization": lambda e: e.gpu_memory_utilization,
    "max_num_batched_tokens": lambda e: e.max_num_batched_tokens,
    "max_num_seqs": lambda e: e.max_num_seqs,
    "static_batching": lambda e: float(e.static_batching),
}

SHARD = tuple(attribute.name for attribute in fields(Shard))
FOOTPRINT = tuple(attribute.name for attribute in fields(Footprint))
PAIR = ("peak_flops", "conversion_s", "dense_dequant_share", "expert_dequant_share")
TUNED = frozenset((*NAMES, *PAIR)) - {"peak_flops"}


@frozen(eq=False)
class Inputs:
    """Columns of a scenario before any term; each axis is tabulated once, rows are gathered."""

    scenario: Scenario
    calibration: Calibration
    _axes: dict[str, Column] = field(factory=dict)
    _shards: list[Shard] = field(factory=list)
    _footprints: list[Footprint] = field(factory=list)
    _tuned: dict[str, Column] = field(factory=dict, init=False)

    @cached_property
    def constants(self) -> list[dict[str, float | None]]:
        """Return the calibration's constants of every engine on every accelerator."""
        cores = [core(engine) for engine in self.scenario.engines]
        known: dict[tuple[str, str], dict[str, float | None]] = {
            (each, gpu.name): {
                **gpu_constants(self.calibration, each, gpu),
                **ratios(self.calibration, each, gpu, self.scenario.confidence),
            }
            for each, gpu in product(dict.fromkeys(cores), self.scenario.gpus)
        }
        return [known[each, gpu.name] for each, gpu in product(cores, self.scenario.gpus)]

    @cached_property
    def _settled(self) -> list[Settings]:
        pairs = product(self.scenario.engines, self.scenario.gpus)
        return [settings(engine, gpu) for engine, gpu in pairs]

    @cached_property
    def settings(self) -> list[Settings]:
        """Return every engine's settings on the accelerators, each once."""
        return list(dict.fromkeys(self._settled))

    @cached_property
    def _setting_of(self) -> Indices:
        numbers = {each: number for number, each in enumerate(self.settings)}
        return np.array([numbers[each] for each in self._settled], np.int32)

    @cached_property
    def names(self) -> frozenset[str]:
        """Return every name that `column` answers."""
        return frozenset(
            (*DEPLOYMENT, *GPU, *PRICE, *LOAD, *SETTINGS, *SHARD, *FOOTPRINT, *PAIR, *NAMES)
        )

    def column(self, name: str, rows: slice) -> Column:
        """Return one input for some rows."""
        deployments, gpus = self.scenario.deployment_of[rows], self.scenario.gpu_of[rows]
        cells: Callable[[str], list[Cell]]
        if name in PAIR:
            cells, index = self._pairs, deployments * len(self.scenario.gpus) + gpus
        elif name in DEPLOYMENT or name in SHARD:
            cells, index = self._deployments, deployments
        elif name in LOAD:
            cells, index = self._loads, self.scenario.load_of[rows]
        elif name in GPU or name in PRICE:
            cells, index = self._hardware, gpus
        else:
            tuned = self.scenario.engine_of[rows] * len(self.scenario.gpus) + gpus
            cells, index = self._of_engine(name, tuned, deployments)
        return self._axis(name, cells).take(index)

    def _of_engine(
        self, name: str, tuned: Indices, deployments: Indices
    ) -> tuple[Callable[[str], list[Cell]], Indices]:
        """Return cells that an engine's settings have a say in, and each row's number in them."""
        if name in SETTINGS:
            return self._engines, self._setting_of[tuned]
        if name in FOOTPRINT:
            return self._held, deployments * len(self.settings) + self._setting_of[tuned]
        return self._constants, tuned

    def recalibrated(self, calibration: Calibration) -> Inputs:
        """Return the same inputs under another calibration; what it leaves alone is shared."""
        return Inputs(self.scenario, calibration, self._axes, self._shards, self._footprints)

    def _axis(self, name: str, cells: Callable[[str], list[Cell]]) -> Column:
        axes = self._tuned if name in TUNED else self._axes
        if name not in axes:
            axes[name] = tabulated(cells(name))
        return axes[name]

    def _deployments(self, name: str) -> list[Cell]:
        if name in DEPLOYMENT:
            return [DEPLOYMENT[name](each) for each in self.scenario.deployments]
        if not self._shards:
            self._shards.extend(shard(each) for each in self.scenario.deployments)
        return [getattr(each, name) for each in self._shards]

    def _held(self, name: str) -> list[Cell]:
        if not self._footprints:
            pairs = product(self.scenario.deployments, self.settings)
            confidence = self.scenario.confidence
            self._footprints.extend(footprint(*pair, confidence) for pair in pairs)
        return [getattr(each, name) for each in self._footprints]

    def _hardware(self, name: str) -> list[Cell]:
        if name in PRICE:
            return [PRICE[name](each) for each in self.scenario.prices]
        return [GPU[name](each) for each in self.scenario.gpus]

    def _constants(self, name: str) -> list[Cell]:
        return [constants[name] for constants in self.constants]

    def _engines(self, name: str) -> list[Cell]:
        return [SETTINGS[name](each) for each in self.settings]

    def _loads(self, name: str) -> list[Cell]:
        return [LOAD[name](each) for each in self.scenario.loads]

    def _pairs(self, name: str) -> list[Cell]:
        pairs = product(self.scenario.deployments, self.scenario.gpus)
        if name == "peak_flops":
            return [peak_flops(each.weights.compute, gpu) for each, gpu in pairs]
        if name == "conversion_s":
            return [conversion_s(self.calibration, each, gpu) for each, gpu in pairs]
        experts = name == "expert_dequant_share"
        return [dequant_share(self.calibration, d, g, experts=experts) for d, g in pairs]


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

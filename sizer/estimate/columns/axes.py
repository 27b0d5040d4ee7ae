"""The axes of a scenario, tabulated once, however many of its rows are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from itertools import product
from typing import Literal

import numpy as np
from attrs import evolve, field, fields, frozen

from sizer.catalog.calibration import calibration
from sizer.estimate.attached import AdapterShard, DraftShard, adapter_shard, draft_shard
from sizer.estimate.columns.cells import DEPLOYMENT, GPU, LOAD, SETTINGS, tabulated
from sizer.estimate.device.footprint import Footprint, footprint
from sizer.estimate.device.kernels import KERNELS
from sizer.estimate.device.peaks import expert_compute, peak_flops
from sizer.estimate.device.shard import Shard, shard
from sizer.estimate.engine.constants import NAMES, gpu_constants
from sizer.estimate.engine.intervals import ratios
from sizer.estimate.engine.power import NAMES as POWER
from sizer.estimate.engine.power import power_columns
from sizer.estimate.engine.settings import Settings, settings
from sizer.estimate.engine.version import core, generation
from sizer.estimate.purchase import usd_per_hour
from sizer.schema.asked.energy import Energy
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.calibration import Calibration
from sizer.schema.facts.columns import Cell
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.prefill import PrefillReplicas
from sizer.schema.facts.price import Price
from sizer.schema.facts.purchase import Need
from sizer.schema.rows import Indices
from sizer.schema.scenario import Deployment, Load, Scenario
from sizer.schema.table import Column

Axis = Literal["deployment", "gpu", "load", "setting", "held", "core", "pair", "power"]
Served = tuple[str, str | None, bool, bool, bool]  # core, generation, newer, HTTP, with LoRA
Paid = tuple[int, tuple[tuple[int, int], ...], tuple[PrefillReplicas, int] | None]
PEAKS = ("peak_flops", "expert_peak_flops")
PURCHASE = "purchase_usd_per_hour"
PAIR = (*PEAKS, PURCHASE, *KERNELS)
SHARD = tuple(attribute.name for attribute in fields(Shard))
DRAFT_SHARD = tuple(attribute.name for attribute in fields(DraftShard))
ADAPTER_SHARD = tuple(attribute.name for attribute in fields(AdapterShard))
COLUMNS: Mapping[Axis, tuple[str, ...]] = {
    "deployment": (*DEPLOYMENT, *SHARD, *DRAFT_SHARD, *ADAPTER_SHARD),
    "gpu": tuple(GPU),
    "load": tuple(LOAD),
    "setting": tuple(SETTINGS),
    "held": tuple(attribute.name for attribute in fields(Footprint)),
    "core": NAMES,
    "pair": PAIR,
    "power": POWER,
}
AXIS_OF: Mapping[str, Axis] = {name: axis for axis, names in COLUMNS.items() for name in names}


@frozen
class Axes:
    """What candidates are made of, and columns of its facts; alike when made of the very same.

    `held` is of deployments under settings, `core` of engines on accelerators, `pair` of
    deployments on accelerators, the latter in each case counting fastest. `power` is of
    accelerators under what is said of energy.
    """

    deployments: tuple[Deployment, ...] = field(eq=id)
    gpus: tuple[Gpu, ...] = field(eq=id)
    prices: tuple[tuple[Price, ...], ...] = field(eq=id)
    loads: tuple[Load, ...] = field(eq=id)
    engines: tuple[Engine, ...] = field(eq=id)
    calibration: Calibration = field(eq=id)
    confidence: float | None
    energy: Energy
    _columns: dict[str, Column] = field(factory=dict, eq=False)
    _tuned: dict[str, Column] = field(factory=dict, eq=False)

    def column(self, name: str) -> Column:
        """Return the facts of one name along its axis."""
        columns = self._tuned if name in NAMES else self._columns
        if name not in columns:
            columns[name] = tabulated(self._cells[AXIS_OF[name]](name))
        return columns[name]

    def recalibrated(self, constants: Calibration) -> Axes:
        """Return the same axes under another calibration; what it leaves alone is shared."""
        return evolve(self, calibration=constants, tuned={})

    @cached_property
    def settings(self) -> list[Settings]:
        """Return every engine's settings on the accelerators, each once."""
        return list(dict.fromkeys(self._settled))

    @cached_property
    def setting_of(self) -> Indices:
        """Return which of the settings each engine has on each accelerator."""
        numbers = {each: number for number, each in enumerate(self.settings)}
        return np.array([numbers[each] for each in self._settled], np.int32)

    @cached_property
    def _settled(self) -> list[Settings]:
        return [settings(engine, gpu) for engine, gpu in product(self.engines, self.gpus)]

    @cached_property
    def _constants(self) -> list[dict[str, float | None]]:
        overtaken = self.calibration.overtaken
        served = [
            (
                core(each),
                generation(each),
                overtaken(each.name, each.version) is not None,
                each.served_by == "http",
                each.max_loras > 0,
            )
            for each in self.engines
        ]
        known: dict[tuple[Served, str], dict[str, float | None]] = {
            (each, gpu.name): {
                **gpu_constants(self.calibration, each[0], gpu, each[1], served=each[3]),
                **ratios(
                    self.calibration,
                    each[0],
                    gpu,
                    self.confidence,
                    newer=each[2],
                    adapted=each[4],
                ),
            }
            for each, gpu in product(dict.fromkeys(served), self.gpus)
        }
        return [known[each, gpu.name] for each, gpu in product(served, self.gpus)]

    @cached_property
    def _shards(self) -> list[Shard]:
        return [shard(each) for each in self.deployments]

    @cached_property
    def _draft_shards(self) -> list[DraftShard]:
        return [draft_shard(each) for each in self.deployments]

    @cached_property
    def _adapter_shards(self) -> list[AdapterShard]:
        return [adapter_shard(each) for each in self.deployments]

    @cached_property
    def _footprints(self) -> list[Footprint]:
        pairs = product(self.deployments, self.settings)
        return [footprint(*pair, self.confidence) for pair in pairs]

    @cached_property
    def _powers(self) -> list[dict[str, float | None]]:
        return [power_columns(each, self.energy, self.confidence) for each in self.gpus]

    @cached_property
    def _cells(self) -> Mapping[Axis, Callable[[str], list[Cell]]]:
        return {
            "deployment": self._deployment_cells,
            "gpu": self._gpu_cells,
            "load": lambda name: [LOAD[name](each) for each in self.loads],
            "setting": lambda name: [SETTINGS[name](each) for each in self.settings],
            "held": lambda name: [getattr(each, name) for each in self._footprints],
            "core": lambda name: [constants[name] for constants in self._constants],
            "pair": self._pair_cells,
            "power": lambda name: [each[name] for each in self._powers],
        }

    def _deployment_cells(self, name: str) -> list[Cell]:
        if name in DEPLOYMENT:
            return [DEPLOYMENT[name](each) for each in self.deployments]
        if name in DRAFT_SHARD:
            return [getattr(each, name) for each in self._draft_shards]
        if name in ADAPTER_SHARD:
            return [getattr(each, name) for each in self._adapter_shards]
        return [getattr(each, name) for each in self._shards]

    def _gpu_cells(self, name: str) -> list[Cell]:
        return [GPU[name](each) for each in self.gpus]

    def _pair_cells(self, name: str) -> list[Cell]:
        pairs = product(self.deployments, self.gpus)
        if name == PURCHASE:
            return self._purchases()
        if name == "peak_flops":
            return [peak_flops(each.weights.compute, gpu) for each, gpu in pairs]
        if name == "expert_peak_flops":
            return [peak_flops(expert_compute(each.weights), gpu) for each, gpu in pairs]
        return [float(KERNELS[name](each, gpu)) for each, gpu in pairs]

    def _purchases(self) -> list[Cell]:
        """Return what each deployment comes to on each accelerator."""
        known: dict[Paid, Cell] = {}
        return [
            _once(known, gpu, sold, number, each)
            for each in self.deployments
            for number, (gpu, sold) in enumerate(zip(self.gpus, self.prices, strict=True))
        ]


def _once(
    known: dict[Paid, Cell],
    gpu: Gpu,
    sold: tuple[Price, ...],
    number: int,
    deployment: Deployment,
) -> Cell:
    """Return what a deployment comes to, worked out once for all formats."""
    size = (number, deployment.bought, deployment.prefill_bought)
    if size not in known:
        needs = (Need.of(*each, gpu) for each in deployment.bought)
        paid = usd_per_hour(sold, *needs) if sold else None
        known[size] = _with_prefill(paid, deployment.prefill_bought)
    return known[size]


def _with_prefill(paid: float | None, apart: tuple[PrefillReplicas, int] | None) -> Cell:
    """Return what is paid with accelerators that only read prompts; unknown if either is."""
    if apart is None or paid is None or apart[0].gpu is None:
        return paid
    pool, copies = apart
    need = Need.of(pool.gpus_per_replica, copies, apart[0].gpu)
    beside = usd_per_hour(pool.prices, need) if pool.prices else None
    return None if beside is None else paid + beside


def axes(scenario: Scenario) -> Axes:
    """Return the axes of a scenario: those of the last few are kept for its other rows."""
    return _kept(
        Axes(
            scenario.deployments,
            scenario.gpus,
            scenario.prices,
            scenario.loads,
            scenario.engines,
            scenario.calibration or calibration(),
            scenario.confidence,
            scenario.energy,
        )
    )


@lru_cache(maxsize=4)
def _kept(these: Axes) -> Axes:
    return these

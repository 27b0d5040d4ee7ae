"""What the terms start from: facts of each axis of a scenario, gathered per candidate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from sizer.estimate.columns.axes import AXIS_OF, PURCHASE, Axes, Axis, axes
from sizer.estimate.purchase import usd_per_hour
from sizer.schema.facts.calibration import Calibration
from sizer.schema.facts.purchase import Need
from sizer.schema.rows import Indices, Reals
from sizer.schema.scenario import Scenario
from sizer.schema.table import Column, Values


def _core(asked: Scenario, known: Axes) -> Indices:
    places: Indices = asked.engine_of * len(known.gpus) + asked.gpu_of
    return places


def _setting(asked: Scenario, known: Axes) -> Indices:
    settings: Indices = known.setting_of[_core(asked, known)]
    return settings


PLACES: Mapping[Axis, Callable[[Scenario, Axes], Indices]] = {
    "deployment": lambda asked, _: asked.deployment_of,
    "gpu": lambda asked, _: asked.gpu_of,
    "load": lambda asked, _: asked.load_of,
    "setting": _setting,
    "held": lambda asked, known: asked.deployment_of * len(known.settings) + _setting(asked, known),
    "core": _core,
    "pair": lambda asked, known: asked.deployment_of * len(known.gpus) + asked.gpu_of,
    "power": lambda asked, _: asked.gpu_of,
}


@frozen(eq=False)
class Inputs:
    """Columns of a scenario's rows before any term; `unloaded` are those that no load changes."""

    scenario: Scenario
    axes: Axes
    unloaded: Placed | None = None
    _places: dict[Axis, NDArray[np.intp]] = field(factory=dict, init=False)
    _columns: dict[str, Column] = field(factory=dict, init=False)

    @classmethod
    def of(cls, scenario: Scenario) -> Inputs:
        """Return the inputs of a scenario."""
        return cls(scenario, axes(scenario))

    def column(self, name: str) -> Column:
        """Return one input, gathered once: terms under another load read it again."""
        if name not in self._columns:
            self._columns[name] = self._gathered(name)
        return self._columns[name]

    def _gathered(self, name: str) -> Column:
        if name in self.scenario.by_row:
            return Column(self.scenario.by_row[name])
        if name == PURCHASE and "replicas" in self.scenario.by_row:
            return Column(purchases_of(self.scenario))
        axis = AXIS_OF[name]
        if axis not in self._places:
            self._places[axis] = PLACES[axis](self.scenario, self.axes).astype(np.intp)
        return self.axes.column(name).take(self._places[axis])

    @cached_property
    def placed(self) -> Placed:
        """What no load changes: `unloaded` if somebody has it."""
        if self.unloaded is not None:
            return self.unloaded
        begins = self.scenario.listed.begins
        if begins.all() or "replicas" in self.scenario.by_row:
            return Placed(self)
        runs = Inputs(self.scenario.take(np.flatnonzero(begins)), self.axes)
        return Placed(runs, np.cumsum(begins) - 1)

    def at_rates(self, rates: Values) -> Inputs:
        """Return the same inputs at other request rates, one for each row."""
        by_row = {**self.scenario.by_row, "request_rate": rates}
        return Inputs(evolve(self.scenario, by_row=by_row), self.axes, self.placed)

    def recalibrated(self, constants: Calibration) -> Inputs:
        """Return the same inputs under another calibration."""
        return Inputs(self.scenario, self.axes.recalibrated(constants))


def purchases_of(scenario: Scenario) -> Reals:
    """Return what each row comes to with the replicas that it has of its own, in USD/h."""
    running = scenario.by_row["replicas"].astype(np.int64)
    spare = np.array([each.spare_replicas for each in scenario.deployments], np.int64)
    devices = np.array([each.gpus_per_replica for each in scenario.deployments], np.int64)
    sizes = np.stack(
        (scenario.gpu_of, devices[scenario.deployment_of], running + spare[scenario.deployment_of])
    )
    asked, which = np.unique(sizes, axis=1, return_inverse=True)
    paid = [
        usd_per_hour(scenario.prices[gpu], Need.of(each, copies, scenario.gpus[gpu]))
        for gpu, each, copies in asked.T.tolist()
    ]
    known: Reals = np.array([np.nan if usd is None else usd for usd in paid])[which.reshape(-1)]
    return known


@frozen(eq=False)
class Placed:
    """Columns that no load changes, once for each run of rows that differ by their load alone.

    `inputs` are those of one row of each run. `run_of` numbers the run of each row; without it
    each row is a run. `table` is filled by whoever computes.
    """

    inputs: Inputs
    run_of: NDArray[np.intp] | None = None
    table: dict[str, Column] = field(factory=dict)
    _columns: dict[str, Column] = field(factory=dict, init=False)

    def column(self, name: str) -> Column:
        """Return a column of the table for all rows, gathered once."""
        if self.run_of is None:
            return self.table[name]
        if name not in self._columns:
            self._columns[name] = self.table[name].take(self.run_of)
        return self._columns[name]

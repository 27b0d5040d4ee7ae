"""What the terms start from: facts of each axis of a scenario, gathered per candidate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from sizer.estimate.columns.axes import AXIS_OF, Axes, Axis, axes
from sizer.schema.facts.calibration import Calibration
from sizer.schema.rows import Indices
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
}


@frozen(eq=False)
class Inputs:
    """Columns of a scenario's rows before any term; `unloaded` are those that no load changes."""

    scenario: Scenario
    axes: Axes
    unloaded: Placed | None = None
    _places: dict[Axis, NDArray[np.intp]] = field(factory=dict, init=False)

    @classmethod
    def of(cls, scenario: Scenario) -> Inputs:
        """Return the inputs of a scenario."""
        return cls(scenario, axes(scenario))

    def column(self, name: str) -> Column:
        """Return one input."""
        if name in self.scenario.by_row:
            return Column(self.scenario.by_row[name])
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
        if begins.all():
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


@frozen(eq=False)
class Placed:
    """Columns that no load changes, once for each run of rows that differ by their load alone.

    `inputs` are those of one row of each run. `run_of` numbers the run of each row; without it
    each row is a run. `table` is filled by whoever computes.
    """

    inputs: Inputs
    run_of: NDArray[np.intp] | None = None
    table: dict[str, Column] = field(factory=dict)

    def column(self, name: str) -> Column:
        """Return a column of the table for all rows."""
        known = self.table[name]
        return known if self.run_of is None else known.take(self.run_of)

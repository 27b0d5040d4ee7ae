"""What the terms start from: facts of each axis of a scenario, gathered per candidate."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sizer.estimate.columns.axes import AXIS_OF, Axes, Axis, axes
from sizer.schema.facts.calibration import Calibration
from sizer.schema.scenario import Indices, Scenario
from sizer.schema.table import Column


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
    """Columns of a scenario's rows before any term."""

    scenario: Scenario
    axes: Axes
    _places: dict[Axis, NDArray[np.intp]] = field(factory=dict, init=False)

    @classmethod
    def of(cls, scenario: Scenario) -> Inputs:
        """Return the inputs of a scenario."""
        return cls(scenario, axes(scenario))

    def column(self, name: str) -> Column:
        """Return one input."""
        axis = AXIS_OF[name]
        if axis not in self._places:
            self._places[axis] = PLACES[axis](self.scenario, self.axes).astype(np.intp)
        return self.axes.column(name).take(self._places[axis])

    def recalibrated(self, constants: Calibration) -> Inputs:
        """Return the same inputs under another calibration."""
        return Inputs(self.scenario, self.axes.recalibrated(constants))

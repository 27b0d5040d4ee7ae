"""How far a calibration is from measurements: logarithms of estimated over measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sizer.calibrate.parameters import Parameters, Vector
from sizer.schema.facts.calibration import Calibration

Predict = Callable[[Calibration], Mapping[str, Vector]]
Groups = NDArray[np.str_]
NOISE: Mapping[str, float] = MappingProxyType(
    {"itl_ms": 0.1, "ttft_ms": 0.2, "tokens_per_second": 0.15, "max_tokens_per_second": 0.15}
)  # spread of the logarithm between published runs of one configuration
CROWDING = 0.6  # n rows of one group share its faults: they count as n ** 0.4
STEP = 1e-3


@frozen(eq=False)
class Misfit:
    """Measurements, the estimates of them, and the group of each row.

    The entries of a misfit are every measured value of the metrics of `noises`, metric by metric.
    A metric of endless noise takes no part in a fit, and its misfit is told all the same.
    """

    predict: Predict
    measured: Mapping[str, Vector]
    groups: Groups
    parameters: Parameters
    noises: Mapping[str, float] = NOISE
    _entries: list[tuple[str, NDArray[np.intp]]] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        """Find the rows that are measured, and estimated at all."""
        first = self.predict(self.parameters.prior)
        for name in self.noises:
            if name in self.measured:
                known = np.isfinite(self.measured[name]) & np.isfinite(first[name])
                self._entries.append((name, np.flatnonzero(known)))

    @property
    def rows(self) -> NDArray[np.intp]:
        """Return the row of each entry."""
        return np.concatenate([rows for _, rows in self._entries])

    @property
    def metrics(self) -> Groups:
        """Return the metric of each entry."""
        return np.concatenate([np.full(len(rows), name) for name, rows in self._entries])

    @property
    def noise(self) -> Vector:
        """Return the spread that measurements of each entry's metric have."""
        return np.concatenate(
            [np.full(len(rows), self.noises[name]) for name, rows in self._entries]
        )

    @property
    def weights(self) -> Vector:
        """Return how much each entry counts: less where its group has many."""
        found = []
        for _, rows in self._entries:
            _, of, counts = np.unique(self.groups[rows], return_inverse=True, return_counts=True)
            found.append(counts[of] ** -CROWDING)
        return np.concatenate(found)

    def of(self, vector: Vector) -> Vector:
        """Return the misfit of each entry."""
        estimated = self.predict(self.parameters.applied(vector))
        return np.concatenate(
            [
                np.log(estimated[name][rows] / self.measured[name][rows])
                for name, rows in self._entries
            ]
        )

    def slopes(self, vector: Vector, here: Vector) -> NDArray[np.float64]:
        """Return the change of each entry with each parameter, by differences."""
        found = np.empty((len(here), len(vector)))
        for column in range(len(vector)):
            moved = vector.copy()
            moved[column] += STEP
            found[:, column] = (self.of(moved) - here) / STEP
        return found

"""A calibration as a vector: the logarithms of its constants over what was expected of them.

Of a share the odds are compared.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sizer.schema.facts.calibration import EARLIER, Calibration, is_share, scaled

Vector = NDArray[np.float64]
LEAST_SPREAD = 0.1  # an accelerator of another batch, clock or driver differs by as much


@frozen(eq=False)
class Parameters:
    """The free numbers of a calibration: each constant, and each of its factors."""

    prior: Calibration

    @property
    def names(self) -> list[tuple[str, str | None]]:
        """Return each constant's name with the tag of a factor, None for the constant itself."""
        return [
            (name, tag)
            for name, constant in self.prior.constants.items()
            for tag in (None, *constant.by)
        ]

    @property
    def spreads(self) -> Vector:
        """Return how far each logarithm is expected to be from its prior."""
        constants = self.prior.constants
        return np.array(
            [
                constants[name].by_spread
                if tag is not None
                else max(constants[name].spread, LEAST_SPREAD)
                for name, tag in self.names
            ]
        )

    @cached_property
    def order(self) -> NDArray[np.float64]:
        """Return a row for each factor of an earlier generation that has a later one beside it.

        A row times a vector is above 0 where the earlier one is faster: higher in a share, lower
        in seconds. Other constants say how an engine works, not how fast.
        """
        places = {each: number for number, each in enumerate(self.names)}
        pairs = (
            (name, (name, tag), (name, tag.removesuffix(EARLIER)))
            for name, tag in self.names
            if tag is not None and tag.endswith(EARLIER) and (is_share(name) or _is_time(name))
        )
        found = [
            (places[earlier], places[later], -1.0 if _is_time(name) else 1.0)
            for name, earlier, later in pairs
            if later in places
        ]
        rows = np.zeros((len(found), len(places)))
        for row, (earlier, later, sign) in zip(rows, found, strict=True):
            row[earlier], row[later] = sign, -sign
        return rows

    def applied(self, vector: Vector) -> Calibration:
        """Return the calibration that a vector stands for."""
        factors = dict(zip(self.names, np.exp(vector), strict=True))
        constants = {
            name: evolve(
                constant,
                value=scaled(name, constant.value, float(factors[name, None])),
                by={tag: value * float(factors[name, tag]) for tag, value in constant.by.items()},
            )
            for name, constant in self.prior.constants.items()
        }
        return evolve(self.prior, constants=constants)


def _is_time(name: str) -> bool:
    """Whether a constant of this name is in seconds."""
    return name.endswith("_s")

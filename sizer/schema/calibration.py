"""The few physical constants of the estimator, each with its unit, source and range."""

from __future__ import annotations

from attrs import frozen


@frozen
class Constant:
    """One number of the estimator; `points` is how many measurements stand behind it."""

    value: float
    unit: str
    source: str
    points: int = 0
    low: float | None = None
    high: float | None = None


@frozen
class Calibration:
    """A named set of constants."""

    name: str
    version: str
    constants: dict[str, Constant]

    def values(self) -> dict[str, float]:
        """Return the bare numbers by name."""
        return {name: constant.value for name, constant in self.constants.items()}

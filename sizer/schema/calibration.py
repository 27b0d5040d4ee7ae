"""The few physical constants of the estimator, each with its unit, its points and its spread."""

from __future__ import annotations

from attrs import Factory, frozen


@frozen
class Constant:
    """One number of the estimator, and factors on it where an engine or device family differs.

    `points` is how many measurements move by it; `spread` is the standard deviation of its
    logarithm.
    """

    value: float
    unit: str
    meaning: str
    points: int
    spread: float
    by: dict[str, float] = Factory(dict)


@frozen
class Interval:
    """90 % of log(measured / predicted) when whole groups are left out of the fit."""

    low: float
    high: float
    points: int
    coverage: float


@frozen
class Calibration:
    """A named set of constants with the source of its measurements."""

    name: str
    version: str
    source: str
    constants: dict[str, Constant]
    intervals: dict[str, Interval] = Factory(dict)

    def value(self, name: str, *tags: str) -> float:
        """Return a constant with the factors of an engine, a family and a vendor.

        A tag that nobody measured has a factor of 1.
        """
        constant = self.constants[name]
        value = constant.value
        for tag in tags:
            value *= constant.by.get(tag, 1.0)
        return below_one(value) if name.endswith(("_share", "_exponent")) else value


def below_one(value: float) -> float:
    """Return a positive value bent smoothly under 1: no share beats its datasheet."""
    return float(value / (1.0 + value**6.0) ** (1.0 / 6.0))

"""The few physical constants of the estimator, each with its unit, its points and its spread."""

from __future__ import annotations

import re
from math import prod

from attrs import Factory, frozen

NUMBERS = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?!\.?dev)")
EARLIER = "_v0"  # behind an engine's name: its generation before the present one
FEWEST_GROUPS = 5  # of measurements, each left out in turn, that an interval is made of


@frozen
class Constant:
    """One number of the estimator, and factors on it where an engine or device family differs.

    `source` says what was expected of it, `points` how many measurements move by it, `spread`
    is the standard deviation of its logarithm, and `by_spread` that of the logarithm of a factor
    before it is measured. A share is between 0 and 1: its spread and its factors are of its odds.
    """

    value: float
    unit: str
    meaning: str
    points: int
    spread: float
    source: str = ""
    by_spread: float = 0.2
    by: dict[str, float] = Factory(dict)


@frozen
class Interval:
    """Nine in ten of log(measured / estimated) when the measurement's group is left out.

    The `unseen_` pair is of measurements whose whole device family is left out. `coverage` is
    the share of measurements that lie inside the interval of all other groups.
    `prior` is the calibration whose interval this is, widened to what few measurements show.
    """

    low: float
    high: float
    points: int
    coverage: float
    unseen_low: float | None = None
    unseen_high: float | None = None
    prior: str | None = None

    def ends(self, *, seen: bool) -> tuple[float, float]:
        """Return low and high; those of families and engines that were measured if `seen`."""
        if seen or self.unseen_low is None or self.unseen_high is None:
            return self.low, self.high
        return self.unseen_low, self.unseen_high


@frozen
class Family:
    """A device family that measurements were made on."""

    vendor: str
    launch_year: int
    points: int


@frozen
class Calibration:
    """A named set of constants with the source of its measurements.

    `intervals` are of loads of so many requests at once. `rate_intervals` are of request rates:
    what a latency varies by beside the interval of what the engine sustains.
    `newest` is the newest release of each engine that was measured.
    """

    name: str
    version: str
    source: str
    constants: dict[str, Constant]
    intervals: dict[str, Interval] = Factory(dict)
    rate_intervals: dict[str, Interval] = Factory(dict)
    families: dict[str, Family] = Factory(dict)
    engines: dict[str, int] = Factory(dict)
    newest: dict[str, str] = Factory(dict)

    def nearest_family(self, family: str, vendor: str, launch_year: int | None) -> str:
        """Return the family itself if it was measured, else the vendor's nearest by year."""
        kin = {name: f.launch_year for name, f in self.families.items() if f.vendor == vendor}
        if family in kin or not kin or launch_year is None:
            return family
        return min(sorted(kin), key=lambda name: abs(kin[name] - launch_year))

    def overtaken(self, engine: str, version: str | None) -> str | None:
        """Return the newest measured release of an engine if a version is newer, else None."""
        known = self.newest.get(engine)
        asked, measured = numbers(version or ""), numbers(known or "")
        newer = asked is not None and measured is not None and asked[: len(measured)] > measured
        return known if newer else None

    def value(self, name: str, *tags: str) -> float:
        """Return a constant with the factors of an engine, a family and a vendor.

        A tag that nobody measured has a factor of 1.
        """
        constant = self.constants[name]
        factor = prod(constant.by.get(tag, 1.0) for tag in tags)
        return scaled(name, constant.value, factor)


def scaled(name: str, value: float, factor: float) -> float:
    """Return a constant times a factor; of a share the odds are, so none beats its datasheet."""
    return of_odds(odds(value) * factor) if is_share(name) else value * factor


def is_share(name: str) -> bool:
    """Whether a constant of this name is a share, or a power of one: between 0 and 1."""
    return name.endswith(("_share", "_exponent"))


def odds(share: float) -> float:
    """Return a share over what is left of 1."""
    return share / (1.0 - share)


def of_odds(value: float) -> float:
    """Return the share that has these odds."""
    return value / (1.0 + value)


def numbers(version: str) -> tuple[int, ...] | None:
    """Return the two or three numbers of a version such as `0.5.12`; None for no release."""
    found = NUMBERS.match(version)
    return tuple(int(each) for each in found.groups() if each) if found else None

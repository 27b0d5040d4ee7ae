"""Units of quantities: what may be compared, added and divided.

A unit is a product of named base units with integer exponents. Two units are
the same only if every exponent is the same. Those that measure the same, like
GB and GiB or USD/h and USD/month, are converted where they meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

GB = 1e9
GIB = float(2**30)
HOURS_PER_MONTH = 730.0
JOULES_PER_KWH = 3_600_000
TOKENS_PER_MTOK = 10**6


def counted(count: int, thing: str) -> str:
    """Return a number of things, like `1 row` or `1,200 rows`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


@frozen
class Unit:
    """A product of base units, as sorted (name, exponent) pairs; empty means a bare number."""

    powers: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        """Return the unit of a product."""
        return _combined(self, other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        """Return the unit of a quotient."""
        return _combined(self, other, -1)

    def per(self, other: Unit) -> float | None:
        """Return how many of another unit one of this is; None where they measure other things."""
        powers: dict[str, int] = {}
        above = below = 1
        for name, power in (self / other).powers:
            what, size = _SIZES.get(name, (name, 1))
            powers[what] = powers.get(what, 0) + power
            above *= size ** max(power, 0)
            below *= size ** max(-power, 0)
        return None if any(powers.values()) else above / below

    def beside(self, other: Unit) -> Unit:
        """Return this with the names that another has for bytes and tokens; time stays as it is.

        A rate of a rate keeps both: `token/s` over `USD/h` says more than tokens for a dollar.
        """
        names = {_measured(name): name for name, _ in other.powers if _measured(name) != _TIME}
        found = Unit()
        for name, power in self.powers:
            found *= Unit(((names.get(_measured(name), name), power),))
        return found

    @property
    def mixes_time(self) -> bool:
        """Whether it has several units of time, as `ms·request/s` has."""
        return sum(_measured(name) == _TIME for name, _ in self.powers) > 1

    def __str__(self) -> str:
        """Return for example `token/s`, or `1` for a bare number."""
        above = "·".join(name + _exponent(power) for name, power in self.powers if power > 0)
        parts = [name + _exponent(-power) for name, power in self.powers if power < 0]
        below = "·".join(parts) if len(parts) < 2 else f"({'·'.join(parts)})"
        return (above or "1") + (f"/{below}" if below else "")


def unit(text: str) -> Unit:
    """Parse `ms`, `token/s`, `USD/h` or `1` (no unit).

    Raises ValueError when a part between the slashes is empty.
    """
    above, *below = text.split("/")
    if not above or not all(below):
        raise ValueError(f"not a unit: {text!r}")
    found = Unit() if above == "1" else Unit(((above, 1),))
    for name in below:
        found = found / Unit(((name, 1),))
    return found


def _combined(left: Unit, right: Unit, sign: int) -> Unit:
    powers = dict(left.powers)
    for name, power in right.powers:
        powers[name] = powers.get(name, 0) + sign * power
    return Unit(tuple(sorted((name, power) for name, power in powers.items() if power)))


def _exponent(power: int) -> str:
    return "" if power == 1 else f"^{power}"


def _measured(name: str) -> str:
    return _SIZES.get(name, (name, 1))[0]


NUMBER = Unit()
_TIME = "time"
_HOUR_MS = 3_600_000

# What a base unit measures, and how many of the smallest of its kind it is.
_SIZES: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "B": ("bytes", 1),
        "GB": ("bytes", 10**9),
        "GiB": ("bytes", 2**30),
        "ms": (_TIME, 1),
        "s": (_TIME, 1000),
        "h": (_TIME, _HOUR_MS),
        "month": (_TIME, int(HOURS_PER_MONTH) * _HOUR_MS),
        "token": ("tokens", 1),
        "Mtok": ("tokens", TOKENS_PER_MTOK),
        "J": ("energy", 1),
        "kWh": ("energy", JOULES_PER_KWH),
    }
)

# How a literal says its unit, and how many of the unit's it is.
SPELLED: Mapping[str, tuple[Unit, float]] = MappingProxyType(
    {
        "ms": (unit("ms"), 1.0),
        "s": (unit("ms"), 1e3),
        "GB": (unit("GB"), 1.0),
        "TB": (unit("GB"), 1e3),
        "GiB": (unit("GiB"), 1.0),
        "MiB": (unit("GiB"), 2.0**-10),
        "TiB": (unit("GiB"), 2.0**10),
        "GB/s": (unit("GB/s"), 1.0),
        "TB/s": (unit("GB/s"), 1e3),
        "B/token": (unit("B/token"), 1.0),
        "token": (unit("token"), 1.0),
        "tokens": (unit("token"), 1.0),
        "token/s": (unit("token/s"), 1.0),
        "tokens/s": (unit("token/s"), 1.0),
        "request": (unit("request"), 1.0),
        "requests": (unit("request"), 1.0),
        "request/s": (unit("request/s"), 1.0),
        "requests/s": (unit("request/s"), 1.0),
        "USD/h": (unit("USD/h"), 1.0),
        "USD/month": (unit("USD/month"), 1.0),
        "USD/Mtok": (unit("USD/Mtok"), 1.0),
        "W": (unit("W"), 1.0),
        "kW": (unit("W"), 1e3),
        "J/token": (unit("J/token"), 1.0),
        "kWh/Mtok": (unit("kWh/Mtok"), 1.0),
        "gCO2/Mtok": (unit("gCO2/Mtok"), 1.0),
    }
)


def spelled(measured: Unit) -> str | None:
    """Return the name with which a literal says a unit that measures the same; None without one."""
    found = [name for name, (each, _) in SPELLED.items() if each.per(measured) is not None]
    return found[-1] if found else None

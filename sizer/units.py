"""Units of quantities: what may be compared, added and divided.

A unit is a product of named base units with integer exponents. Two units are
the same only if every exponent is the same: ms and s, GB and GiB differ on
purpose, so that a rule cannot mix them silently.
"""

from __future__ import annotations

from attrs import frozen

GB = 1e9
GIB = float(2**30)
HOURS_PER_MONTH = 730.0


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

    def __str__(self) -> str:
        """Return for example `token/s`, or `1` for a bare number."""
        above = "·".join(name + _exponent(power) for name, power in self.powers if power > 0)
        below = "·".join(name + _exponent(-power) for name, power in self.powers if power < 0)
        return (above or "1") + (f"/{below}" if below else "")


def unit(text: str) -> Unit:
    """Parse `ms`, `token/s`, `usd/h` or `1` (no unit).

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


NUMBER = Unit()

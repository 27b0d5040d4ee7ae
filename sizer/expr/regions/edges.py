"""Where a comparison turns as one term grows, to the last digit: found by evaluating it.

Floating point rounds, but it keeps the order of numbers: what only grows before rounding never
falls after it. So there is one edge, and a bisection over the numbers that exist finds it.
"""

from __future__ import annotations

import operator
import struct
import sys
from collections.abc import Callable
from math import inf, isfinite

from sizer.expr.regions.linear import Sum

_SIGN_BIT = 1 << 63
_LARGEST = sys.float_info.max
_Holds = Callable[[float], bool]


def edges(left: Sum, right: Sum, name: str, near: float, *, rising: bool) -> tuple[float, float]:
    """Return the first value of a term with which left is not less, and the last where not more.

    Where left falls as the term grows: the first where it is not more, the last where not less.
    The search starts near a number.
    """
    less, most = (operator.lt, operator.le) if rising else (operator.gt, operator.ge)

    def last(compared: Callable[[float, float], bool]) -> float:
        return _last(lambda x: compared(left.rounded({name: x}), right.rounded({name: x})), near)

    return _after(last(less)), last(most)


def _last(holds: _Holds, near: float) -> float:
    """Return the last number for which a condition holds that holds for all below it."""
    if not holds(-_LARGEST):
        return -inf
    if holds(_LARGEST):
        return inf
    below = above = _rank(min(max(near, -_LARGEST), _LARGEST))
    step = 1
    while not holds(_ranked(below)):
        above, below, step = below, max(_rank(-_LARGEST), below - step), 2 * step
    while holds(_ranked(above)):
        below, above, step = above, min(_rank(_LARGEST), above + step), 2 * step
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if holds(_ranked(middle)) else (below, middle)
    return _ranked(below)


def _after(value: float) -> float:
    """Return the next number above one."""
    return _ranked(_rank(value) + 1) if isfinite(value) else value


def _rank(value: float) -> int:
    """Return the place of a number in the order of all."""
    (bits,) = struct.unpack("<Q", struct.pack("<d", value + 0.0))
    return int(bits) if bits < _SIGN_BIT else _SIGN_BIT - int(bits)


def _ranked(rank: int) -> float:
    bits = rank if rank >= 0 else _SIGN_BIT - rank
    (value,) = struct.unpack("<d", struct.pack("<Q", bits))
    return float(value)

"""Expressions as regions of the values that their metrics can take.

Comes in: a checked expression. Goes out: where it holds, fails or has no value.
It never looks at a candidate.
"""

from sizer.expr.regions.regions import EVERYWHERE, NOWHERE, Region, both, within
from sizer.expr.regions.truths import sides, where
from sizer.expr.regions.undefined_parts import undefined

__all__ = [
    "EVERYWHERE",
    "NOWHERE",
    "Region",
    "both",
    "sides",
    "undefined",
    "where",
    "within",
]

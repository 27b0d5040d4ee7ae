"""Why a row passes or fails, and what would change that.

Comes in: a checked expression and one row. Goes out: parts with their values, and the smallest
changes that turn the answer. It never judges more than one row at a time.
"""

from sizer.expr.explain.change import Flips, flips
from sizer.expr.explain.conditions import Condition, compared, conditions, conjuncts
from sizer.expr.explain.explain import explained, margin

__all__ = [
    "Condition",
    "Flips",
    "compared",
    "conditions",
    "conjuncts",
    "explained",
    "flips",
    "margin",
]

"""The text of an expression: its tokens, limits and faults.

Comes in: source text. Goes out: tokens and places. It never knows what a metric means.
"""

from sizer.expr.text.faults import CONSTANT, REFUSED
from sizer.expr.text.lexis import tokens
from sizer.expr.text.memo import MOST
from sizer.expr.text.source import Source

__all__ = ["CONSTANT", "MOST", "REFUSED", "Source", "tokens"]

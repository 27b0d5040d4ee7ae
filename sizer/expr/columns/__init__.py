"""Checked expressions to truth values, a whole column at a time.

Comes in: a compiled expression and a table. Goes out: an array of true, false and unknown.
It never takes a text, and agrees with the evaluation of each row.
"""

from sizer.expr.columns.columns import evaluate

__all__ = ["evaluate"]

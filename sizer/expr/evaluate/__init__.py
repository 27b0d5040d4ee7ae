"""Checked expressions to truth values, for one row.

Comes in: a compiled expression and one row. Goes out: true, false or unknown.
It never takes a text: only what the checker compiled.
"""

from sizer.expr.evaluate.rows import evaluate_row

__all__ = ["evaluate_row"]

"""What the rule language has, and what it leaves out.

Comes in: nothing. Goes out: functions, kinds of values, refused syntax, and the compiled forms that
leave the checker. It never imports an evaluator.
"""

from sizer.expr.language.cell import Cell, shown
from sizer.expr.language.expression import Expression, SortKey
from sizer.expr.language.functions import FUNCTIONS
from sizer.expr.language.glob import is_like
from sizer.expr.language.span import span

__all__ = ["FUNCTIONS", "Cell", "Expression", "SortKey", "is_like", "shown", "span"]

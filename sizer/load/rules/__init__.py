"""Rules that come from other files.

Comes in: `extends`, parameters, levels. Goes out: the rules of a question, each with the file it
stands in. It never checks an expression: `expr` does.
"""

from sizer.load.rules.origins import place_of
from sizer.load.rules.waiver_day import IN_FORCE, Waiving, today

__all__ = ["IN_FORCE", "Waiving", "place_of", "today"]

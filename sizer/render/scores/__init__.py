"""How far estimates are from measurements, in each form.

Comes in: scores, and the rows that are furthest off. Goes out: text. It never scores anything.
"""

from sizer.render.scores.scored import Scored

__all__ = ["Scored"]

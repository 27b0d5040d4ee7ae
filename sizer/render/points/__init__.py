"""A table of points with their estimates, in each form.

Comes in: the table in blocks, and what was found of each row. Goes out: text, block by block. It
never changes a cell that is filled.
"""

from sizer.render.points.rows import Block, Estimated

__all__ = ["Block", "Estimated"]

"""Entries of the catalog against checkpoints.

Comes in: a model as its repository has it. Goes out: the entry that would agree with it. It never
writes a file.
"""

from sizer.catalog.review.entry import Review, reviewed

__all__ = ["Review", "reviewed"]

"""The judge stage: conditions over columns to verdicts.

Comes in: a checked policy and a table. Goes out: for each condition, how it ends for each
candidate. It never drops a row, and never counts unknown as a pass.
"""

from sizer.judge.outcome import judge

__all__ = ["judge"]

"""The judge stage: conditions over columns to verdicts."""

from sizer.judge.outcome import judge

__all__ = ["judge"]

"""Tests of rules: cases tried, what differs, and what no case shows."""

from sizer.trials.trials import trials_of

__all__ = ["trials_of"]

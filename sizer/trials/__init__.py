"""Tests of rules: cases tried, what differs, and what no case shows.

Comes in: cases and the rules that they try. Goes out: what differs, and what no case shows. It
never writes a file.
"""

from sizer.trials.trials import trials_of

__all__ = ["trials_of"]

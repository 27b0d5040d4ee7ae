"""Tests of rules, from their files.

Comes in: `*.sizer-test.toml`. Goes out: cases with their candidates and the rules that judge them.
It never runs a case: `trials` does.
"""

from sizer.load.cases.cases import Cases, Tried, load_cases
from sizer.load.cases.given import Row
from sizer.load.cases.suites import suites, untested

__all__ = ["Cases", "Row", "Tried", "load_cases", "suites", "untested"]

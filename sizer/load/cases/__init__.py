"""Tests of rules, from their files.

Comes in: `*.sizer-test.toml`. Goes out: cases with their candidates and the rules that judge them.
It never runs a case: `trials` does.
"""

from sizer.load.cases.case_metrics import Row
from sizer.load.cases.cases import Cases, ReadCase, load_cases
from sizer.load.cases.suites import suites, untested

__all__ = ["Cases", "ReadCase", "Row", "load_cases", "suites", "untested"]

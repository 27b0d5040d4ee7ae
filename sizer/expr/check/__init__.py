"""Texts to checked expressions, sort keys and messages.

Comes in: the texts of one policy. Goes out: compiled values, or every fault at its column.
It never evaluates.
"""

from sizer.expr.check.check import compile_definition
from sizer.expr.check.draft import NO_NAMES, Draft, RuleDraft, Sources, draft_policy
from sizer.expr.check.policy import CompiledRule, CompiledWaiver, Policy

__all__ = [
    "NO_NAMES",
    "CompiledRule",
    "CompiledWaiver",
    "Draft",
    "Policy",
    "RuleDraft",
    "Sources",
    "compile_definition",
    "draft_policy",
]

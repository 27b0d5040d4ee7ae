"""A profile with its rules, waivers and policy.

Comes in: one profile and what it extends. Goes out: a Question, or all that is wrong with it.
It never resolves names to facts: `resolve` does.
"""

from sizer.load.question.question import Question, RuleSet

__all__ = ["Question", "RuleSet"]

"""Findings as people and continuous integration read them, in each form.

Comes in: findings, their texts made plain. Goes out: text. It never finds anything itself.
"""

from sizer.render.findings.text import written

__all__ = ["written"]

"""An answer to a profile, in each form.

Comes in: a report, its texts made plain. Goes out: text. It never changes what was answered.
"""

from sizer.render.kit.figures import usual
from sizer.render.kit.phrases import waived_by
from sizer.render.report.answer_schema import answer_schema
from sizer.render.report.assumptions import assumption_text
from sizer.render.report.document import document
from sizer.render.report.gate import gate
from sizer.render.report.prices import gpu_price
from sizer.render.report.reasons import why
from sizer.render.report.reference import (
    available_gb,
    performance,
    performance_of,
    recommendation,
    render_outcomes,
    summary,
)
from sizer.render.report.words import REFUSALS

__all__ = [
    "REFUSALS",
    "answer_schema",
    "assumption_text",
    "available_gb",
    "document",
    "gate",
    "gpu_price",
    "performance",
    "performance_of",
    "recommendation",
    "render_outcomes",
    "summary",
    "usual",
    "waived_by",
    "why",
]

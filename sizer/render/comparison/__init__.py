"""A comparison of estimators as text or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sizer.render.comparison import json, text
from sizer.render.plain import cleaned
from sizer.schema.answered.comparison import Comparison

COMPARISON_FORMATS: Mapping[str, Callable[[Comparison], str]] = MappingProxyType(
    {"text": text.render, "json": json.render}
)


def render_comparison(comparison: Comparison, form: str) -> str:
    """Return a comparison in one of COMPARISON_FORMATS, without control characters."""
    return COMPARISON_FORMATS[form](cleaned(comparison))

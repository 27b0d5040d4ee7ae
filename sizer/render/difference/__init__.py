"""A difference as text, as Markdown for a pull request, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sizer.render.difference import json, markdown, text
from sizer.render.plain import cleaned
from sizer.schema.answered.difference import Difference

DIFFERENCE_FORMATS: Mapping[str, Callable[[Difference], str]] = MappingProxyType(
    {"text": text.render, "json": json.render, "markdown": markdown.render}
)


def render_difference(difference: Difference, form: str) -> str:
    """Return a difference in one of DIFFERENCE_FORMATS, without control characters."""
    return DIFFERENCE_FORMATS[form](cleaned(difference))

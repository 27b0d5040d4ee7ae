"""Findings as people and continuous integration read them; each format is imported when asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TypeAlias

from sizer.diagnostic import Checked
from sizer.render.findings.clean import cleaned
from sizer.render.look import Look

Renderer: TypeAlias = "Callable[[Checked, Look], str]"

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "text": "sizer.render.findings.text",
        "concise": "sizer.render.findings.concise",
        "json": "sizer.render.findings.json",
        "github": "sizer.render.findings.github",
        "gitlab": "sizer.render.findings.gitlab",
        "junit": "sizer.render.findings.junit",
        "sarif": "sizer.render.findings.sarif",
    }
)


def render(checked: Checked, form: str, look: Look | None = None) -> str:
    """Return findings in one of FORMATS, without control characters; lines end in a newline.

    `look` matters to `text` alone. Raises KeyError for a format that does not exist.
    """
    renderer: Renderer = import_module(FORMATS[form]).render
    return renderer(cleaned(checked), look or Look())

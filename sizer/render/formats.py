"""The registry of formats. A format's module is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from sizer.diagnostic import Diagnostic
from sizer.render.look import Look
from sizer.render.plain import cleaned

if TYPE_CHECKING:  # `sizer check` prints no report
    from sizer.schema.answered.report import Report


Renderer: TypeAlias = "Callable[[Report, Look], str]"

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "text": "sizer.render.text",
        "json": "sizer.render.json",
        "markdown": "sizer.render.markdown",
        "csv": "sizer.render.csv",
        "toml": "sizer.render.toml",
        "reference": "sizer.render.reference",
    }
)


# What lets a change pass or not reads findings, not answers.
GATES = ("github", "gitlab", "junit", "sarif")


def render(
    report: Report, form: str, look: Look | None = None, notes: tuple[Diagnostic, ...] = ()
) -> str:
    """Return a report in one of FORMATS or GATES, ended by a newline, without control characters.

    GATES carry `notes`, findings about the question, too; others leave them to the conversation.
    `look` matters to `text` alone. Raises KeyError for a format that does not exist.
    """
    if form in GATES:
        from sizer.render.findings.verdicts import gate  # noqa: PLC0415  # pipelines alone ask for it

        return gate(report, form, notes)
    renderer: Renderer = import_module(FORMATS[form]).render
    return renderer(cleaned(report), look or Look())

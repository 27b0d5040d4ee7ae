"""TOML: the data of the JSON, without what is unknown, as TOML has no null."""

from __future__ import annotations

from sizer.render.kit.look import Look
from sizer.render.report.document import document
from sizer.schema.answered.report import Report
from sizer.structure.facts import write_facts


def render(report: Report, _: Look) -> str:
    """Return the whole report; an absent key is unknown."""
    return write_facts(document(report))

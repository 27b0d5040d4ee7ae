"""JSON for programs: versioned, the same findings give the same bytes."""

from __future__ import annotations

from typing import Any

from sizer.diagnostic import Checked, Diagnostic, Place
from sizer.render.findings.fingerprint import fingerprints
from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look

VERSION = 1


def render(checked: Checked, _: Look) -> str:
    """Return the files, the counts and the findings; what a finding lacks is null."""
    marks = zip(checked.found, fingerprints(checked), strict=True)
    return dumped(
        {
            "version": VERSION,
            "files": list(checked.files),
            "dependents": list(checked.dependents),
            "fail_level": checked.fail_level,
            "today": checked.today,
            "failed": checked.failed,
            "counts": checked.counts(),
            "findings": [_finding(found, mark) for found, mark in marks],
        }
    )


def _finding(found: Diagnostic, mark: str) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "help": found.help,
        "waiver": found.waiver,
        **_place(found.place),
        "related": [{"what": each.what, **_place(each.place)} for each in found.related],
        "fingerprint": mark,
    }


def _place(place: Place | None) -> dict[str, Any]:
    column = place.column if place else None
    return {
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": column,
        "end_column": column + place.width if place and column is not None else None,
    }

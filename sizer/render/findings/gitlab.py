"""GitLab's code quality report: an artefact that merge requests show."""

from __future__ import annotations

from typing import Any

from sizer.diagnostic import Checked, Diagnostic, position
from sizer.render.findings.fingerprint import fingerprints
from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(checked: Checked, _: Look) -> str:
    """Return a list with an issue for each finding."""
    marks = zip(checked.found, fingerprints(checked), strict=True)
    return dumped([_issue(found, mark) for found, mark in marks])


def _issue(found: Diagnostic, mark: str) -> dict[str, Any]:
    place = found.place
    waived = f"waived by {found.waiver}" if found.waiver else None
    related = (f"{each.what}: {position(each.place)}" for each in found.related)
    extra = "; ".join(part for part in (found.help, waived, *related) if part)
    said = f"{found.message} ({extra})" if extra else found.message
    line = place.line if place and place.line else 1
    return {
        "description": f"{found.code}: {said}",
        "check_name": found.code,
        "fingerprint": mark,
        "severity": "info" if found.waiver else _SEVERITIES[found.severity],
        "location": {"path": place.file if place else ".", "lines": {"begin": line, "end": line}},
    }

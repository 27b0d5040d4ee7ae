"""SARIF 2.1.0, which code scanning services read (OASIS standard, 2020)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sizer.catalog.codes import page
from sizer.diagnostic import Checked, Diagnostic, Place
from sizer.render.findings.fingerprint import fingerprints
from sizer.render.findings.program import documentation, version
from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
UNREADABLE = "SZ0"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_ROOT = "%SRCROOT%"


def render(checked: Checked, _: Look) -> str:
    """Return one run; what could not be read is a result, and a notification of the tool too."""
    codes = sorted({each.code for each in checked.found})
    marks = zip(checked.found, fingerprints(checked), strict=True)
    files = dict.fromkeys((*checked.files, *checked.dependents))
    unread = [each for each in checked.found if each.code.startswith(UNREADABLE)]
    run: dict[str, Any] = {
        "tool": {"driver": _driver(codes)},
        "invocations": [
            {
                "executionSuccessful": not unread,
                "toolExecutionNotifications": [_notification(each) for each in unread],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": _artifact(file)} for file in files],
        "results": [_result(found, codes.index(found.code), mark) for found, mark in marks],
    }
    if checked.today:
        run["properties"] = {"today": checked.today}
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _driver(codes: Iterable[str]) -> dict[str, Any]:
    home = documentation()
    about = {"name": "sizer", "version": version()}
    if home:
        about["informationUri"] = home
    return {**about, "rules": [_rule(code, home) for code in codes]}


def _rule(code: str, home: str | None) -> dict[str, Any]:
    about = page(code)
    if about is None:
        return {"id": code}
    text = f"{about.why}\n\nbad:\n{about.bad}\n\ngood:\n{about.good}"
    markdown = (
        f"{about.why}\n\nBad:\n```toml\n{about.bad}\n```\nGood:\n```toml\n{about.good}\n```\n"
    )
    rule = {
        "id": code,
        "shortDescription": {"text": about.title},
        "fullDescription": {"text": about.why},
        "help": {"text": text, "markdown": markdown},
    }
    return {**rule, "helpUri": f"{home}#{code.lower()}"} if home else rule


def _result(found: Diagnostic, index: int, mark: str) -> dict[str, Any]:
    result = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": _LEVELS[found.severity],
        "message": {"text": _said(found)},
        "locations": _locations(found),
        "partialFingerprints": {"sizer/v1": mark},
        "suppressions": _suppressions(found),
    }
    if found.related:
        result["relatedLocations"] = [
            {"id": number, **_location(each.place), "message": {"text": _unlinked(each.what)}}
            for number, each in enumerate(found.related)
        ]
    return result


def _suppressions(found: Diagnostic) -> list[dict[str, str]]:
    """Return the waiver, which stands in the profile, not beside what it waives."""
    if found.waiver is None:
        return []
    return [{"kind": "external", "status": "accepted", "justification": found.waiver}]


def _notification(found: Diagnostic) -> dict[str, Any]:
    return {
        "descriptor": {"id": found.code},
        "level": _LEVELS[found.severity],
        "message": {"text": _said(found)},
        "locations": _locations(found),
    }


def _said(found: Diagnostic) -> str:
    return _unlinked(found.message if found.help is None else f"{found.message} ({found.help})")


def _unlinked(said: str) -> str:
    """Return a text as it reads: brackets before a parenthesis would be a link, so are escaped."""
    return (
        said.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") if "](" in said else said
    )


def _locations(found: Diagnostic) -> list[dict[str, Any]]:
    return [] if found.place is None else [_location(found.place)]


def _location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(place.file)}
    if place.line is not None:
        physical["region"] = _region(place)
    return {"physicalLocation": physical}


def _region(place: Place) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": place.line}
    if place.column is not None:
        region |= {"startColumn": place.column, "endColumn": place.column + place.width}
    if place.excerpt is not None and place.column is not None:
        start = place.column - 1
        region["snippet"] = {"text": place.excerpt[start : start + place.width]}
    return region


def _artifact(file: str) -> dict[str, str]:
    """Return where a file is: from where the command ran if it is below, else as a whole."""
    if file.startswith("pack:"):
        return {"uri": quote(file, safe=":/")}
    relative = os.path.relpath(file or os.curdir)
    if relative.startswith(".."):
        return {"uri": Path(file).resolve().as_uri()}
    return {"uri": quote(Path(relative).as_posix()), "uriBaseId": _ROOT}

"""GitHub workflow commands, which annotate the lines of a pull request."""

from __future__ import annotations

from sizer.diagnostic import Checked, Diagnostic, position
from sizer.render.kit.look import Look

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(checked: Checked, _: Look) -> str:
    """Return one command for each finding."""
    return "".join(f"{_command(each)}\n" for each in checked.found)


def _command(found: Diagnostic) -> str:
    place = found.place
    about: dict[str, str | int | None] = {"title": f"sizer {found.code}"}
    if place:
        about |= {"file": place.file, "line": place.line, "endLine": place.line}
        about["col"] = place.column
        about["endColumn"] = None if place.column is None else place.column + place.width
    told = ",".join(f"{key}={_property(v)}" for key, v in about.items() if v is not None)
    extra = {"help": found.help, "waived by": found.waiver}
    extra |= {each.what: position(each.place) for each in found.related}
    said = "\n".join((found.message, *(f"{name}: {v}" for name, v in extra.items() if v)))
    command = "notice" if found.waiver else _COMMANDS[found.severity]
    return f"::{command} {told}::{_escaped(said)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str | int) -> str:
    return _escaped(str(value)).replace(":", "%3A").replace(",", "%2C")

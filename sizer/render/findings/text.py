"""For people: the source line, a caret under the characters, and help."""

from __future__ import annotations

from sizer.diagnostic import Checked, Diagnostic, shown
from sizer.render.kit.look import Look
from sizer.render.kit.plain import plain

_BOLD, _DIM, _END = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_COLOURS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;36m"}
_BAR = " | "


def render(checked: Checked, look: Look) -> str:
    """Return every finding with its source line and help."""
    return "".join(f"{written(each, look)}\n" for each in checked.found)


def written(found: Diagnostic, look: Look | None = None) -> str:
    """Return one finding as lines of printable characters, in colour where they are understood."""
    lines = [plain(line.replace("\t", "    ")) for line in shown(found).split("\n")]
    if look and look.colour:
        lines = [_heading(lines[0], found), *(_detail(line, found) for line in lines[1:])]
    return "\n".join(lines)


def _heading(line: str, found: Diagnostic) -> str:
    said = f"{found.severity}[{found.code}]"
    place, _, message = line.partition(said)
    return f"{_BOLD}{place}{_END}{_COLOURS[found.severity]}{said}{_END}{message}"


def _detail(line: str, found: Diagnostic) -> str:
    margin, bar, source = line.partition(_BAR)
    if not bar or not (not margin.strip() or margin.strip().isdigit()):
        return line
    if not source.strip(" ^"):
        source = f"{_COLOURS[found.severity]}{source}{_END}"
    return f"{_DIM}{margin}{bar}{_END}{source}"

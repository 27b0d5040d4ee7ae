"""The one door to rich's console: what it would show, as text."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO

from rich.console import Console, RenderableType
from rich.measure import Measurement

from sizer.render.kit.look import Look

NARROWEST = 60
ENDLESS = 10_000


def printed(parts: Iterable[RenderableType], look: Look) -> str:
    """Return parts as wide as the look; plain characters unless it has colour."""
    out = StringIO()
    console = Console(
        file=out,
        width=max(look.width, NARROWEST),
        force_terminal=look.colour,
        color_system="standard" if look.colour else None,
        no_color=not look.colour,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def measured_width(part: RenderableType) -> int:
    """Return how many characters a part takes if it is not wrapped."""
    console = Console(file=StringIO(), width=ENDLESS)
    return Measurement.get(console, console.options, part).maximum

"""A listing for people: aligned columns, numbers to the right."""

from __future__ import annotations

from sizer.render.kit.figures import figure
from sizer.render.kit.look import Look
from sizer.render.listing.listing import Listing
from sizer.schema.answered.report import Value


def render(listing: Listing, _: Look) -> str:
    """Return a heading and all rows."""
    rows, columns = listing.shown(), listing.columns
    lines = [tuple(columns), *(tuple(_shown(name, row[name]) for name in columns) for row in rows)]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    numeric = [any(isinstance(row[name], int | float) for row in rows) for name in columns]
    drawn = (
        "  ".join(
            each.rjust(width) if right else each.ljust(width)
            for each, width, right in zip(line, widths, numeric, strict=True)
        )
        for line in lines
    )
    return "".join(f"{line.rstrip()}\n" for line in drawn)


def _shown(name: str, value: Value) -> str:
    if name.endswith("_year") and value is not None:
        return str(value)
    return figure(value)

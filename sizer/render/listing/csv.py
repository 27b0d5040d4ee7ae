"""CSV of a listing; an empty cell is unknown."""

from __future__ import annotations

from sizer.render.kit.csv_text import table
from sizer.render.kit.look import Look
from sizer.render.listing.listing import Listing


def render(listing: Listing, _: Look) -> str:
    """Return a heading and all rows."""
    return table(listing.columns, (row.values() for row in listing.shown()))

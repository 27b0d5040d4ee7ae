"""JSON of a listing: an object for each row; unknown is null."""

from __future__ import annotations

from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look
from sizer.render.listing.listing import Listing


def render(listing: Listing, _: Look) -> str:
    """Return all rows."""
    return dumped(listing.shown())

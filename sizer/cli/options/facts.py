"""Facts for a command: the catalog, and a hub whose waits are told on standard error."""

from __future__ import annotations

from sizer.catalog.hub import Hub
from sizer.cli.streams.streams import say
from sizer.resolve.facts import Catalog


def asking_hub() -> Catalog:
    """Return the facts of today; one hub for all look-ups."""
    return Catalog(Hub(say))

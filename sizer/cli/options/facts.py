"""Facts for a command: the catalog, and a hub whose waits are told on standard error."""

from __future__ import annotations

from collections.abc import Mapping

from sizer.catalog.hub import Hub
from sizer.cli.streams.streams import say
from sizer.resolve.facts import Catalog


def asking_hub(tokens: Mapping[str, str] | None = None) -> Catalog:
    """Return the facts of today; one hub for all look-ups, with a token for some models each."""
    return Catalog(Hub(say, tokens=tokens or {}))

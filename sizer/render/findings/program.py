"""What an answer says of the program that gave it, from the metadata of the installed package."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata

DISTRIBUTION = "fleet-sizer"
LINK = "Documentation"


def version() -> str:
    """Return the installed version; a source tree that is not installed has none."""
    try:
        return metadata(DISTRIBUTION)["Version"]
    except PackageNotFoundError:
        return "0"


def documentation() -> str | None:
    """Return the address of the documentation that the package declares, if it does."""
    try:
        links = metadata(DISTRIBUTION).get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    named = dict(link.split(", ", 1) for link in links)
    return named.get(LINK)

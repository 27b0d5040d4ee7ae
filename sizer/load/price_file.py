"""A price file by itself: read with every fault, joined with newer prices, written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sizer.diagnostic import Diagnostic, Place, Problem, in_order
from sizer.load.prices.prices import offer, price_rows, row_faults
from sizer.schema.facts.prices import PriceFile, PriceRow
from sizer.structure.facts import write_facts
from sizer.structure.shape.profile import read_prices
from sizer.structure.toml.document import Document


def read_prices_at(path: Path) -> tuple[PriceRow, ...]:
    """Return the rows of a file, none if there is no file. Raises Problem with every fault."""
    if not path.exists():
        return ()
    faults: list[Diagnostic] = []
    _, rows, place_of = price_rows(path, faults)
    faults += row_faults(rows, place_of, fit=not faults)
    if any(each.severity == "error" for each in faults):
        raise Problem(tuple(in_order(faults)))
    return tuple(rows)


def price_findings(document: Document) -> list[Diagnostic]:
    """Return every fault of a price file that was parsed.

    Accelerators are for the profiles to know that name the file: some are their own.
    """
    file, faults = read_prices(document)

    def place_of(row: int, key: str) -> Place | None:
        return document.place(("prices", row, key))

    return [*faults, *row_faults(list(file.prices), place_of, fit=not faults)]


def merged(old: Iterable[PriceRow], new: Iterable[PriceRow]) -> PriceFile:
    """Return both, sorted; a new price replaces the old one of the same offer."""
    rows = {offer(row): row for row in (*old, *new)}
    return PriceFile(tuple(rows[key] for key in sorted(rows)))


def written(file: PriceFile) -> str:
    """Return a price file as TOML."""
    return write_facts(file)

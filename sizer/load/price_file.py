"""A price file by itself: read with every fault, joined with newer prices, written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sizer.catalog.gpus import knows_gpu
from sizer.diagnostic import Diagnostic, Problem, in_order
from sizer.load.prices import price_rows, row_faults
from sizer.schema.prices import PriceFile, PriceRow
from sizer.structure.facts import write_facts


def read_prices_at(path: Path) -> tuple[PriceRow, ...]:
    """Return the rows of a file, none if there is no file. Raises Problem with every fault."""
    if not path.exists():
        return ()
    faults: list[Diagnostic] = []
    _, rows, place_of = price_rows(path, faults)
    faults += row_faults(rows, set(), place_of)
    if any(each.severity == "error" for each in faults):
        raise Problem(tuple(in_order(faults)))
    return tuple(rows)


def merged(old: Iterable[PriceRow], new: Iterable[PriceRow]) -> PriceFile:
    """Return both, sorted; a new price replaces the old one of the same offer."""
    rows = {offer(row): row for row in (*old, *new)}
    return PriceFile(tuple(rows[key] for key in sorted(rows)))


def written(file: PriceFile) -> str:
    """Return a price file as TOML."""
    return write_facts(file)


def offer(row: PriceRow) -> tuple[str, str, str, str]:
    """Return what tells offers apart: accelerator, provider, region and term."""
    return knows_gpu(row.gpu) or row.gpu, row.provider, row.region or "", row.term

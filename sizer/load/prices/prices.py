"""Files of a user's own prices that a profile names: TOML, or CSV with the same columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from attrs import NOTHING, fields, resolve_types

from sizer.catalog.gpus import gpu_names, knows_gpu
from sizer.diagnostic import MOST_OF_A_KIND, Diagnostic, Place, Problem
from sizer.load.prices.own_files import OwnFiles
from sizer.load.sites.site import Site, shared_site, unreadable
from sizer.schema.asked.profile import Profile
from sizer.schema.facts.gpu import Price
from sizer.schema.facts.prices import PriceRow
from sizer.structure.files.csv_document import CsvTable, parse_csv
from sizer.structure.files.reader import DISK, Reader
from sizer.structure.nearest import did_you_mean
from sizer.structure.shape.cells import cell_value
from sizer.structure.shape.faults import MISSING, VALUE, Fault
from sizer.structure.shape.profile import read_prices
from sizer.structure.toml.document import Document, parse_document

GPU = "SZ701"
LARGEST_BYTES = 2**24
PlaceOf = Callable[[int, str], Place | None]


def own_prices(
    profile: Profile, document: Document, folder: Path, reader: Reader = DISK
) -> OwnFiles:
    """Return the prices of the files that a profile names.

    Faults: SZ501 missing, SZ503 outside the repository, SZ001 to SZ004 and SZ101 to SZ104 of the
    files themselves, SZ701 (a warning) for an accelerator that nobody knows.
    """
    site = Site.of(document.file, folder, reader)
    custom = {each.name for each in profile.fleet.custom}
    prices: list[Price] = []
    files: list[Document] = []
    faults: list[Diagnostic] = []
    for index, name in enumerate(profile.fleet.prices):
        if not name:
            continue
        found = shared_site(site, name)
        refused = unreadable(found, name, site)
        if refused:
            code, message, help_ = refused
            place = document.place(("fleet", "prices", index))
            faults.append(Diagnostic(code, message, place, help_))
            continue
        try:
            file, rows, place_of = price_rows(found.path, faults, reader)
        except Problem as problem:
            faults.extend(problem.diagnostics)
            continue
        files.append(file)
        prices += [priced(row) for row in rows]
        faults += [*repeated(rows, place_of), *strangers(rows, custom, place_of)]
    return OwnFiles(tuple(prices), tuple(files), tuple(faults))


def price_rows(
    path: Path, faults: list[Diagnostic], reader: Reader = DISK
) -> tuple[Document, list[PriceRow], PlaceOf]:
    """Return a file, its rows and where they stand; faults of its shape are added to a list.

    Raises Problem when it is no TOML or CSV at all.
    """
    text = reader.text(path, str(path), LARGEST_BYTES, "split the file")
    if path.suffix.lower() == ".csv":
        text = text.removeprefix("\ufeff")
        table = parse_csv(text, str(path))
        file = Document(str(path), text.replace("\r\n", "\n"), {})
        return file, list(_from_table(table, faults)), lambda row, _: Place(str(path), row + 2)
    document = parse_document(text, str(path))
    read, found = read_prices(document)
    faults += found
    return document, list(read.prices), lambda row, key: document.place(("prices", row, key))


def priced(row: PriceRow) -> Price:
    """Return a row as a price, under the catalog's name of its accelerator."""
    return Price(
        gpu=knows_gpu(row.gpu) or row.gpu,
        provider=row.provider,
        usd_per_gpu_hour=row.usd_per_gpu_hour,
        as_of=row.as_of.isoformat(),
        region=row.region or "",
        basis=row.basis or "",
        source=row.source or "",
        term=row.term,
    )


def _from_table(table: CsvTable, faults: list[Diagnostic]) -> Iterator[PriceRow]:
    columns = {each.name: each for each in fields(resolve_types(PriceRow))}
    needed = [name for name, each in columns.items() if each.default is NOTHING]
    missing = [name for name in needed if name not in table.columns]
    for name in missing:
        help_ = did_you_mean(name, table.columns)
        faults.append(Diagnostic(MISSING, f"no column {name!r}", Place(table.file, 1), help_))
    for number, cells in enumerate(() if missing else table.rows):
        place = Place(table.file, number + 2)
        values: dict[str, Any] = {}
        for name, text in zip(table.columns, map(str.strip, cells), strict=True):
            try:
                if text and name in columns:
                    values[name] = cell_value(text, columns[name])
            except Fault as fault:
                faults.append(Diagnostic(VALUE, f"{name}: {fault}", place, fault.help))
        blank = [name for name in needed if name not in values]
        faults += [
            Diagnostic(MISSING, f"{name} is blank", place)
            for name in blank
            if not cells[table.columns.index(name)].strip()
        ]
        if not blank:
            yield PriceRow(**values)


def strangers(rows: list[PriceRow], custom: set[str], place_of: PlaceOf) -> Iterator[Diagnostic]:
    """Yield accelerators that neither the catalog nor a profile knows."""
    known = [*gpu_names(), *custom]
    near: dict[str, str | None] = {}
    for number, row in enumerate(rows):
        if row.gpu and row.gpu not in custom and knows_gpu(row.gpu) is None:
            said = f"unknown accelerator {row.gpu!r}: its price is of nothing"
            if row.gpu not in near and len(near) < MOST_OF_A_KIND:
                near[row.gpu] = did_you_mean(row.gpu, known)
            yield Diagnostic(GPU, said, place_of(number, "gpu"), near.get(row.gpu), "warning")


def repeated(rows: list[PriceRow], place_of: PlaceOf) -> Iterator[Diagnostic]:
    """Yield offers that stand twice."""
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(rows):
        key = (knows_gpu(row.gpu) or row.gpu, row.provider, row.region or "", row.term)
        if key in seen:
            said = f"{row.gpu} from {row.provider} stands twice for the same region and term"
            yield Diagnostic(VALUE, said, place_of(number, "gpu"), "each stands once")
        seen.add(key)

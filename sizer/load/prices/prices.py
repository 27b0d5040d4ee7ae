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
from sizer.schema.facts.price import Price
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
        before = len(faults)
        try:
            file, rows, place_of = price_rows(found.path, faults, reader)
        except Problem as problem:
            faults.extend(problem.diagnostics)
            continue
        files.append(file)
        wrong = row_faults(rows, place_of, fit=len(faults) == before)
        if not wrong:
            prices += map(priced, rows)
        faults += [*wrong, *strangers(rows, custom, place_of)]
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
    """Return a row without faults as a price, under the catalog's name of its accelerator."""
    return Price(
        gpu=knows_gpu(row.gpu) or row.gpu,
        provider=row.provider,
        usd_per_hour=(row.usd_per_gpu_hour if row.gpus is None else row.usd_per_hour) or 0.0,
        as_of=row.as_of.isoformat(),
        region=row.region or "",
        basis=row.basis or "",
        source=row.source or "",
        term=row.term,
        gpus=row.gpus,
        instance=row.instance or "",
        vcpus=row.vcpus,
        memory_gib=row.memory_gib,
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


def offer(row: PriceRow) -> tuple[str | int, ...]:
    """Return what tells offers apart: accelerator, provider, region, term and instance."""
    gpu = knows_gpu(row.gpu) or row.gpu
    return gpu, row.provider, row.region or "", row.term, row.gpus or 0, row.instance or ""


def row_faults(rows: list[PriceRow], place_of: PlaceOf, *, fit: bool) -> list[Diagnostic]:
    """Return offers that stand twice, and of rows that `fit` those that have no single price."""
    unpriced = _unpriced(rows, place_of) if fit else ()
    return [*_repeated(rows, place_of), *unpriced]


def _repeated(rows: list[PriceRow], place_of: PlaceOf) -> Iterator[Diagnostic]:
    seen: set[tuple[str | int, ...]] = set()
    for number, row in enumerate(rows):
        key = offer(row)
        if key in seen:
            what = f"{row.instance} with {row.gpu}" if row.instance else row.gpu
            said = f"{what} from {row.provider} stands twice for the same region and term"
            yield Diagnostic(VALUE, said, place_of(number, "gpu"), "each stands once")
        seen.add(key)


def _unpriced(rows: list[PriceRow], place_of: PlaceOf) -> Iterator[Diagnostic]:
    for number, row in enumerate(rows):
        fault = _price_fault(row)
        if fault is not None:
            code, key, said, help_ = fault
            yield Diagnostic(code, said, place_of(number, key), help_)


def _price_fault(row: PriceRow) -> tuple[str, str, str, str] | None:
    """Return the code, key, message and help of a row that has no single price."""
    one, whole = row.usd_per_gpu_hour, row.usd_per_hour
    if one is not None and whole is not None:
        said = "usd_per_hour excludes usd_per_gpu_hour"
        return VALUE, "usd_per_hour", said, "an instance has usd_per_hour alone"
    if one is not None and row.gpus is not None:
        said = f"gpus = {row.gpus} is of an instance, usd_per_gpu_hour of accelerators one by one"
        return VALUE, "gpus", said, f"usd_per_hour = {one * row.gpus:.6g}"
    if whole is not None and row.gpus is None:
        said = "gpus is missing: usd_per_hour is of a whole instance"
        return MISSING, "usd_per_hour", said, "gpus = 8"
    if one is None and whole is None:
        named = "usd_per_gpu_hour" if row.gpus is None else "usd_per_hour"
        said = f"{named} is missing: the row has no price"
        return MISSING, "gpu", said, f"{named} = 2.5"
    return None

"""gpuhunt's catalogs of instances (a CSV for each provider) as prices of them.

The columns are those of its `RawCatalogItem`; `price` is of the whole instance and hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Literal

from attrs import frozen

from sizer.catalog.gpus import find_gpu
from sizer.catalog.lookup import Unknown
from sizer.schema.facts.prices import PriceRow
from sizer.structure.files.csv_document import CsvTable

NEEDED = frozenset({"instance_name", "location", "price", "gpu_count", "gpu_name", "spot"})
BOARDS = ("pcie", "nvl", "sxm")  # what instance names tell and `gpu_name` mostly does not
SOURCE = "gpuhunt"
_LINE = re.compile(r"(RTX|PRO)(?=\S)")  # RTX4090 is RTX 4090
_ENDING = re.compile(r"(?<=\d)(NVL|Ti|SUPER|Ada)\b")


@frozen
class Converted:
    """Prices, and accelerators that the catalog lacks with the rows of each."""

    rows: tuple[PriceRow, ...]
    unknown: Mapping[str, int]


def is_gpuhunt(table: CsvTable) -> bool:
    """Return whether a table has gpuhunt's columns."""
    return set(table.columns) >= NEEDED


def converted(table: CsvTable, provider: str, as_of: date) -> Converted:
    """Return each instance in each region and on each term, the cheapest of several of one name.

    Rows without an accelerator or a price are passed over.
    """
    cheapest: dict[tuple[str, str, str, str, int, str], PriceRow] = {}
    unknown: dict[str, int] = {}
    dearest_first = sorted(table.rows, key=lambda cells: -_number(_named(table, cells)["price"]))
    for cells in dearest_first:
        row = _named(table, cells)
        usd, gpus = _number(row["price"]), int(_number(row["gpu_count"]))
        if usd <= 0 or gpus <= 0 or not row["gpu_name"]:
            continue
        gpu = _gpu(row)
        if gpu is None:
            unknown[row["gpu_name"]] = unknown.get(row["gpu_name"], 0) + 1
            continue
        each = _price(row, gpu, gpus, usd, row.get("provider") or provider, as_of)
        name = row["instance_name"]
        cheapest[each.gpu, each.provider, each.region or "", each.term, gpus, name] = each
    return Converted(tuple(cheapest[key] for key in sorted(cheapest)), unknown)


def _named(table: CsvTable, cells: Sequence[str]) -> dict[str, str]:
    return dict(zip(table.columns, cells, strict=True))


def _price(
    row: Mapping[str, str], gpu: str, gpus: int, usd: float, provider: str, as_of: date
) -> PriceRow:
    term: Literal["spot", "on_demand"] = "spot" if row["spot"].lower() == "true" else "on_demand"
    return PriceRow(
        gpu=gpu,
        provider=provider,
        as_of=as_of,
        usd_per_hour=usd,
        gpus=gpus,
        instance=row["instance_name"] or None,
        vcpus=_number(row.get("cpu", "")) or None,
        memory_gib=_number(row.get("memory", "")) or None,
        region=row["location"] or None,
        term=term,
        source=SOURCE,
    )


def _number(cell: str) -> float:
    """Return the number of a cell; 0 for a blank one, and for what is none or not finite."""
    try:
        found = float(cell or 0)
    except ValueError:
        return 0.0
    return found if isfinite(found) else 0.0


def _gpu(row: Mapping[str, str]) -> str | None:
    """Return the catalog's name; memory and instance say what `gpu_name` does not."""
    for name in _names(row):
        try:
            return find_gpu(name).value.name
        except Unknown:
            continue
    return None


def _names(row: Mapping[str, str]) -> Iterator[str]:
    name = _ENDING.sub(r" \1", _LINE.sub(r"\1 ", row["gpu_name"]))
    instance = row["instance_name"].lower()
    memory = row.get("gpu_memory", "").partition(".")[0]
    boards = [board for board in BOARDS if board in instance]
    for board in boards:
        yield f"{name} {board} {memory}GB"
        yield f"{name} {board}"
    yield f"{name} {memory}GB"
    yield name

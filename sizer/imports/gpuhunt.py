"""gpuhunt's catalogs of instances (a CSV for each provider) as prices of accelerators.

The columns are those of its `RawCatalogItem`; `price` is of the whole instance and hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
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
    """Return for each accelerator, region and term the size that is cheapest per accelerator.

    Rows without an accelerator or a price are passed over.
    """
    cheapest: dict[tuple[str, str, str, str], PriceRow] = {}
    unknown: dict[str, int] = {}
    for cells in table.rows:
        row = dict(zip(table.columns, cells, strict=True))
        usd = _per_gpu(row)
        if usd is None:
            continue
        gpu = _gpu(row)
        if gpu is None:
            unknown[row["gpu_name"]] = unknown.get(row["gpu_name"], 0) + 1
            continue
        each = _price(row, gpu, usd, row.get("provider") or provider, as_of)
        key = (each.gpu, each.provider, each.region or "", each.term)
        if key not in cheapest or usd < cheapest[key].usd_per_gpu_hour:
            cheapest[key] = each
    return Converted(tuple(cheapest[key] for key in sorted(cheapest)), unknown)


def _price(row: Mapping[str, str], gpu: str, usd: float, provider: str, as_of: date) -> PriceRow:
    term: Literal["spot", "on_demand"] = "spot" if row["spot"].lower() == "true" else "on_demand"
    return PriceRow(
        gpu=gpu,
        provider=provider,
        usd_per_gpu_hour=float(f"{usd:.6g}"),
        as_of=as_of,
        region=row["location"] or None,
        term=term,
        basis=f"cheapest size per accelerator: {row['instance_name']}",
        source=SOURCE,
    )


def _per_gpu(row: Mapping[str, str]) -> float | None:
    """Return USD for one accelerator and hour; None where there is no accelerator or no price."""
    try:
        price, count = float(row["price"] or 0), int(row["gpu_count"] or 0)
    except ValueError:
        return None
    return price / count if price > 0 and count > 0 and row["gpu_name"] else None


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

"""Rows of a table as points, each with what is wrong with it; a bad row keeps its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import Attribute, fields, frozen, resolve_types

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.redaction import without_secrets
from sizer.schema.asked.point import MEASURED, Point
from sizer.schema.metrics import registry
from sizer.structure.files.csv_document import CsvTable, Table
from sizer.structure.nearest import did_you_mean
from sizer.structure.shape.cells import cell_number, cell_value
from sizer.structure.shape.faults import MISSING, VALUE, Fault
from sizer.structure.shape.scalars import EXACT

PROBLEM = "problem"
BLOCK = 16_384  # rows of a large table that are held at a time


@frozen
class Row:
    """A row: the point that it asks, or every fault of it in words."""

    point: Point | None
    faults: tuple[str, ...] = ()


def point_columns(table: Table) -> dict[str, Attribute[Any]]:
    """Return what a table may say of a point, by column.

    Raises Problem: SZ102 without a column `model` or `gpu`, SZ104 for a column named like what
    sizer computes.
    """
    columns = {each.name: each for each in fields(resolve_types(Point))}
    faults = [*_missing(table), *_taken(table, columns)]
    if faults:
        raise Problem(tuple(faults))
    return columns


def read_points(table: CsvTable) -> list[Row]:
    """Return the points of a table, row for row; columns that no point has are left alone.

    Raises Problem as point_columns does.
    """
    columns = point_columns(table)
    cells = dict(zip(table.columns, zip(*table.rows, strict=True), strict=False))
    names = [name for name in columns if name in cells]
    values = [_values(name, cells[name], columns[name]) for name in names]
    return [_row(names, each) for each in zip(*values, strict=True)]


def read_measured(table: Table) -> dict[str, list[float | None]]:
    """Return the columns `measured_<metric>` by metric, None where a cell is blank.

    Raises Problem: SZ102 without any such column, SZ104 for one of no numeric metric, for a metric
    that stands twice, and for each cell that is no positive number.
    """
    place = Place(table.file, 1)
    found: dict[str, list[float | None]] = {}
    indices: dict[str, int] = {}
    faults: list[Diagnostic] = []
    for index, column in enumerate(table.columns):
        name = column.removeprefix(MEASURED)
        metric = registry().get(name)
        if name == column:
            continue
        if metric is None or metric.kind != "number":
            said = f"column {column!r} measures no numeric metric"
            faults.append(Diagnostic(VALUE, said, place, did_you_mean(name, registry())))
        elif metric.name in found:
            said = f"column {column!r} measures {metric.name} a second time"
            faults.append(Diagnostic(VALUE, said, place))
        else:
            found[metric.name] = []
            indices[metric.name] = index
    if not found and not faults:
        said = f"no column `{MEASURED}<metric>`, like {MEASURED}itl_ms"
        faults.append(Diagnostic(MISSING, said, place))
    for block in table.blocks(BLOCK) if found else ():
        for name, index in indices.items():
            found[name] += _column(block, index, faults)
    if faults:
        raise Problem(tuple(faults))
    return found


def _column(table: CsvTable, index: int, faults: list[Diagnostic]) -> list[float | None]:
    """Return the cells of a column; what is wrong with one is added to the faults."""
    cells: list[float | None] = []
    for number, row in enumerate(table.rows, start=table.first):
        try:
            cells.append(_measured(row[index].strip()))
        except Fault as fault:
            said = f"row {number}, column {table.columns[index]!r}: {fault}"
            faults.append(Diagnostic(VALUE, said, Place(table.file)))
    return cells


def _measured(text: str) -> float | None:
    if not text:
        return None
    value = float(EXACT[float](cell_number(text, whole=False)))
    if value <= 0:
        raise Fault(VALUE, f"must be above 0, not {text}")
    return value


def _missing(table: Table) -> list[Diagnostic]:
    place = Place(table.file, 1)
    return [
        Diagnostic(MISSING, f"no column {name!r}", place, did_you_mean(name, table.columns))
        for name in ("model", "gpu")
        if name not in table.columns
    ]


def _taken(table: Table, known: Mapping[str, Attribute[Any]]) -> list[Diagnostic]:
    place = Place(table.file, 1)
    return [
        Diagnostic(
            VALUE,
            f"column {name!r} is what sizer computes",
            place,
            f"call a measurement `measured_{name}`",
        )
        for name in table.columns
        if name not in known and (name in registry() or name == PROBLEM)
    ]


def _values(name: str, cells: Sequence[str], attribute: Attribute[Any]) -> list[Any]:
    """Return the value of each cell, None for a blank one and a Fault for what does not fit.

    Tables repeat themselves, so each text is read once.
    """
    needed = name in {"model", "gpu"}
    read: dict[str, Any] = {}
    for text in set(cells):
        plain = text.strip()
        try:
            read[text] = cell_value(plain, attribute) if plain else None
        except Fault as fault:
            read[text] = Fault(VALUE, without_secrets(f"{name}: {fault}"))
        if needed and not plain:
            read[text] = Fault(MISSING, f"{name} is blank")
    return [read[text] for text in cells]


def _row(names: Sequence[str], values: Sequence[Any]) -> Row:
    faults = tuple(str(value) for value in values if isinstance(value, Fault))
    if faults:
        return Row(None, faults)
    pairs = zip(names, values, strict=True)
    return Row(Point(**{name: value for name, value in pairs if value is not None}))

"""A table in a CSV file: its columns, and its rows as the texts that stand there."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO
from pathlib import Path

from attrs import frozen

from sizer.diagnostic import Place, problem
from sizer.structure.files.text_file import decoded, read_bytes

LARGEST_TABLE_BYTES = 2**28
LEAST_CELLS = 2**20  # of a table of any size; else each takes a character of the file
_SPARSE = "short rows under very many columns"


@frozen
class CsvTable:
    """Columns in their order; every row has a cell for each, blank where it stood short."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_csv(path: Path) -> CsvTable:
    """Return the table of a CSV file with a header line.

    Raises Problem: SZ001, SZ002 and SZ004 for the file, SZ003 when a line is no row of it.
    """
    content = read_bytes(path, LARGEST_TABLE_BYTES, "split the table")
    return parse_csv(decoded(content, str(path)).removeprefix("\ufeff"), str(path))


def parse_csv(text: str, file: str) -> CsvTable:
    """Return the table in a text.

    Raises Problem: SZ003 when a line is no row of it, SZ004 when it is mostly blanks of short rows.
    """
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        columns = tuple(name.strip() for name in next(reader, ()))
        _refuse_header(columns, file)
        most = max(LEAST_CELLS, len(text)) // len(columns)
        rows: list[tuple[str, ...]] = []
        for cells in filter(None, reader):
            if len(rows) == most:
                raise problem("SZ004", _SPARSE, Place(file, reader.line_num))
            rows.append(_row(cells, columns, file, reader.line_num))
    except csv.Error as error:
        raise problem("SZ003", f"CSV: {error}", Place(file, reader.line_num)) from None
    return CsvTable(file, columns, tuple(rows))


def _refuse_header(columns: tuple[str, ...], file: str) -> None:
    if not columns:
        raise problem("SZ003", "CSV: no header line", Place(file, 1), "name the columns first")
    twice = sorted(name for name, count in Counter(columns).items() if count > 1)
    if twice:
        raise problem("SZ003", f"CSV: column {twice[0]!r} stands twice", Place(file, 1))


def _row(cells: list[str], columns: tuple[str, ...], file: str, line: int) -> tuple[str, ...]:
    if len(cells) > len(columns):
        said = f"CSV: {len(cells)} cells under {len(columns)} columns"
        raise problem("SZ003", said, Place(file, line), "a comma in a text needs quotes around it")
    return (*cells, *[""] * (len(columns) - len(cells)))

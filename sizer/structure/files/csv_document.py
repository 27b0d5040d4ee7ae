"""A table in a CSV file: its columns, and its rows as the texts that stand there."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from sizer.diagnostic import Place, problem
from sizer.structure.files.text_file import decoded, read_bytes

LARGEST_TABLE_BYTES = 2**28
SPLIT = "split the table"
LEAST_CELLS = 2**20  # of a table of any size; else each takes a character of the file
_SPARSE = "short rows under very many columns"
Cells = tuple[str, ...]


class Table(Protocol):
    """A table whose rows come in blocks, each a table of its own."""

    @property
    def file(self) -> str:
        """Return the path for messages."""

    @property
    def columns(self) -> Cells:
        """Return the names of the columns, in their order."""

    @property
    def count(self) -> int:
        """Return how many rows there are."""

    def blocks(self, rows: int) -> Iterator[CsvTable]:
        """Yield all rows in order, at most so many at a time."""


@frozen
class CsvTable:
    """Columns in their order; every row has a cell for each, blank where it stood short.

    `first` is the number of the first row in its file, which starts at 1.
    """

    file: str
    columns: Cells
    rows: tuple[Cells, ...]
    first: int = 1

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def blocks(self, rows: int) -> Iterator[CsvTable]:
        """Yield all rows in order, at most so many at a time."""
        for start in range(0, len(self.rows), rows):
            block = self.rows[start : start + rows]
            yield CsvTable(self.file, self.columns, block, self.first + start)


@frozen(eq=False)
class CsvFile:
    """A table that stays text; `count` is the number of its rows, each of which was read once."""

    file: str
    columns: Cells
    count: int
    _content: bytes = field(repr=False)

    def blocks(self, rows: int) -> Iterator[CsvTable]:
        """Yield all rows in order, at most so many at a time."""
        records = _records(_lines(self._content), self.file, len(self._content))
        next(records)
        for first in range(1, self.count + 1, rows):
            yield CsvTable(self.file, self.columns, tuple(islice(records, rows)), first)


def open_csv(path: Path) -> CsvFile:
    """Return the table of a CSV file with a header line, without keeping its rows.

    Raises Problem: SZ001, SZ002 and SZ004 for the file, SZ003 when a line is no row of it.
    """
    return opened_csv(read_bytes(path, LARGEST_TABLE_BYTES, SPLIT), str(path))


def opened_csv(content: bytes, file: str) -> CsvFile:
    """Return the table in the bytes of a CSV file, without keeping its rows.

    Raises Problem: SZ002 for its text, SZ003 when a line is no row of it.
    """
    decoded(content, file)
    records = _records(_lines(content), file, len(content))
    return CsvFile(file, next(records), sum(1 for _ in records), content)


def read_csv(path: Path) -> CsvTable:
    """Return the table of a CSV file with a header line.

    Raises Problem as open_csv does.
    """
    content = read_bytes(path, LARGEST_TABLE_BYTES, SPLIT)
    return parse_csv(decoded(content, str(path)).removeprefix("\ufeff"), str(path))


def parse_csv(text: str, file: str) -> CsvTable:
    """Return the table in a text.

    Raises Problem: SZ003 when a line is no row of it, SZ004 when it is mostly blanks of short rows.
    """
    records = _records(StringIO(text, newline=""), file, len(text))
    return CsvTable(file, next(records), tuple(records))


def _lines(content: bytes) -> Iterable[str]:
    return TextIOWrapper(BytesIO(content), encoding="utf-8-sig", newline="")


def _records(lines: Iterable[str], file: str, size: int) -> Iterator[Cells]:
    """Yield the columns and then every row; `size` is that of the text."""
    reader = csv.reader(lines, strict=True)
    try:
        columns = tuple(name.strip() for name in next(reader, ()))
        _refuse_header(columns, file)
        yield columns
        most = max(LEAST_CELLS, size) // len(columns)
        for number, cells in enumerate(filter(None, reader)):
            if number == most:
                raise problem("SZ004", _SPARSE, Place(file, reader.line_num))
            yield _row(cells, columns, file, reader.line_num)
    except csv.Error as error:
        raise problem("SZ003", f"CSV: {error}", Place(file, reader.line_num)) from None


def _refuse_header(columns: Cells, file: str) -> None:
    if not columns:
        raise problem("SZ003", "CSV: no header line", Place(file, 1), "name the columns first")
    twice = sorted(name for name, count in Counter(columns).items() if count > 1)
    if twice:
        raise problem("SZ003", f"CSV: column {twice[0]!r} stands twice", Place(file, 1))


def _row(cells: list[str], columns: Cells, file: str, line: int) -> Cells:
    if len(cells) > len(columns):
        said = f"CSV: {len(cells)} cells under {len(columns)} columns"
        raise problem("SZ003", said, Place(file, line), "a comma in a text needs quotes around it")
    return (*cells, *[""] * (len(columns) - len(cells)))

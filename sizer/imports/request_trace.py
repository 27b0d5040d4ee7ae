"""A trace to replay: when requests came, how long they were, and what their prompts share.

It is read whole and without DuckDB; columns are found as `sizer import --trace` finds them. No
prompt is ever read.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

from sizer.diagnostic import Place, problem
from sizer.schema.facts.requests import Prefixes, Requests, Tokens
from sizer.structure.files.text_file import decoded, read_bytes
from sizer.traffic.logs.formats import Log, first_line, known_log

UNREADABLE = "SZ805"
LARGEST_BYTES = 2**31
SUMMARISE = "`sizer import --trace` puts a log of any size in figures"
CLOCKS_US = ((1e17, 1e-3), (1e14, 1.0), (1e11, 1e3))  # from which number on a clock, times what


@frozen
class _Row:
    """One request of a trace: when it came in seconds, and its lengths."""

    at_s: float
    inputs: int
    outputs: int
    session: str
    blocks: tuple[Any, ...]


def read_trace(path: Path) -> Requests:
    """Return the requests of a trace in order of arrival, the first one at 0.

    Azure's, BurstGPT's and Mooncake's traces, and CSV or JSONL with plain names; also .gz. Rows
    without a prompt or an answer are passed over.

    Raises Problem: SZ001, SZ002 and SZ004 for the file, SZ805 for what is no trace in it.
    """
    content = read_bytes(path, LARGEST_BYTES, SUMMARISE)
    line, packed = first_line(path)
    log = _log(path, line, packed)
    text = decoded(gzip.decompress(content) if packed else content, str(path))
    rows = sorted(_rows(log, text.removeprefix("\ufeff")), key=lambda each: each.at_s)
    if not rows:
        raise problem(UNREADABLE, "the trace has no request", Place(str(path), 1))
    return _columns(rows)


def _log(path: Path, line: str, packed: bool) -> Log:  # noqa: FBT001  # as first_line
    found = known_log(path, line, packed)
    if not isinstance(found, Log):
        said = "these are counts of a log, not its requests"
        raise problem(UNREADABLE, said, Place(str(path), 1), "name the log itself")
    return found


def _columns(rows: Sequence[_Row]) -> Requests:
    prefixes, size = _prefixes(rows)
    sessions = [each.session for each in rows]
    return Requests(
        arrival_s=np.array([each.at_s for each in rows]) - rows[0].at_s,
        input_tokens=np.array([each.inputs for each in rows], np.int64),
        output_tokens=np.array([each.outputs for each in rows], np.int64),
        prefixes=prefixes,
        prefix_tokens=size,
        keys=_numbered(sessions) if any(sessions) else None,
    )


def _prefixes(rows: Sequence[_Row]) -> tuple[Prefixes, int]:
    """Return hashes as numbers, and the fewest tokens of a block that let each prompt fill its."""
    named = [each for each in rows if each.blocks]
    if not named:
        return (), 0
    size = max(-(-each.inputs // len(each.blocks)) for each in named)
    numbers: dict[Any, int] = {}
    found = tuple(
        tuple(numbers.setdefault(block, len(numbers)) for block in each.blocks) for each in rows
    )
    return found, size


def _numbered(names: Sequence[str]) -> Tokens:
    """Return a number for each name; who has none is alone."""
    numbers: dict[object, int] = {}
    each = (name or place for place, name in enumerate(names))
    return np.array([numbers.setdefault(one, len(numbers)) for one in each], np.int64)


def _rows(log: Log, text: str) -> Iterator[_Row]:
    file = str(log.path)
    for line, cells in _records(log, text):
        try:
            row = _row(log, cells)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            said = f"this row is no request: {_why(log, error)}"
            raise problem(UNREADABLE, said, Place(file, line)) from None
        if row.inputs >= 1 and row.outputs >= 1:
            yield row


def _why(log: Log, error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]!r}"
    return f"{log.time!r}, {log.input!r} and {log.output!r} must be a time and two whole numbers"


def _records(log: Log, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield each row by its columns, and the line that it stands in."""
    if log.kind == "json":
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield number, _parsed(line, log, number)
        return
    reader = csv.DictReader(text.splitlines())
    for cells in reader:
        yield reader.line_num, cells


def _parsed(line: str, log: Log, number: int) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise problem(UNREADABLE, "this line is no JSON object", Place(str(log.path), number))
    return found


def _row(log: Log, cells: Mapping[str, Any]) -> _Row:
    """Return one request. Raises KeyError, TypeError or ValueError for what is none."""
    blocks = cells[log.blocks] if log.blocks else ()
    session = cells.get(log.session) if log.session else None
    return _Row(
        at_s=_seconds(cells[log.time], log),
        inputs=_whole(cells[log.input]),
        outputs=_whole(cells[log.output]),
        session="" if session is None else str(session),
        blocks=tuple(blocks or ()),
    )


def _whole(cell: Any) -> int:
    """Return a whole number; an empty cell is 0."""
    number = float(cell or 0)
    if not number.is_integer():
        raise ValueError(cell)
    return int(number)


def _seconds(cell: Any, log: Log) -> float:
    """Return a time: a date and a clock, a clock's count, or a number of the log's unit."""
    try:
        number = float(cell)
    except ValueError:
        found = datetime.fromisoformat(str(cell))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    if not isfinite(number):
        raise ValueError(cell)
    factor = next((each for least, each in CLOCKS_US if number >= least), log.unit_us)
    return number * factor / 1e6

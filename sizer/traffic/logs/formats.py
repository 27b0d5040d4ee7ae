"""Whose log it is: its columns by the names in its first line.

Azure's traces of 2023 and 2024 (Azure/AzurePublicDataset), BurstGPT (HPMLL/BurstGPT), Mooncake
(kvcache-ai/Mooncake), and logs of one's own with columns of plain names.
"""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from pathlib import Path

from attrs import frozen

from sizer.diagnostic import Place, problem
from sizer.structure.nearest import listed
from sizer.traffic.logs.counts import COLUMNS
from sizer.traffic.logs.database import UNREADABLE, Database

FIRST_BYTES = 2**16
PACKED = b"\x1f\x8b"  # how gzip begins
MILLISECOND_US, SECOND_US = 1000, 1_000_000
HOW = "name them timestamp, input_tokens and output_tokens (optional: session, hash_ids)"
OWN = {  # of a log of one's own: what its columns may be called
    "time": ("timestamp", "arrived", "arrival", "time", "timestamp_ms"),
    "input": ("input_tokens", "input", "prompt_tokens", "input_length"),
    "output": ("output_tokens", "output", "completion_tokens", "output_length"),
    "session": ("session", "session_id", "conversation_id"),
    "blocks": ("hash_ids", "prefix_hashes", "hashes"),
}


@frozen
class Log:
    """A log as a table: its columns in their order, and which of them is what.

    `unit_us` is of times that are numbers; those as large as a clock's tell their unit themselves.
    """

    path: Path
    kind: str
    columns: tuple[str, ...]
    time: str
    input: str
    output: str
    session: str | None = None
    blocks: str | None = None
    unit_us: int = SECOND_US
    packed: bool = False


@frozen
class Tally:
    """A table of counts that a warehouse made of a log with `sizer import --sql`."""

    path: Path
    kind: str


def log_at(path: Path, database: Database) -> Log | Tally:
    """Return what a log is. Raises Problem (SZ805) for columns that say nothing of requests."""
    if path.suffix == ".parquet":
        query = "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(?))"
        return _known(path, "parquet", [name for (name,) in database.rows(query, [str(path)])])
    return known_log(path, *first_line(path))


def known_log(path: Path, line: str, packed: bool) -> Log | Tally:  # noqa: FBT001  # as first_line
    """Return what a log is by its first line. Raises Problem (SZ805) as `log_at` does."""
    if line.startswith("{"):
        try:
            columns = list(json.loads(line))
        except ValueError:
            said = "the log cannot be read: its first line is no JSON object"
            raise problem(UNREADABLE, said, Place(str(path), 1)) from None
        return _known(path, "json", columns, packed=packed)
    return _known(path, "csv", next(csv.reader([line]), []), packed=packed)


def first_line(path: Path) -> tuple[str, bool]:
    """Return the first line of a file, and whether gzip has packed it. Raises Problem (SZ805)."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == PACKED
        with gzip.open(path, "rb") if packed else path.open("rb") as opened:
            line = opened.readline(FIRST_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        said = f"the log cannot be read: {str(error).lower()}"
        raise problem(UNREADABLE, said, Place(str(path))) from None
    return line.decode("utf-8-sig", errors="replace").strip(), packed


def _known(path: Path, kind: str, columns: list[str], *, packed: bool = False) -> Log | Tally:
    """Return the log that columns are of, by the names that their makers gave them."""
    names = set(columns)
    if names >= set(COLUMNS):
        return Tally(path, kind)
    if names >= {"TIMESTAMP", "ContextTokens", "GeneratedTokens"}:
        times = ("TIMESTAMP", "ContextTokens", "GeneratedTokens")
        return Log(path, kind, tuple(columns), *times, packed=packed)
    if names >= {"Timestamp", "Request tokens", "Response tokens"}:
        session = "Session ID" if "Session ID" in names else None
        tokens = ("Timestamp", "Request tokens", "Response tokens")
        return Log(path, kind, tuple(columns), *tokens, session=session, packed=packed)
    return _own(path, kind, columns, packed=packed)


def _own(path: Path, kind: str, columns: list[str], *, packed: bool) -> Log:
    found = {
        what: next((each for each in columns if each.lower() in names), None)
        for what, names in OWN.items()
    }
    lacking = [what for what in ("time", "input", "output") if found[what] is None]
    if lacking:
        shown = listed(columns) if columns else "none"
        said = f"the log has no column of its {lacking[0]}; it has {shown}"
        raise problem(UNREADABLE, said, Place(str(path), 1), HOW)
    time, blocks = found["time"] or "", found["blocks"] if kind != "csv" else None
    mooncake = {"input_length", "output_length"} <= set(columns)
    unit_us = MILLISECOND_US if mooncake or time.endswith("_ms") else SECOND_US
    named = (time, found["input"] or "", found["output"] or "")
    return Log(path, kind, tuple(columns), *named, found["session"], blocks, unit_us, packed)

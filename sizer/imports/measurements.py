"""Files of measurements by whichever tool wrote them, as tables of points.

What `sizer import` reads is a line of READERS, and so `sizer score` and `sizer calibrate` read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from attrs import frozen

from sizer.diagnostic import Diagnostic, Place, problem
from sizer.imports import vllm_log
from sizer.structure.files.csv_document import (
    LARGEST_TABLE_BYTES,
    CsvTable,
    Table,
    opened_csv,
)
from sizer.structure.files.text_file import read_bytes

USAGE = "SZ006"
HEADER = frozenset({"model", "gpu"})  # a table of points names both in its first line
SMALLER = "split the table, or give the start of the log"


@frozen
class Named:
    """What the user says of measurements that name neither: an accelerator and a model."""

    gpu: str | None = None
    model: str | None = None


@frozen
class Measurements:
    """A table of points with what was measured, and what its reader should know of it."""

    table: Table
    notes: tuple[Diagnostic, ...] = ()


@frozen
class Reader:
    """A tool whose files are measurements: whether it wrote some, and the points in them.

    `read` raises Problem with every fault of the file.
    """

    tool: str
    wrote: Callable[[bytes], bool]
    read: Callable[[bytes, str, Named], Measurements]


def _vllm_log(content: bytes, file: str, named: Named) -> Measurements:
    log = vllm_log.parse_log(vllm_log.log_text(content), file)
    found = vllm_log.measured_rows([log], named.gpu, named.model)
    rows = tuple(tuple(row[name] for name in vllm_log.COLUMNS) for row in found.rows)
    return Measurements(CsvTable(file, vllm_log.COLUMNS, rows), found.notes)


READERS = (
    Reader(
        "vLLM, its start-up log",
        lambda content: vllm_log.is_log(vllm_log.log_text(content)),
        _vllm_log,
    ),
)


def measurements(path: Path, named: Named, readers: Iterable[Reader] = READERS) -> Measurements:
    """Return the measurements in a file: a table of points, or what one of the readers knows.

    Raises Problem: SZ001 to SZ004 for the file, SZ006 for names of a table, which has its own, and
    what its reader raises.
    """
    content = read_bytes(path, LARGEST_TABLE_BYTES, SMALLER)
    if not _is_table(content):
        for reader in readers:
            if reader.wrote(content):
                return reader.read(content, str(path), named)
    if named != Named():
        said = "--gpu and --model are for files of other tools: a table has columns for them"
        raise problem(USAGE, said, Place(str(path)))
    return Measurements(opened_csv(content, str(path)))


def _is_table(content: bytes) -> bool:
    header = content.partition(b"\n")[0].decode("utf-8-sig", errors="replace")
    return {name.strip(' \r"') for name in header.split(",")} >= HEADER

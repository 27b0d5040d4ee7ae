"""The counts that a summary is made of, each by one GROUP BY over the requests of a log.

They are whole numbers, so no order of rows and no split of a log changes them. A table `requests`
has `arrived_us` (microseconds), `input_tokens` and `output_tokens`, and where the log has them
`session` and `blocks`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template

from sizer.traffic.logs.dialects import Dialect

COLUMNS = ("what", "x", "y", "n", "sum_x", "sum_y", "sum_xy")
WINDOWS_S = (1, 10, 60, 3600)
SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
PLAIN = ("lengths", "input", "output", "longest")
SESSIONS = ("turns", "history")
BLOCKS = ("block size", "blocks")
_NAME = re.compile(r"^-- name: (.+)\n", re.MULTILINE)
_COMMENT = re.compile(r"^--.*\n?", re.MULTILINE)


def counts(dialect: Dialect, *, sessions: bool = False, blocks: bool = False) -> tuple[str, ...]:
    """Return the query of every count of a log, each with the columns of COLUMNS."""
    queries = _queries()
    beside = (*PLAIN, *(SESSIONS if sessions else ()), *(BLOCKS if blocks else ()))
    found = [
        queries["span"],
        queries["gaps"],
        queries["hours"],
        *_cells(Template(queries["cells"])),
    ]
    return tuple(dialect.said(each) for each in [*found, *(queries[name] for name in beside)])


def _cells(template: Template) -> list[str]:
    """Return queries for windows of each length, and for their tenths."""
    return [
        template.substitute(
            what=f"{what} {window_s}",
            cell_us=window_s * SECOND_US // parts,
            window_us=window_s * SECOND_US,
        )
        for window_s in WINDOWS_S
        for what, parts in (("windows", 1), ("tenths", 10))
    ]


@cache
def _queries() -> Mapping[str, str]:
    text = Path(__file__).with_name("queries.sql").read_text("utf-8")
    _, *parts = _NAME.split(text)
    return {
        name: _COMMENT.sub("", query).strip()
        for name, query in zip(parts[::2], parts[1::2], strict=True)
    }

"""Rows of measurements whose own times contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sizer.diagnostic import Diagnostic, Place
from sizer.load.points import BLOCK, read_points
from sizer.schema.asked.serving import Workload
from sizer.structure.files.csv_document import Table
from sizer.units import counted

CODE = "SZ009"
TIMES = ("itl_ms", "ttft_ms", "e2e_ms")
APART = 0.1  # repeats of one run differ by 1 % in the pace, and by 4 % in the first token
SHOWN = 3
DEFAULT = Workload()
Measured = Mapping[str, Sequence[float | None]]
Apart = tuple[int, float, float]


def contradictions(table: Table, measured: Measured) -> Iterator[Diagnostic]:
    """Yield a warning if rows measure an interval between tokens that their own times deny.

    An answer takes its first token, and one interval for every further one. `measured` are the
    columns of the table.
    """
    found = [*_apart(table, measured)] if measured.keys() >= set(TIMES) else []
    if found:
        help_ = (
            "a token takes (e2e_ms - ttft_ms) / (output_tokens - 1): give the interval that "
            "leaves the first token out, and the tokens that were written"
        )
        yield Diagnostic(CODE, _said(found), Place(table.file), help_, "warning")


def _said(found: Sequence[Apart]) -> str:
    """Return how many rows there are, and the first of them."""
    each = [f"row {row}: {interval:g} and {rest:.4g} ms" for row, interval, rest in found[:SHOWN]]
    if len(found) > SHOWN:
        each.append(f"and {len(found) - SHOWN} more")
    what = f"where itl_ms and the rest of e2e_ms differ by more than {APART:.0%}"
    return f"{counted(len(found), 'row')} {what}: {', '.join(each)}"


def _apart(table: Table, measured: Measured) -> Iterator[Apart]:
    """Yield the number of each such row, its interval, and that of its other times."""
    points = (row.point for block in table.blocks(BLOCK) for row in read_points(block))
    times = zip(*(measured[name] for name in TIMES), strict=True)
    for number, (point, (itl, ttft, e2e)) in enumerate(zip(points, times, strict=True), start=1):
        if point is None or itl is None or ttft is None or e2e is None:
            continue
        further = (point.output_tokens or DEFAULT.output_tokens[0]) - 1
        if further and abs((e2e - ttft) / further / itl - 1.0) > APART:
            yield number, itl, (e2e - ttft) / further

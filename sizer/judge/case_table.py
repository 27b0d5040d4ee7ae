"""Candidates that somebody wrote down, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sizer.expr.language import Cell
from sizer.schema.metrics import METRICS, Kind
from sizer.schema.table import Column, Table


def given_table(rows: Sequence[Mapping[str, Cell]]) -> Table:
    """Return a column for every metric; one that a row lacks, or gives as None, is unknown."""
    return {
        metric.name: _column(metric.kind, [row.get(metric.name) for row in rows])
        for metric in METRICS
    }


def _column(kind: Kind, cells: Sequence[Cell]) -> Column:
    if kind == "text":
        words = tuple(sorted({str(cell) for cell in cells if cell is not None}))
        codes = [-1 if cell is None else words.index(str(cell)) for cell in cells]
        return Column(np.array(codes, np.int32), words)
    if kind == "bool":
        return Column(np.array([-1 if cell is None else int(cell) for cell in cells], np.int8))
    return Column(np.array([np.nan if cell is None else float(cell) for cell in cells]))

"""Rows, and which of their columns are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from sizer.render.kit.numbers import number
from sizer.schema.answered.report import Value

Row = Mapping[str, Value]


@frozen(eq=False, repr=False)
class Listing:
    """Facts of one kind, a row each."""

    rows: Sequence[Row]
    columns: Sequence[str]

    def shown(self) -> list[Row]:
        """Return the rows with these columns alone, in their order."""
        return [{name: number(row[name]) for name in self.columns} for row in self.rows]

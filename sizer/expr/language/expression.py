"""What the checker hands to the evaluators: texts that were found to be well formed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from sizer.expr.language.cell import SHORT, NumberFormat, shown
from sizer.schema.metrics import Kind


@frozen(repr=False)
class Expression:
    """A checked expression.

    `tree` holds canonical metric names, numbers as floats, and nothing that the checker refuses;
    its columns are character offsets into `text`, unlike those of `ast.parse`. `switches` are the
    parameters in it that are texts or truth values: whoever extends the file may turn it by them.
    `unit` is that of an own metric, `1` for a bare number.
    """

    text: str
    tree: ast.Expression = field(eq=False)  # nodes are equal to themselves alone
    names: frozenset[str]
    kind: Kind
    switches: frozenset[str] = frozenset()
    unit: str = "1"

    @property
    def needs(self) -> frozenset[str]:
        """The metrics without which it may be unknown: `is_known` and `coalesce` do without."""
        return frozenset(_needed(self.tree.body))


def _needed(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id="is_known")):
            return
        case ast.Call(func=ast.Name(id="coalesce"), args=[_, last]):
            yield from _needed(last)
        case ast.Call(args=arguments):
            yield from (name for each in arguments for name in _needed(each))
        case ast.Name(id=name):
            yield name
        case _:
            yield from (name for each in ast.iter_child_nodes(node) for name in _needed(each))


@frozen
class SortKey:
    """One rank of a sort, by canonical metric name; unknown is last either way."""

    name: str
    descending: bool


@frozen
class Slot:
    """A place of a message: the metric to print, and how if it is a number."""

    name: str
    form: NumberFormat = SHORT


@frozen(eq=False, repr=False)
class Message:
    """A checked template; `parts` are its literal texts and slots in order."""

    text: str
    names: frozenset[str]
    parts: tuple[str | Slot, ...] = ()

    def fill(self, row: Mapping[str, Any]) -> str:
        """Return the template with the values of a row, printable characters only."""
        return "".join(
            shown(part) if isinstance(part, str) else shown(row.get(part.name), part.form)
            for part in self.parts
        )

"""The candidates in order, in a terminal: one line each, what all share said once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from sizer.render.kit.figures import figure
from sizer.render.report.words import Column, common_load, named
from sizer.schema.answered.report import Choice

RANKED = "candidate"
GAP = 2
ROOM = 24  # for a candidate's name, before columns give way to it
WIDEST = 40  # for a model's
_HEAD = re.compile(r".*? x\d+(?= )")


def ranking(
    choices: Sequence[Choice], wanted: Sequence[Column], width: int, heading: str = RANKED
) -> tuple[Table, str]:
    """Return the table of candidates, and the words of their names that all of them share.

    In a narrow terminal columns give way, the last first, but none that decides the order.
    """
    common = common_load(choices)
    short, shared = shortened([named(choice, common) for choice in choices])
    names = [_below_its_model(*each) for each in zip(short, choices, strict=True)]
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(f"\n{heading}", overflow="fold")
    shown = _fitting(choices, wanted, width - _room(names))
    for column in shown:
        heading = "\n".join(_heading(column))
        table.add_column(heading, justify="right" if column.is_number else "left", no_wrap=True)
    for rank, (name, choice) in enumerate(zip(names, choices, strict=True)):
        table.add_row(
            name, *_cells(choice, shown), style="bold" if (rank, heading) == (0, RANKED) else ""
        )
    return table, shared


def shortened(names: Sequence[str]) -> tuple[list[str], str]:
    """Return names as far as they differ behind accelerator and count, and what they share."""
    heads = [found.group() if (found := _HEAD.match(name)) else name for name in names]
    tails = [name[len(head) :].split() for name, head in zip(names, heads, strict=True)]
    shared = [word for word in tails[0] if all(word in tail for tail in tails[1:])]
    if len(names) == 1 or not shared:
        return list(names), ""
    rest = [[word for word in tail if word not in shared] for tail in tails]
    short = [" ".join((head, *tail)) for head, tail in zip(heads, rest, strict=True)]
    return short, " ".join(shared)


def _room(names: Sequence[str]) -> int:
    """Return how wide the names are at least, those of models whole unless they are very long."""
    lines = [line for name in names for line in name.splitlines()]
    most = WIDEST if len(lines) > len(names) else ROOM
    return min(most, max(map(len, lines)))


def _below_its_model(name: str, choice: Choice) -> str:
    """Return a name that begins with a model's with that on a line of its own."""
    model = f"{choice.metrics.get('model')} "
    return f"{model.rstrip()}\n  {name.removeprefix(model)}" if name.startswith(model) else name


def _fitting(choices: Sequence[Choice], wanted: Sequence[Column], room: int) -> list[Column]:
    shown = list(wanted)
    spare = [column for column in shown if not column.decides]
    while spare and sum(_width(column, choices) + GAP for column in shown) > room:
        shown.remove(spare.pop())
    return shown


def _width(column: Column, choices: Sequence[Choice]) -> int:
    cells = (_cells(choice, [column])[0] for choice in choices)
    return max(map(len, (*_heading(column), *cells)))


def _heading(column: Column) -> tuple[str, str]:
    first, _, rest = column.heading.partition(" ")
    return (first, rest) if rest else ("", first)


def _cells(choice: Choice, shown: Sequence[Column]) -> list[str]:
    return [figure(choice.metrics.get(column.metric)) for column in shown]

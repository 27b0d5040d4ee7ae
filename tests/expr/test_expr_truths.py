"""Regions of conditions over single terms are exact: in one where the row says so, else outside."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import inf

import pytest
from strategies_expr import NAMES as FEW_NAMES

from sizer.expr.check.check import compile_condition
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.language.cell import Cell
from sizer.expr.regions.regions import EVERYWHERE, NOWHERE, Box, Region
from sizer.expr.regions.truths import where
from sizer.expr.text.source import plain
from sizer.schema.metrics import Metric
from sizer.units import NUMBER, unit

NAMES: Mapping[str, Metric] = {
    **FEW_NAMES,
    "memory_headroom_gib": Metric("memory_headroom_gib", "number", unit("GiB"), "higher", "", ""),
    "heads": Metric("heads", "number", NUMBER, "none", "", "", whole=True),
}
CELLS: dict[str, tuple[Cell, ...]] = {
    "a_ms": (0.0, 0.5, 1.0, 2.0, 4.0),
    "b_ms": (0.0, 1.0),
    "tp": (1.0, 2.0, 3.0),
    "memory_headroom_gib": (-1.0, 2.0),
    "fits": (True, False),
    "is_moe": (True, False),
    "gpu": ("L4", "H100"),
    "weights": ("fp8", "bf16"),
}
EXACT = """\
a_ms < 1
a_ms <= 1
a_ms > 1
a_ms >= 1
a_ms == 1
a_ms != 1
1 < a_ms
1 <= a_ms
1 > a_ms
1 >= a_ms
1 == a_ms
1 != a_ms
0.5 < a_ms <= 2
not 0.5 < a_ms <= 2
2 * a_ms < 1
2 * a_ms == 1
-2 * a_ms < -1
-2 * a_ms == -2
0.5 * a_ms + 1 >= 2
-(a_ms - 1) > 0
-a_ms + 2 > 1
+a_ms + 1 < 2
1 - a_ms != 0
a_ms < b_ms
a_ms - b_ms >= 0
a_ms + b_ms <= 1
2 * a_ms + b_ms > 2
2 * a_ms + 4 * b_ms == 4
tp in (1, 3)
tp not in (1, 3)
not tp in (1, 3)
not tp not in (1, 3)
tp in (2,)
memory_headroom_gib < 0
memory_headroom_gib >= 0
fits
not fits
fits == true
fits == false
fits != true
fits != false
true == fits
false != fits
not fits == false
(tp < 2) == true
fits and is_moe
fits or is_moe
not (fits and is_moe)
not (fits or is_moe)
not not fits
fits if is_moe else not fits
a_ms < 1 if fits else a_ms > 1
is_moe if a_ms < 1 else fits
not (is_moe if a_ms < 1 else fits)
(fits if is_moe else true) and a_ms < 1
(false if is_moe else fits)
weights == 'fp8'
weights != 'fp8'
'fp8' == weights
'fp8' != weights
weights in ('fp8', 'int4')
weights not in ('fp8', 'int4')
not weights in ('fp8', 'int4')
gpu == 'L4'
gpu != 'L4'
gpu != 'L4' and gpu != 'T4'
gpu in ('L4', 'T4')
gpu not in ('L4', 'T4')
gpu == 'L4' and weights == 'fp8' and tp > 1
""".splitlines()


def region(text: str, *, holds: bool = True) -> Region:
    return where(compile_condition(plain(text), NAMES).tree.body, NAMES, holds=holds)


def rows(text: str) -> list[dict[str, Cell]]:
    asked = {name: cells for name, cells in CELLS.items() if name in text}
    return [dict(zip(asked, cells, strict=True)) for cells in product(*asked.values())]


def total(term: str, row: Mapping[str, Cell]) -> float:
    parts = (part.split("*") for part in term.split("+"))
    return sum(float(factor) * float(row[name] or 0) for factor, name in parts)


def inside(box: Box, row: Mapping[str, Cell]) -> bool:
    for term, values in box.items():
        if len(values) == 4:
            low, low_open, high, high_open = values
            value = total(term, row)
            above = value > low if low_open else value >= low
            if not above or not (value < high if high_open else value <= high):
                return False
        elif (values[0] is not None and row[term] not in values[0]) or row[term] in values[1]:
            return False
    return True


@pytest.mark.parametrize("text", EXACT)
def test_a_region_is_where_the_condition_is_true_or_false(text: str) -> None:
    tree = compile_condition(plain(text), NAMES)
    for holds in (True, False):
        found = region(text, holds=holds)
        for row in rows(text):
            expected = evaluate_row(tree, row) is holds
            assert any(inside(box, row) for box in found) is expected, (row, holds)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a_ms < 0", NOWHERE),
        ("a_ms + b_ms < 0", NOWHERE),
        ("a_ms <= 0", ({"1*a_ms": (0.0, False, 0.0, False)},)),
        ("tp < 1", NOWHERE),
        ("tp < 2", ({"1*tp": (1.0, False, 2.0, True)},)),
        ("tp > 2", ({"1*tp": (2.0, True, inf, True)},)),
        ("4 * tp < 8", ({"1*tp": (1.0, False, 2.0, True)},)),
        ("-4 * tp > -8", ({"1*tp": (1.0, False, 2.0, True)},)),
        ("memory_headroom_gib < 0", ({"1*memory_headroom_gib": (-inf, True, 0.0, True)},)),
        ("memory_headroom_gib > 0", ({"1*memory_headroom_gib": (0.0, True, inf, True)},)),
        ("2 * a_ms - b_ms < 0", ({"1*a_ms+-0.5*b_ms": (-inf, True, 0.0, True)},)),
        ("2 * a_ms + b_ms < 4", ({"1*a_ms+0.5*b_ms": (0.0, False, 2.0, True)},)),
        ("a_ms + 0.25 * b_ms < 0", NOWHERE),
        ("a_ms - a_ms < 1 and fits", ({"fits": (frozenset({True}), frozenset())},)),
        ("a_ms - a_ms > 0", NOWHERE),
        ("a_ms - a_ms < 0", NOWHERE),
        ("a_ms - a_ms <= 0", EVERYWHERE),
        ("a_ms - a_ms + 1 <= 0", NOWHERE),
        ("a_ms - a_ms >= 0", EVERYWHERE),
        ("a_ms - a_ms == 1", NOWHERE),
        ("a_ms - a_ms < -1", NOWHERE),
        ("a_ms - a_ms + 2 > 1", EVERYWHERE),
        ("a_ms - a_ms != 1", EVERYWHERE),
        ("gpu == 'L4'", ({"gpu": (frozenset({"L4"}), frozenset())},)),
        ("gpu != 'L4'", ({"gpu": (None, frozenset({"L4"}))},)),
        ("weights != 'fp8'", ({"weights": (frozenset(NAMES["weights"].members), {"fp8"})},)),
        ("weights not in ('bf16', 'fp8', 'int4')", NOWHERE),
        ("1e308 * 10 * a_ms < 1", EVERYWHERE),
        ("a_ms * 1e308 * 10 < 1", EVERYWHERE),
        ("fits or a_ms - a_ms >= 0", EVERYWHERE),
        ("not weights in ('bf16', 'fp8', 'int4')", NOWHERE),
    ],
)
def test_what_can_be_is_counted_in(text: str, found: Region) -> None:
    assert region(text) == found


def test_of_what_is_no_metric_nothing_is_known() -> None:
    ((_, values),) = region("coalesce(cost, 1) < 0")[0].items()
    assert values == (-inf, True, 0.0, True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("heads < 3", (0.0, False, 2.0, False)),
        ("heads < 2.5", (0.0, False, 2.0, False)),
        ("heads <= 2.5", (0.0, False, 2.0, False)),
        ("heads <= 2", (0.0, False, 2.0, False)),
        ("heads > 2", (3.0, False, inf, True)),
        ("heads > 2.5", (3.0, False, inf, True)),
        ("heads >= 2.5", (3.0, False, inf, True)),
        ("heads >= 3", (3.0, False, inf, True)),
        ("2 * heads < 5", (0.0, False, 2.0, False)),
        ("2 < heads < 4", (3.0, False, 3.0, False)),
        ("heads == 3", (3.0, False, 3.0, False)),
        ("2 < heads < 3", None),
        ("heads == 2.5", None),
        ("2.2 <= heads <= 2.8", None),
    ],
)
def test_a_count_is_a_whole_number(text: str, found: tuple[float, bool, float, bool]) -> None:
    assert region(text) == (({"1*heads": found},) if found else NOWHERE)


def test_a_sum_of_counts_is_not_taken_for_a_count() -> None:
    assert region("2 < heads + tp < 3") != NOWHERE

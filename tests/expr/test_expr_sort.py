"""Sorts: which metric, which way, and what is wrong with one."""

from __future__ import annotations

import pytest

from sizer.diagnostic import Place, Problem
from sizer.expr.check.check import compile_sort
from sizer.expr.language.expression import SortKey
from sizer.expr.text.limits import CHARACTERS
from sizer.expr.text.source import Source, plain
from sizer.schema.metrics import registry


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("tokens_per_second", [("tokens_per_second", True)]),
        ("cost", [("cost_usd_per_hour", False)]),
        ("tp", [("tp", False)]),
        ("fits then gpu", [("fits", True), ("gpu", False)]),
        ("cost desc then tp asc", [("cost_usd_per_hour", True), ("tp", False)]),
        (" cost\n then  tp ", [("cost_usd_per_hour", False), ("tp", False)]),
    ],
)
def test_a_sort_ranks_best_first_unless_told(text: str, keys: list[tuple[str, bool]]) -> None:
    assert compile_sort(plain(text), registry()) == tuple(SortKey(*key) for key in keys)


def test_the_longest_sort_is_accepted() -> None:
    (key,) = compile_sort(plain("cost".ljust(CHARACTERS)), registry())
    assert key.name == "cost_usd_per_hour"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("SZ201", "")]),
        ("then cost", [("SZ201", "then")]),
        ("cost then", [("SZ201", "then")]),
        ("cost then then tp", [("SZ201", "then")]),
        ("cost then tp then", [("SZ201", "then")]),
        ("cost tp", [("SZ201", "tp")]),
        ("cost desc tp", [("SZ201", "tp")]),
        ("tp then latency_ms then itl_ms", [("SZ201", "itl_ms")]),
        ("costs then nope", [("SZ202", "costs"), ("SZ202", "nope")]),
        ("-cost", [("SZ205", "-")]),
        ("cost, tp", [("SZ205", ","), ("SZ201", "tp")]),
        (" " * 4093 + "cost then tp", [("SZ205", "t")]),
    ],
)
def test_faults_of_a_sort_have_their_places(text: str, found: list[tuple[str, str]]) -> None:
    spans: list[str] = []

    def place(start: int, end: int) -> Place:
        spans.append(text[start:end])
        return Place("p.toml", 1, start + 1)

    with pytest.raises(Problem) as caught:
        compile_sort(Source(text, place), registry())
    codes = [each.code for each in caught.value.diagnostics]
    assert list(zip(codes, spans, strict=True)) == found

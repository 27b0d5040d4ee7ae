"""Rows that are made when they are needed are those that would have been listed."""

from __future__ import annotations

import tracemalloc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sizer.resolve import resolve
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile
from sizer.schema.asked.serving import Workload
from sizer.schema.rows import Listed, Strips


@st.composite
def strips(draw: st.DrawFn) -> Strips:
    """Draw strips of a few deployments, each at some of five loads."""
    subsets = draw(st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=3))
    loads = [np.array(sorted(each), np.int32) for each in subsets]
    of = st.lists(st.integers(0, len(loads) - 1), min_size=1, max_size=6)
    loads_of = np.array(draw(of), np.int32)
    firsts = st.integers(0, len(loads_of) - 1)
    spans = firsts.flatmap(lambda f: st.tuples(st.just(f), st.integers(1, len(loads_of) - f)))
    placed = draw(st.lists(st.tuples(st.integers(0, 3), spans), max_size=5))
    gpus = np.array([gpu for gpu, _ in placed], np.int32)
    ends = np.array([span for _, span in placed], np.int32).reshape(-1, 2)
    return Strips(gpus, ends[:, 0], ends[:, 1], loads, loads_of)


def listed(asked: Strips) -> list[tuple[int, int, int]]:
    """Return every row of some strips, in words of the definition."""
    return [
        (deployment, int(gpu), int(load))
        for gpu, first, count in zip(asked.gpus, asked.firsts, asked.counts, strict=True)
        for deployment in range(first, first + count)
        for load in asked.loads[asked.loads_of[deployment]]
    ]


def triples(rows: Listed) -> list[tuple[int, int, int]]:
    """Return rows as numbers."""
    columns = rows.deployment_of.tolist(), rows.gpu_of.tolist(), rows.load_of.tolist()
    return list(zip(*columns, strict=True))


@given(strips(), st.data())
def test_rows_taken_are_the_rows_listed(asked: Strips, data: st.DataObject) -> None:
    rows = listed(asked)
    assert len(asked) == len(rows)
    assert triples(asked.take(slice(None))) == rows
    if rows:
        some = data.draw(st.lists(st.integers(0, len(rows) - 1)))
        assert triples(asked.take(np.array(some, np.intp))) == [rows[each] for each in some]
        start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(rows))] * 2)))
        assert triples(asked.take(slice(start, stop))) == rows[start:stop]


@given(strips())
def test_the_first_row_of_a_run_is_that_from_which_its_loads_rise(asked: Strips) -> None:
    begin = 0
    starts = set(np.cumsum([0, *lengths(asked)]).tolist())
    for row in range(len(asked)):
        begin = row if row in starts else begin
        assert asked.begin_of(row) == begin


@given(strips())
def test_listed_rows_begin_where_more_than_the_load_changes(asked: Strips) -> None:
    rows = asked.take(slice(None))
    begin = 0
    for row, begins in enumerate(rows.begins.tolist()):
        begin = row if begins else begin
        assert rows.begin_of(row) == begin


def lengths(asked: Strips) -> list[int]:
    """Return how many rows each deployment of each strip has."""
    spans = zip(asked.firsts, asked.counts, strict=True)
    of = [each for first, count in spans for each in range(first, first + count)]
    return [len(asked.loads[asked.loads_of[each]]) for each in of]


def test_a_scenario_takes_no_memory_for_its_rows() -> None:
    asked = Profile(
        1,
        models=(ModelAsk("meta-llama/Llama-3.1-8B", ("bf16", "fp8")),),
        fleet=Fleet(("H100*", "L4", "L40S"), max_gpus=64),
        workload=Workload(concurrency=tuple(range(64, 1064))),
    )
    resolve(asked)  # loads what it needs
    tracemalloc.start()
    scenario = resolve(asked).scenario
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(scenario) > 500_000
    assert peak < 3 * len(scenario)

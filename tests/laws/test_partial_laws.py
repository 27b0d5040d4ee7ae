"""The law of partial results: split, joined or pruned, rows give an answer of the same bytes."""

from __future__ import annotations

import pickle
from collections.abc import Generator, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import deployment, grid

from sizer.load import Question, load_document
from sizer.pipeline import report, report_of, silent
from sizer.pipeline.blocks import Keeping, sifted
from sizer.pipeline.judging import Judging
from sizer.pipeline.kept import Kept
from sizer.render.forms import REPORT
from sizer.resolve import Resolved
from sizer.schema.scenario import Load
from sizer.structure.toml.document import parse_document
from sizer.workers import Chunk, Workers
from sizer.workers.engine import Result, Task, Work

MODELS = ("Qwen/Qwen2.5-7B", "meta-llama/Llama-3.1-8B")
SCENARIO = grid(
    tuple(
        deployment(name, form, tp=tp)
        for name in MODELS
        for form in ("bf16", "fp8")
        for tp in (1, 2)
    ),
    ("H100-SXM5-80GB", "L4", "T4"),
    tuple(Load(1024, 256, c, None, 8448) for c in (1, 8, 64)),
)
ROWS, LOADS = len(SCENARIO), len(SCENARIO.loads)
PROFILE = """\
dsl = 1
models = [{ name = "Qwen/Qwen2.5-7B" }, { name = "meta-llama/Llama-3.1-8B" }]
fleet.gpus = ["H100-SXM5-80GB", "L4", "T4"]
select = { where = ["fits"], sort = "SORT", load = "LOAD" }
[[rule]]
id = "pace"
require = "itl_ms < BOUND"
[[waiver]]
rule = "pace"
match = "gpu == 'L4'"
reason = "-"
owner = "-"
expires = 2099-01-31
"""


def question(sort: str, bound: str, load: str) -> Question:
    text = PROFILE.replace("SORT", sort).replace("BOUND", bound).replace("LOAD", load)
    return load_document(parse_document(text, "p.toml"), Path())


@st.composite
def splits(draw: st.DrawFn, rows: int, step: int) -> list[slice]:
    """Draw parts that have all rows between them, `step` of them never parted, in any order."""
    cuts = draw(st.lists(st.integers(0, rows // step), max_size=8))
    ends = sorted({0, *(step * cut for cut in cuts), rows})
    return draw(st.permutations([slice(*pair) for pair in pairwise(ends)]))


def joined(partials: Sequence[Kept], draw: st.DataObject) -> Kept:
    """Join neighbours, in whatever order is drawn, until one is left."""
    left = list(partials)
    while len(left) > 1:
        at = draw.draw(st.integers(0, len(left) - 2))
        left[at : at + 2] = [left[at].joined(left[at + 1])]
    return left[0]


@given(
    st.data(),
    st.permutations(range(ROWS)),
    st.sampled_from(["tokens_per_second", "cost then itl_ms", "tp", "gpus desc"]),
    st.sampled_from(["20", "0.001"]),
    st.sampled_from([1, 3, None]),
    st.sampled_from(["all", "any"]),
)
@settings(max_examples=60)
def test_any_split_in_any_order_gives_the_same_bytes(
    data: st.DataObject, order: list[int], sort: str, bound: str, limit: int | None, load: str
) -> None:
    asked, scenario = question(sort, bound, load), SCENARIO.take(np.array(order))
    judging = Judging.of(scenario, asked.policy, MODELS, limit)
    parts = data.draw(splits(ROWS, LOADS if load == "all" else 1))
    found = joined([judging.kept(part) for part in parts], data)
    whole = report(asked, Resolved(SCENARIO, MODELS, ()), limit, silent)
    for kept in (found, found.joined(Kept.nothing(len(MODELS)))):
        told = report_of(asked, Resolved(scenario, MODELS, ()), limit, kept)
        assert REPORT.render(told, "json") == REPORT.render(whole, "json")


@frozen
class Shuffled:
    """Does chunks in an order of its own, and has all that it is given and finds sent."""

    random: Random

    def run(
        self, task: Task[Work, Result], chunks: Iterable[Chunk[Work]]
    ) -> Generator[tuple[Chunk[Work], Result]]:
        """Yield each chunk with its result."""
        left = list(chunks)
        self.random.shuffle(left)
        for chunk in left:
            yield chunk, sent(sent(task)(sent(chunk)))


def sent(value: Any) -> Any:
    """Return a value as it comes out of a pipe."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301  # our own


@given(
    st.integers(1, ROWS),
    st.randoms(use_true_random=False),
    st.sampled_from(["tokens_per_second", "tp"]),
    st.sampled_from(["20", "0.001"]),
    st.sampled_from([1, 3, None]),
    st.sampled_from(["all", "any"]),
)
@settings(max_examples=40)
def test_any_chunks_by_any_engine_give_the_same_bytes(
    rows: int, random: Random, sort: str, bound: str, limit: int | None, load: str
) -> None:
    asked, resolved = question(sort, bound, load), Resolved(SCENARIO, MODELS, ())
    judging = Judging.of(SCENARIO, asked.policy.without_places, MODELS, limit)
    kept = sifted(judging, rows, silent, Workers(Shuffled(random)))
    told, whole = report_of(asked, resolved, limit, kept), report(asked, resolved, limit, silent)
    assert REPORT.render(told, "json") == REPORT.render(whole, "json")


@given(st.data(), st.integers(1, 40), st.sampled_from([1, 2]), st.sampled_from(["all", "any"]))
@settings(max_examples=40)
def test_no_more_is_kept_than_may_be_shown(
    data: st.DataObject, room: int, limit: int, load: str
) -> None:
    judging = Judging.of(SCENARIO, question("tp", "20", load).policy, MODELS, limit)
    keeping, gpus = Keeping(judging, room), len(SCENARIO.gpus)
    most = len(MODELS) * (max(limit, 2) + 1 + gpus + LOADS)
    for part in data.draw(splits(ROWS, LOADS)):
        keeping.join(judging.kept(part))
        assert keeping.held <= most + max(room, most)
    assert len(keeping.kept) <= most

"""The law of partial results: split, joined or pruned, rows give an answer of the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import deployment, grid

from sizer.load import Question, load_document
from sizer.pipeline import report, report_of, silent
from sizer.pipeline.blocks import Judging, Kept
from sizer.render.forms import REPORT
from sizer.resolve import Resolved
from sizer.schema.scenario import Load
from sizer.structure.toml.document import parse_document

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
    for kept in (found, found.joined(Kept.nothing(len(MODELS))), judging.pruned(found)):
        told = report_of(asked, Resolved(scenario, MODELS, ()), limit, kept)
        assert REPORT.render(told, "json") == REPORT.render(whole, "json")

"""The law of partial results: however rows are split and joined, the answer has the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import deployment, grid

from sizer.load import Question, load_document
from sizer.pipeline import report_of
from sizer.pipeline.blocks import Judging, Kept
from sizer.render import render
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
ROWS = len(SCENARIO)
PROFILE = """\
dsl = 1
models = [{ name = "Qwen/Qwen2.5-7B" }, { name = "meta-llama/Llama-3.1-8B" }]
fleet.gpus = ["H100-SXM5-80GB", "L4", "T4"]
select = { where = ["fits"], sort = "SORT" }
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


def question(sort: str, bound: str) -> Question:
    text = PROFILE.replace("SORT", sort).replace("BOUND", bound)
    return load_document(parse_document(text, "p.toml"), Path())


@st.composite
def splits(draw: st.DrawFn) -> list[np.ndarray]:
    rows = np.array(draw(st.permutations(range(ROWS))), np.intp)
    cuts = draw(st.lists(st.integers(0, ROWS), max_size=8))
    return np.split(rows, sorted(cuts))


def joined(partials: Sequence[Kept], draw: st.DataObject) -> Kept:
    """Join neighbours, in whatever order is drawn, until one is left."""
    left = list(partials)
    while len(left) > 1:
        at = draw.draw(st.integers(0, len(left) - 2))
        left[at : at + 2] = [left[at].joined(left[at + 1])]
    return left[0]


@given(
    splits(),
    st.sampled_from(["tokens_per_second", "cost then itl_ms", "tp", "gpus desc"]),
    st.sampled_from(["20", "0.001"]),
    st.sampled_from([1, 3, None]),
    st.data(),
)
@settings(max_examples=40)
def test_any_split_in_any_order_gives_the_same_bytes(
    split: list[np.ndarray], sort: str, bound: str, limit: int | None, data: st.DataObject
) -> None:
    asked, resolved = question(sort, bound), Resolved(SCENARIO, MODELS, ())
    judging = Judging.of(SCENARIO, asked.policy, MODELS, limit)
    whole = judging.kept(np.arange(ROWS))
    found = joined([judging.kept(rows) for rows in split], data)
    for kept in (found, found.joined(Kept.nothing(len(MODELS)))):
        told = report_of(asked, resolved, limit, kept)
        assert render(told, "json") == render(report_of(asked, resolved, limit, whole), "json")

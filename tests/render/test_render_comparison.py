"""A comparison as people and programs read it."""

from __future__ import annotations

import json

from sizer.render.forms import COMPARISON
from sizer.schema.answered.comparison import Chosen, Compared, Comparison, Figure, Tally

FIGURES = (
    Figure("itl_ms", (8.0, 12.0), 0.5, disagrees=True, intervals=((6.123, 1e4), (None, None))),
    Figure("ttft_ms", (100.0, None), None, disagrees=False, intervals=((None, None),) * 2),
)
COMPARED = Comparison(
    profile="profile.toml",
    estimators=("analytic", "other"),
    sources=("analytic, calibration x", "other, tables"),
    share=0.25,
    candidates=1200,
    tallies=(
        Tally("itl_ms", (1200, 10), 10, 3, (0.5,)),
        Tally("ttft_ms", (1200, 0), 0, 0, (None,)),
    ),
    chosen=(Chosen("m/one", ("A x1", None)), Chosen("m/two", ("B x1", "B x1"))),
    compared=(Compared("m/one", "A x1", (True, False), FIGURES),),
)
TEXT = """\
analytic, calibration x
other, tables

of 1,200 candidates  analytic knows  other knows  all know  apart <>  other, median
itl_ms                        1,200           10        10         3  +50 %
ttft_ms                       1,200            0         0         0

m/one <>
  chosen by analytic: A x1
  chosen by other: nothing survives

candidate  metric   unit  analytic  analytic, between    other  other to analytic
A x1       itl_ms   ms           8  6.12\N{EN DASH}10,000             12  +50 %              <>
           ttft_ms  ms         100                     unknown

m/two
  chosen by all: B x1

<> more than 25 % apart, the largest over the smallest
between: where 90 % of measurements lie
"""


def test_text() -> None:
    assert COMPARISON.render(COMPARED, "text") == TEXT


def test_json() -> None:
    data = json.loads(COMPARISON.render(COMPARED, "json"))
    assert data["estimators"] == {"analytic": "analytic, calibration x", "other": "other, tables"}
    assert (data["disagrees"], data["share"], data["candidates"]) == (True, 0.25, 1200)
    assert data["chosen"][0] == {"model": "m/one", "analytic": "A x1", "other": None}
    itl, ttft = data["compared"][0]["figures"]
    assert itl == {
        "metric": "itl_ms",
        "analytic": 8.0,
        "other": 12.0,
        "spread": 0.5,
        "disagrees": True,
        "intervals": {"analytic": [6.123, 10000.0], "other": [None, None]},
    }
    assert (ttft["other"], ttft["spread"]) == (None, None)
    assert data["metrics"][0]["bias"] == {"other": 0.5}


def test_what_a_name_smuggles_in_is_not_drawn() -> None:
    sly = Comparison("p", ("a", "b"), ("a", "b\x1b[31m"), 0.25, 0, COMPARED.tallies, (), ())
    assert "\x1b" not in COMPARISON.render(sly, "text")

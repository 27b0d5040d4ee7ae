"""Decisions made by hand, as text and JSON."""

from __future__ import annotations

import json

import pytest
from reports_by_hand import HOSTILE

from sizer.render.decisions.words import changed, reason, shortened
from sizer.render.forms import DECISIONS
from sizer.render.kit import Look
from sizer.schema.answered.decision import Alternative, Change, Decision, Judgement, Part

FAST = Part("itl_ms", 14.2, "value", unit="ms")
PACE = Part("itl_ms < 10", False, "comparison", (FAST, Part("10", 10.0, "value")), True, 0.42)
HIDDEN = Part("cost < 3", None, "comparison", (Part("cost", None, "value"),) * 2, True)
UNTAKEN = Part("tp > 1", True, "comparison", (Part("tp", 2.0, "value"), Part("1", 1.0, "value")))
CHOICE = Part("x", None, "choice", (Part("fits", True, "truth", (), True), HIDDEN, UNTAKEN), True)
LISTED = Part(
    "gpu in ('L4', 'T4')",
    True,
    "comparison",
    (Part("gpu", "L4", "value"), Part("('L4', 'T4')", None, "value")),
    True,
)
SUM = Part("tp + 1", 3.0, "value", (Part("tp", 2.0, "value"), Part("1", 1.0, "value")))
LOW = Part("tp + 1 > 2", True, "comparison", (SUM, Part("2", 2.0, "value")), False, 0.5)
NOT = Part("not tp + 1 > 2", False, "not", (LOW,), True)


def decision(**changes: object) -> Decision:
    usual: dict[str, object] = {
        "model": "acme/one-7B",
        "candidate": "L4 x1",
        "candidates": 12,
        "survivors": 3,
        "rank": None,
        "sort": "cost",
        "metrics": {"itl_ms": 14.2, "cost_usd_per_hour": None},
        "chosen": "T4 x1",
        "standing": (("cost_usd_per_hour", None, 0.5),),
        "judgements": (
            Judgement("fits", "where", "holds", True, Part("fits", True, "truth", (), True)),
            Judgement(
                "pace",
                "error",
                "fails",
                False,
                Part("both", False, "all", (LISTED, PACE, NOT), True),
                LISTED,
                "too slow",
                (
                    (Change("itl_ms", 14.2, "below", 10.0),),
                    (Change("gpu", "L4", "one of", ("T4",)),),
                ),
            ),
            Judgement("price", "warning", "unknown", True, CHOICE),
            Judgement("none", "info", "not applicable", True, PACE, UNTAKEN),
        ),
        "alternatives": (
            Alternative("accelerator", "T4 x1", 5, 5, ("T4", "A", "B", "C", "D")),
            Alternative("split", None, 2, 0, ()),
        ),
    }
    return Decision(**usual | changes)


REFUSED = """\
acme/one-7B
  L4 x1
  refused by pace (error)
  chosen: T4 x1
  cost_usd_per_hour: unknown, the chosen 0.5 USD/h

  fits (where): holds
    fits: true
    no change that was tried makes it fail

  pace (error): fails
    too slow
    when gpu in ('L4', 'T4'): true, L4
    all of: false
    ├── gpu in ('L4', 'T4'): true, L4
    ├── itl_ms < 10: false, 14.2 ms, 42 % off  <- the first that fails
    └── not: false
        └── tp + 1 > 2: true, 3, 50 % off  (must be false)
            └── tp + 1: 3
                └── tp: 2
    would hold with itl_ms below 10 ms (4.2 ms less, 29.58 %)
    or with gpu T4

  price (warning): unknown
    choice: unknown
    ├── if fits: true
    ├── then cost < 3: unknown, unknown against unknown  <- the first that is unknown
    └── else tp > 1: true, 2  (decides nothing)
    no change that was tried makes it hold

  none (info): not applicable
    when tp > 1: true, 2  (decides nothing)

  one step away
    accelerator  5 of 5 pass  T4, A, B, C and 1 more
    split        0 of 2 pass
"""


def test_text_of_a_refused_candidate() -> None:
    assert DECISIONS.render([decision()], "text") == REFUSED


def test_text_of_a_survivor_that_was_not_chosen() -> None:
    judged = decision().judgements[:1]
    shown = DECISIONS.render([decision(rank=2, judgements=judged)], "text")
    assert "survives, ranked 2 by cost; 3 of 12 candidates survive\n  chosen: T4 x1\n" in shown


def test_text_where_nothing_survives() -> None:
    shown = DECISIONS.render([decision(chosen=None, survivors=0), decision()], "text")
    assert "\n  none of 12 candidates survives\n" in shown
    assert "\n\nacme/one-7B\n" in shown


def test_several_refusals_are_counted() -> None:
    judged = decision().judgements
    shown = DECISIONS.render([decision(judgements=(*judged, judged[1]))], "text")
    assert "refused by pace (error), and by 1 more\n" in shown


def test_colour_only_where_it_is_understood() -> None:
    assert "\x1b[" in DECISIONS.render([decision()], "text", Look(100, colour=True))


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_steers_a_terminal(form: str) -> None:
    part = Part(HOSTILE, False, "truth", (), True)
    judged = (Judgement(HOSTILE, "error", "fails", False, part, part, HOSTILE),)
    shown = DECISIONS.render([decision(model=HOSTILE, judgements=judged)], form)
    assert "\x1b" not in shown
    assert "owned" not in shown


def test_json_is_complete() -> None:
    (found,) = json.loads(DECISIONS.render([decision()], "json"))["decisions"]
    pace = found["conditions"][1]
    assert pace["first_failed"] == "itl_ms < 10"
    assert [each["role"] for each in pace["require"]["parts"]] == [
        "comparison",
        "comparison",
        "not",
    ]
    assert pace["flips"][0][0]["difference"] == -4.2
    assert pace["flips"][1][0]["needed"] == ["T4"]
    assert found["standing"] == [
        {"metric": "cost_usd_per_hour", "value": None, "of_chosen": 0.5},
    ]
    assert found["alternatives"][1] == {
        "axis": "split",
        "candidate": None,
        "others": 2,
        "passing": 0,
        "values": [],
    }
    assert found["metrics"] == {"itl_ms": 14.2, "cost_usd_per_hour": None}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change("itl_ms", 20.0, "above", 30.0), "itl_ms above 30 ms (10 ms more, 50 %)"),
        (Change("itl_ms", 0.0, "above", 30.0), "itl_ms above 30 ms (30 ms more)"),
        (Change("itl_ms", 30.0, "below", 30.0), "itl_ms below 30 ms"),
        (Change("fits", True, "exactly", False), "fits false"),
        (Change("cost_usd_per_hour", None, "known", None), "cost_usd_per_hour known"),
        (Change("gpu", "L4", "none of", ("L4",)), "gpu other than L4"),
        (Change("gpu", "L4", "none of", ("L4", "T4")), "gpu none of L4, T4"),
        (Change("gpu", "L4", "one of", ("A", "B")), "gpu one of A, B"),
    ],
)
def test_a_change_in_words(change: Change, said: str) -> None:
    assert changed(change) == said


def test_parts_and_lists_in_words() -> None:
    assert reason(FAST) == "itl_ms: 14.2 ms"
    assert reason(Part("itl_ms", None, "value")) == "itl_ms: unknown"
    assert shortened(("a", "b"), 2) == "a, b"

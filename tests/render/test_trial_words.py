from __future__ import annotations

import pytest

from sizer.render.trials.words import why_text
from sizer.schema.answered.decision import Part
from sizer.schema.answered.report import Value
from sizer.schema.answered.trial import Comparisons, NoSuchCandidate, Removed, Why

LEFT, BOUND = Part("itl_ms", 14.2, "value"), Part("10", 10.0, "value")
UNKNOWN, LIST = Part("cost", None, "value"), Part("('L4', 'T4')", None, "value")
NAME = Part("gpu", "L4", "value")


def comparison(text: str, value: Value, *sides: Part) -> Part:
    return Part(text, value, "comparison", sides, wanted=True)


@pytest.mark.parametrize(
    ("why", "text"),
    [
        (Removed(("fits", "slo")), "removed by fits, slo"),
        (NoSuchCandidate(None), "`sizer run --all` lists those that survive"),
        (NoSuchCandidate("L4 x1"), "did you mean 'L4 x1'?"),
        (Comparisons((Part("fits", False, "truth", wanted=True),)), "`fits` is false"),
        (
            Comparisons(
                (
                    comparison("itl_ms < 10", False, LEFT, BOUND),
                    comparison("cost < 10", None, UNKNOWN, BOUND),
                )
            ),
            "`itl_ms < 10` is false: 14.2 against 10, `cost < 10` is unknown: unknown against 10",
        ),
        (
            Comparisons((comparison("gpu in ('L4', 'T4')", True, NAME, LIST),)),
            "`gpu in ('L4', 'T4')` is true",
        ),
    ],
)
def test_why_a_case_differs(why: Why, text: str) -> None:
    assert why_text(why) == text

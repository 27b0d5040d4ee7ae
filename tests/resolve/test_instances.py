from __future__ import annotations

from typing import Any

from sizer import size
from sizer.schema.answered.assumption import LargestInstance


def notes(**fleet: Any) -> list[LargestInstance]:
    models = [{"name": "meta-llama/Llama-3.1-8B"}]
    report = size({"models": models, "fleet": {"gpus": ["H100", "L4"], **fleet}})
    return [each for each in report.assumptions if isinstance(each, LargestInstance)]


def test_an_answer_says_where_no_instance_is_large_enough() -> None:
    assert notes() == []
    assert notes(provider="verda") == [LargestInstance("H100-SXM5-80GB", 1)]
    assert notes(provider="hyperbolic") == [LargestInstance("H100-SXM5-80GB", 3)]
    assert notes(provider="hyperbolic", max_gpus_per_replica=3) == []


def test_what_no_instance_holds_has_no_cost() -> None:
    models = [{"name": "meta-llama/Llama-3.1-8B"}]
    report = size(
        {
            "models": models,
            "fleet": {"gpus": ["H100"], "provider": "verda"},
            "select": {"sort": "itl_ms"},
        },
        everything=True,
    )
    answer = report.answers[0]
    assert answer.chosen is not None
    shown = (answer.chosen, *answer.others)
    known = {each.metrics["tp"] for each in shown if each.metrics["cost_usd_per_hour"] is not None}
    assert known == {1}
    assert {each.bought is None for each in shown if each.metrics["tp"] != 1} == {True}

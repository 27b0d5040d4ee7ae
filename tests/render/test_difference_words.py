from __future__ import annotations

import json
from typing import get_args

import pytest
from attrs import frozen

from sizer.render.difference.words import detail_text, note_text, shown, status_lines
from sizer.render.forms import DIFFERENCE
from sizer.schema.answered.difference import (
    Cause,
    ChoiceStatus,
    Detail,
    Difference,
    FieldChange,
    FileChange,
    Inert,
    Note,
    OtherParameters,
    Presence,
    PriceChange,
    RuleAdded,
    RuleChange,
    RuleOrder,
    SourceChange,
    StaleLock,
    Unanswered,
    WaiverPresence,
)
from sizer.schema.answered.lock import LockedCalibration, LockedEstimator
from sizer.schema.answered.report import Bound
from sizer.schema.facts.price import Price

HASH = "0123456789abcdef"
PRICE = Price("L4", "ours", 0.9, "2026-11-01")
ONE_OF_EACH = {
    FieldChange(("L4", "tdp_w"), 72.0, 75.0): "L4: tdp_w 72 -> 75",
    Presence("H200", "after"): "with H200",
    PriceChange("L4", None, PRICE): "L4: unknown -> 0.9 USD/h (ours, 2026-11-01)",
    RuleAdded("own", "gpus == 1", "error"): "with own: gpus == 1 (error)",
    RuleChange("own", "when", None, "gpus > 1"): "own: when always -> gpus > 1",
    RuleOrder(): "another order",
    WaiverPresence("own", "gpus == 1", "me", "2999-01-31", "before"): (
        "without own where gpus == 1, by me until 2999-01-31"
    ),
    OtherParameters("where"): "where: other values of parameters",
    SourceChange(LockedCalibration("ours", "2", HASH), None): "ours 2 (0123456789ab) -> unknown",
    FileChange("rules/slo.toml"): "changed: rules/slo.toml",
}
NOTES = {
    Unanswered("HEAD", "a.toml:2:1: error"): "HEAD: a.toml:2:1: error",
    StaleLock("HEAD", "sizer.lock", "a.toml"): (
        "HEAD: sizer.lock is older than a.toml, which is answered anew"
    ),
}


@frozen
class Layer:
    width: int


@pytest.mark.parametrize(("detail", "text"), ONE_OF_EACH.items())
def test_every_difference_has_its_words(detail: Detail, text: str) -> None:
    assert detail_text(detail) == text


@pytest.mark.parametrize(("note", "text"), NOTES.items())
def test_every_note_has_its_words(note: Note, text: str) -> None:
    assert note_text(note) == text


def test_every_kind_is_tried() -> None:
    assert set(map(type, ONE_OF_EACH)) == set(get_args(Detail))
    assert set(map(type, NOTES)) == set(get_args(Note))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (12345, "12,345"),
        (0.5, "0.5"),
        ((), "none"),
        (("a", 1), "a, 1"),
        ({"p50": 800}, "p50 800"),
        ((Layer(1), Layer(2)), "2 of them"),
        ("x" * 61, "x" * 57 + "..."),
    ],
)
def test_values_are_short(value: object, text: str) -> None:
    assert shown(value) == text


def test_what_became_of_the_earlier_choice() -> None:
    bounds = (Bound("fits", "fits", value=False, bound=False, margin=None),)
    assert status_lines(None) == []
    assert status_lines(ChoiceStatus("gone", "L4")) == ["L4 is no longer among the candidates"]
    assert status_lines(ChoiceStatus("outranked", "L4")) == ["L4 still passes, and ranks behind"]
    assert status_lines(ChoiceStatus("refused", "L4", bounds)) == ["fits: no"]


def test_json_has_the_values_and_their_words() -> None:
    estimator = SourceChange(LockedEstimator("1", HASH), LockedEstimator("2", HASH))
    layers = FieldChange(("m", "layers"), (Layer(1),), {"p50": 0.1})
    causes = Cause("estimator", (estimator,)), Cause("model facts", (layers,))
    told = Difference("a", "b", (), 1, (Inert("p.toml", causes),), tuple(NOTES))
    found = json.loads(DIFFERENCE.render(told, "json"))
    assert found["version"] == 2
    (first,), (second,) = (each["details"] for each in found["inert"][0]["causes"])
    assert list(first) == ["kind", "before", "after", "text"]
    assert first["after"] == {"version": "2", "sha256": HASH}
    assert (second["before"], second["after"]) == ([{"width": 1}], {"p50": 0.1})
    assert [each["text"] for each in found["notes"]] == list(NOTES.values())

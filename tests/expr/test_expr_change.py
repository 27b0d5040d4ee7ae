"""The smallest changes that turn a condition."""

from __future__ import annotations

import pytest
from attrs import evolve

from sizer.diagnostic import Problem
from sizer.expr.check.check import compile_condition
from sizer.expr.explain.change import Flips, flips
from sizer.expr.language.cell import Cell
from sizer.expr.text.source import plain
from sizer.schema.answered.decision import Change
from sizer.schema.metrics import METRICS, registry

ROW: dict[str, Cell] = {
    "itl_ms": 14.2,
    "ttft_ms": 300.0,
    "e2e_ms": 0.0,
    "tp": 2.0,
    "gpus": 2.0,
    "fits": True,
    "is_moe": None,
    "gpu": "L4",
    "weights": "bf16",
    "attention": "gqa",
    "memory_headroom_gib": 1.5,
}
HEADROOM, REQUIRED = "memory_headroom_gib", "memory_required_gib"


def said(change: Change) -> tuple[object, ...]:
    return change.metric, change.relation, change.needed


def ways(text: str) -> list[list[tuple[object, ...]]]:
    found = flips(compile_condition(plain(text), registry()), ROW, registry()).ways
    return [[said(change) for change in way] for way in found]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("itl_ms < 10", ("itl_ms", "below", 10.0)),
        ("itl_ms <= 10", ("itl_ms", "at most", 10.0)),
        ("10 > itl_ms", ("itl_ms", "below", 10.0)),
        ("itl_ms > 20", ("itl_ms", "above", 20.0)),
        ("itl_ms >= 20", ("itl_ms", "at least", 20.0)),
        ("itl_ms <= 10 / 3", ("itl_ms", "at most", 10 / 3)),
        ("itl_ms * 3 + 1 <= 10", ("itl_ms", "at most", 3.0)),
        ("not itl_ms > 10", ("itl_ms", "at most", 10.0)),
        ("e2e_ms > 5", ("e2e_ms", "above", 5.0)),
        ("e2e_ms > 0", ("e2e_ms", "above", 0.0)),
        ("e2e_ms != 0", ("e2e_ms", "above", 0.0)),
        ("ttft_ms <= 0", ("ttft_ms", "at most", 0.0)),
        ("10 < itl_ms < 10.001", ("itl_ms", "below", 10.001)),
        ("10 < cost < 10.001", ("cost_usd_per_hour", "known", None)),
        ("tp == 4e9", ("tp", "exactly", 4e9)),
        ("ttft_ms + 1000 - 1000 <= 1e-6", ("ttft_ms", "at most", 1e-6)),
        ("tp == 4", ("tp", "exactly", 4.0)),
        ("tp in (3, 8)", ("tp", "exactly", 3.0)),
        ("10 < itl_ms * 2 < 10.5", ("itl_ms", "below", 5.25)),
        ("memory_headroom_gib < 0", ("memory_headroom_gib", "below", 0.0)),
        ("not fits", ("fits", "exactly", False)),
        ("gpu == 'H100'", ("gpu", "one of", ("H100",))),
        ("gpu in ('H100', 'H200')", ("gpu", "one of", ("H100", "H200"))),
        ("gpu != 'L4'", ("gpu", "none of", ("L4",))),
        ("attention != 'gqa'", ("attention", "one of", ("mha", "mqa", "mla", "hybrid"))),
        ("cost < 3", ("cost_usd_per_hour", "known", None)),
        ("is_moe", ("is_moe", "known", None)),
        ("vendor == 'AMD'", ("vendor", "known", None)),
        ("itl_ms < 10 if fits else itl_ms > 99", ("itl_ms", "below", 10.0)),
    ],
)
def test_what_fails_is_made_to_hold(text: str, change: tuple[object, ...]) -> None:
    assert ways(text)[0] == [change]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("ttft_ms <= 500", ("ttft_ms", "above", 500.0)),
        ("ttft_ms < 500", ("ttft_ms", "at least", 500.0)),
        ("memory_headroom_gib >= 0", ("memory_headroom_gib", "below", 0.0)),
        ("tp == 2", ("tp", "at most", 1.0)),
        ("fits", ("fits", "exactly", False)),
        ("gpu == 'L4'", ("gpu", "none of", ("L4",))),
    ],
)
def test_what_holds_is_made_to_fail(text: str, change: tuple[object, ...]) -> None:
    assert ways(text)[0] == [change]


def test_the_smallest_comes_first() -> None:
    assert ways("tp > 9 or itl_ms > 20") == [
        [("itl_ms", "above", 20.0)],
        [("tp", "at least", 10.0)],
    ]


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (
            "itl_ms < 10 and memory_headroom_gib >= 2",
            [("itl_ms", "below", 10.0), ("memory_headroom_gib", "at least", 2.0)],
        ),
        (
            "itl_ms < 3 and ttft_ms < 5 and itl_ms + ttft_ms < 10",
            [("itl_ms", "below", 3.0), ("ttft_ms", "below", 5.0)],
        ),
        (
            "vendor == 'AMD' and itl_ms < 10",
            [("vendor", "known", None), ("itl_ms", "below", 10.0)],
        ),
        (
            "not (itl_ms >= 10 or tp < 4)",
            [("itl_ms", "below", 10.0), ("tp", "at least", 4.0)],
        ),
        ("e2e_ms > 5 > itl_ms", [("e2e_ms", "above", 5.0), ("itl_ms", "below", 5.0)]),
        (
            "(itl_ms < 10 and tp > 2) or (ttft_ms < 1 and tp > 90)",
            [("itl_ms", "below", 10.0), ("tp", "at least", 3.0)],
        ),
        (
            "(itl_ms < 10 and tp > 2) if fits else (itl_ms < 9 and tp > 2)",
            [("itl_ms", "below", 10.0), ("tp", "at least", 3.0)],
        ),
        (
            "gpu == 'H100' and not fits and itl_ms < 10",
            [
                ("fits", "exactly", False),
                ("gpu", "one of", ("H100",)),
                ("itl_ms", "below", 10.0),
            ],
        ),
        (
            "gpu != 'L4' and attention in ('mha', 'mla') and is_moe and cost > 3",
            [
                ("gpu", "none of", ("L4",)),
                ("attention", "one of", ("mha", "mla")),
                ("is_moe", "known", None),
                ("cost_usd_per_hour", "known", None),
            ],
        ),
        (
            "(itl_ms < 10 and tp > 2) if not fits else (ttft_ms < 100 and gpus >= 3)",
            [("ttft_ms", "below", 100.0), ("gpus", "at least", 3.0)],
        ),
    ],
)
def test_several_changes_where_one_does_not_suffice(
    text: str, changes: list[tuple[object, ...]]
) -> None:
    (found,) = ways(text)
    assert sorted(found, key=str) == sorted(changes, key=str)


@pytest.mark.parametrize(
    "text",
    [
        "itl_ms * 0 > 1",
        "itl_ms < 1 and itl_ms > 2",
        "is_moe == is_moe and tp < 0 and tp > 5",
        "ttft_ms + itl_ms < 10",
        "itl_ms * 0 > 1 and tp > 5",
        "(itl_ms < 1 and itl_ms > 2) or (tp < 2 and tp > 3)",
        "ttft_ms < itl_ms < 10",
        "(itl_ms < 1 and itl_ms > 2) if is_moe else (tp < 1 and tp > 2)",
    ],
)
def test_nothing_is_said_where_nothing_turns(text: str) -> None:
    assert ways(text) == []


def test_a_change_says_what_is_now() -> None:
    texts = ("itl_ms < 10", "not fits", "gpu == 'H100'", "gpu != 'L4'", "attention == 'mha'")
    now = []
    for text in texts:
        ((change,),) = flips(compile_condition(plain(text), registry()), ROW, registry()).ways
        now.append(change.value)
    assert now == [14.2, True, "L4", "L4", "gqa"]


def test_texts_have_no_size_and_come_last() -> None:
    assert [way[0][0] for way in ways("gpu == 'H100' or itl_ms < 10 or tp > 2.1")] == [
        *("itl_ms", "tp", "gpu"),
    ]


def test_nothing_is_asked_of_a_metric_that_it_cannot_be() -> None:
    assert ways("ttft_ms - 500 > 0 and memory_headroom_gib > -5") == [
        [("ttft_ms", "above", 500.0)],
    ]
    assert ways("memory_headroom_gib + 2 < 0") == [[("memory_headroom_gib", "below", -2.0)]]
    for text in ("tp + gpus < 1", "tp < 1", "itl_ms < 0", "itl_ms + 1 < 1", "cost < 0"):
        assert ways(text) == []


def test_a_change_has_its_difference_and_share() -> None:
    change = Change("itl_ms", 20.0, "below", 10.0)
    assert (change.difference, change.share) == (-10.0, -0.5)
    assert Change("itl_ms", 0.0, "above", 10.0).share is None
    assert Change("itl_ms", None, "known", None).difference is None
    assert Change("gpu", "L4", "one of", ("T4",)).difference is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("memory_headroom_gib >= 0.1 * memory_required_gib", [(HEADROOM, 6.0), (REQUIRED, 15.0)]),
        ("memory_headroom_gib / memory_required_gib > 2", [(REQUIRED, 0.75), (HEADROOM, 120.0)]),
        ("tp * 0.3 >= 1", [("tp", 4.0)]),
        ("tp / 3 >= 1 and tp < 3.5", [("tp", 3.0)]),
        ("8 / tp > 5", [("tp", 1.0)]),
        ("0 > tp", []),
        ("2.2 < tp < 2.8", []),
        ("ttft_ms < 0", []),
    ],
)
def test_only_possible_values_are_proposed(text: str, found: list[tuple[str, float]]) -> None:
    """Case 9: no memory below 0, no share above 1, no fraction of a count."""
    row = {**ROW, "memory_required_gib": 60.0}
    expression = compile_condition(plain(text), registry())
    got = [way[0] for way in flips(expression, row, registry()).ways]
    edges = {each.metric: each.needed for each in got}
    assert edges == pytest.approx(dict(found)), got


def test_no_share_above_the_whole_is_proposed() -> None:
    share = evolve(registry()["params_b"], name="spare_share")
    names = {**registry(), "spare_share": share}
    expression = compile_condition(plain("spare_share * 2 > 3 or spare_share >= 0.5"), names)
    ((change,),) = flips(expression, {"spare_share": 0.1}, names).ways
    assert (change.relation, change.needed) == ("at least", 0.5)
    beyond = compile_condition(plain("spare_share > 1"), names)
    assert not flips(beyond, {"spare_share": 0.1}, names).ways


@pytest.mark.parametrize("joined", [20, 60])
@pytest.mark.parametrize("wraps", [6, 14])
def test_a_rule_of_any_length_is_looked_at_in_bounded_steps(joined: int, wraps: int) -> None:
    """Issue 21: such rules took 81 s and 2.6 GB."""
    names = [each.name for each in METRICS if each.kind == "number"]
    text = " or ".join(f"{names[n % len(names)]} + 1 < 0" for n in range(joined))
    for _ in range(wraps):
        text = f"not (not ({text})) and ttft_ms + 2 < 0"
    try:
        expression = compile_condition(plain(text), registry())
    except Problem:
        pytest.skip("larger than an expression may be")
    found = flips(expression, dict.fromkeys(names, 4.0), registry(), steps=20_000)
    assert found.looked_at is not None
    assert found.looked_at < joined


def test_what_was_found_before_the_work_was_too_much_is_told() -> None:
    expression = compile_condition(plain("itl_ms < 10 and tp < 4 or itl_ms < 2"), registry())
    whole = flips(expression, ROW, registry())
    assert whole.looked_at is None
    cut = [flips(expression, ROW, registry(), steps=steps) for steps in range(0, 8000, 200)]
    assert {each.looked_at for each in cut} == {0, 1, None}
    assert all(each.ways == whole.ways[:1] for each in cut if each.looked_at == 1)
    assert flips(expression, ROW, registry(), steps=0) == Flips((), 0)

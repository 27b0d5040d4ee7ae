"""The atoms of a condition: their values, and how far each is from its bound."""

from __future__ import annotations

import pytest
from attrs import astuple

from sizer.expr.check.check import compile_condition
from sizer.expr.explain.explain import Atom, explained, margin
from sizer.expr.language.cell import Cell
from sizer.expr.text.source import plain
from sizer.schema.answered.decision import Part
from sizer.schema.metrics import registry

ROW: dict[str, Cell] = {"itl_ms": 11.8, "tp": 2.0, "fits": True, "gpu": "L4", "is_moe": None}


def atoms(text: str) -> list[Atom]:
    return margin(compile_condition(plain(text), registry()), ROW)


@pytest.mark.parametrize(
    ("text", "atom"),
    [
        ("latency_ms < 10", (False, 11.8, 10.0, pytest.approx(0.18), True)),
        ("10 > latency_ms", (False, 10.0, 11.8, pytest.approx(0.18), True)),
        ("tp > 4", (False, 2.0, 4.0, 0.5, True)),
        ("tp > 0", (True, 2.0, 0.0, None, True)),
        ("tp in (1, 2)", (True, 2.0, None, None, True)),
        ("gpu == 'H100'", (False, "L4", "H100", None, True)),
        ("fits", (True, True, None, None, True)),
        ("cost < 3", (None, None, 3.0, None, True)),
        ("(tp) * 2 >= 8", (False, 4.0, 8.0, 0.5, True)),
    ],
)
def test_an_atom_has_its_values_and_its_margin(text: str, atom: tuple[object, ...]) -> None:
    assert [astuple(each) for each in atoms(text)] == [(text, *atom)]


def test_under_a_not_an_atom_should_fail() -> None:
    assert [each.wanted for each in atoms("not (tp > 4 or not fits)")] == [False, True]
    assert [each.wanted for each in atoms("not (fits or is_known(tp))")] == [False, False]


def test_an_atom_is_written_on_one_line() -> None:
    assert [each.text for each in atoms("tp +\n  1\n< 3")] == ["tp + 1 < 3"]


def test_atoms_come_in_the_order_of_the_text() -> None:
    found = atoms("(1 < tp <= 8 or fits) and not (gpu == 'é' or 'é' != gpu) and is_known(cost)")
    assert [each.text for each in found] == [
        *("1 < tp", "tp <= 8", "fits", "gpu == 'é'", "'é' != gpu", "is_known(cost)"),
    ]


def test_only_the_branch_that_is_taken_counts() -> None:
    assert [each.text for each in atoms("tp < 4 if fits else tp < 8")] == ["fits", "tp < 4"]
    assert [each.text for each in atoms("tp < 4 if not fits else tp < 8")] == ["fits", "tp < 8"]
    assert [each.text for each in atoms("tp < 4 if is_moe else tp < 8")] == ["is_moe"]


def part(text: str) -> Part:
    return explained(compile_condition(plain(text), registry()), ROW)


def outline(part: Part) -> object:
    return (part.text, part.value, [outline(each) for each in part.parts])


def everything(part: Part) -> list[Part]:
    return [part, *(each for inner in part.parts for each in everything(inner))]


def test_every_part_has_its_value() -> None:
    found = part("-tp * 2 + log2(tp) < 3 and not fits")
    total = [
        ("-tp * 2", -4.0, [("-tp", -2.0, [("tp", 2.0, [])]), ("2", 2.0, [])]),
        ("log2(tp)", 1.0, [("tp", 2.0, [])]),
    ]
    less = ("-tp * 2 + log2(tp) < 3", True, [("-tp * 2 + log2(tp)", -3.0, total), ("3", 3.0, [])])
    assert outline(found)[2] == [less, ("not fits", False, [("fits", True, [])])]
    assert [each.role for each in (found, *found.parts)] == ["all", "comparison", "not"]
    assert found.text == "-tp * 2 + log2(tp) < 3 and not fits"
    assert {each.role for each in found.parts[0].parts} == {"value"}
    either = part("tp > 4 or fits")
    assert (either.role, either.wanted) == ("any", True)


def test_a_list_and_a_sign_have_no_parts() -> None:
    found = part("tp in (1, -2) and tp > -1")
    assert [outline(each.parts[1]) for each in found.parts] == [
        ("(1, -2)", None, []),
        ("-1", -1.0, []),
    ]


def test_a_chain_is_all_of_its_steps() -> None:
    found = part("1 < tp <= 8")
    assert (found.role, found.text) == ("all", "1 < tp <= 8")
    assert [each.text for each in found.parts] == ["1 < tp", "tp <= 8"]
    assert (found.value, found.wanted) == (True, True)
    assert part("tp in (1, 2) or fits").parts[0].margin is None


def test_what_a_choice_does_not_take_decides_nothing() -> None:
    found = part("tp < 4 if fits else tp < 1")
    assert [each.wanted for each in found.parts] == [True, True, None]
    assert (found.text, found.value) == ("tp < 4 if fits else tp < 1", True)
    assert (found.role, found.wanted) == ("choice", True)
    untaken = part("tp < 4 if fits else (not tp < 1 or (fits if fits else is_moe))").parts[2]
    assert all(each.wanted is None for each in everything(untaken))
    assert [each.text for each in found.atoms] == ["fits", "tp < 4"]
    unsure = part("not (tp < 4 if is_moe else tp < 1)").parts[0]
    assert [each.wanted for each in unsure.parts] == [True, None, None]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("tp > 4 and itl_ms < 10", "tp > 4"),
        ("(tp > 4 or fits) and itl_ms < 10", "itl_ms < 10"),
        ("not (tp > 4 or fits)", "fits"),
        ("cost < 3 and itl_ms < 10", "cost < 3"),
        ("tp > 1", None),
    ],
)
def test_the_first_condition_to_blame(text: str, first: str | None) -> None:
    failed = part(text).first_failed
    assert (failed and failed.text) == first


def test_a_truth_value_says_from_what_it_was_computed() -> None:
    condition = compile_condition(plain("fits and is_known(tp)"), registry())
    found = explained(condition, ROW, {"fits": ("itl_ms", "cost_usd_per_hour")}.get)
    assert outline(found.parts[0])[2] == [("itl_ms", 11.8, []), ("cost_usd_per_hour", None, [])]
    assert outline(found.parts[1])[2] == [("tp", 2.0, [])]
    assert [each.role for each in found.parts[0].parts] == ["value", "value"]


def test_what_was_converted_is_shown_in_both_units() -> None:
    text = "memory_headroom_gib / gpu_memory_gb >= 0.1 and memory_headroom_gib > 4 GB"
    row = {"memory_headroom_gib": 7.5, "gpu_memory_gb": 80.0}
    share, room = explained(compile_condition(plain(text), registry()), row).parts
    quotient = share.parts[0]
    assert quotient.value == pytest.approx(0.1007, abs=5e-5)
    below = quotient.parts[1]
    assert (below.text, below.value) == ("gpu_memory_gb in GiB", pytest.approx(74.506, abs=1e-3))
    assert [(each.text, each.value) for each in below.parts] == [("gpu_memory_gb", 80.0)]
    bound = room.parts[1]
    assert (bound.text, bound.parts) == ("4 GB in GiB", ())
    assert bound.value == pytest.approx(3.7253, abs=1e-4)

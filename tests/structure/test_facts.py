from __future__ import annotations

import tomllib
from typing import Literal

import pytest
from attrs import Factory, frozen
from cattrs import ClassValidationError

from sizer.structure.facts import read_facts, write_facts


@frozen
class Part:
    size: float = 1.0
    label: str | None = None


@frozen
class Whole:
    name: str
    count: int = 1
    rate: float | None = None
    on: bool = False
    tags: tuple[str, ...] = ()
    pairs: tuple[tuple[str, int], ...] = ()
    part: Part = Part()
    parts: tuple[Part, ...] = ()
    by: dict[str, float] = Factory(dict)


@frozen
class Circle:
    size: float
    kind: Literal["circle"] = "circle"


@frozen
class Square:
    size: float
    kind: Literal["square"] = "square"


@frozen
class Drawn:
    shape: Circle | Square


FULL = Whole(
    "w",
    count=2,
    rate=0.5,
    on=True,
    tags=("a", "b"),
    pairs=(("x", 1),),
    part=Part(3.0),
    parts=(Part(2.0, "p"), Part()),
    by={"z": 1.5, "a": 2.5},
)


@pytest.mark.parametrize("value", [FULL, Whole("w"), Whole("", rate=0.0, part=Part(label=""))])
def test_what_is_written_reads_back_the_same(value: Whole) -> None:
    assert read_facts(write_facts(value), Whole) == value


@pytest.mark.parametrize("each", [Circle(2.0), Square(2.0)])
def test_the_kind_of_a_value_tells_which_class_of_a_union_it_is_of(each: Circle | Square) -> None:
    text = write_facts(Drawn(each))
    assert f'kind = "{each.kind}"' in text
    assert read_facts(text, Drawn) == Drawn(each)


def test_defaults_and_unknowns_are_not_written() -> None:
    assert write_facts(Whole("w")) == 'name = "w"\n'


def test_keys_keep_the_order_of_the_class_and_equal_values_give_equal_bytes() -> None:
    text = write_facts(FULL)
    keys = [line.split(" = ")[0] for line in text.splitlines()]
    assert [key for key in keys if key in {"name", "count", "rate", "on"}] == [
        "name",
        "count",
        "rate",
        "on",
    ]
    assert write_facts(read_facts(text, Whole)) == text


def test_a_whole_number_is_taken_for_a_float() -> None:
    rate = read_facts('name = "w"\nrate = 3', Whole).rate
    assert rate == 3.0
    assert type(rate) is float


@pytest.mark.parametrize(
    "line",
    [
        "name = 3",
        'name = "w"\ncount = "2"',
        'name = "w"\ncount = 2.0',
        'name = "w"\ncount = true',
        'name = "w"\nrate = true',
        'name = "w"\nrate = "0.5"',
        'name = "w"\nrate = nan',
        'name = "w"\nrate = inf',
        'name = "w"\non = 1',
        'name = "w"\ntags = "ab"',
        'name = "w"\ntags = [1]',
        'name = "w"\npairs = [["x"]]',
        'name = "w"\npart = 3',
        'name = "w"\n[part]\nsizes = 1.0',
        'name = "w"\ncolour = "red"',
        "count = 2",
    ],
)
def test_nothing_is_coerced_added_or_left_out(line: str) -> None:
    with pytest.raises(ClassValidationError):
        read_facts(line, Whole)


def test_text_that_is_not_toml_is_refused() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        read_facts("name = ", Whole)

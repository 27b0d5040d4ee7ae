from __future__ import annotations

import pytest
from attrs import evolve

from sizer.schema.asked.case import Expect
from sizer.structure.shape.cases import read_cases
from sizer.structure.shape.expectations import rewritten
from sizer.structure.toml.document import parse_document

DOTTED = """\
# about
[[case]]
name = "a"           # first
given.tp = 1
expect.passes = [    # those
  "x", "y",
]
expect.survives = true   # still
expect.messages.z = 'old'
expect.fails = ["z"]

[[case]]
name = "b"
expect.passes = "x"
"""
HEADED = """\
[[case]]
name = "a"
[case.expect]
# why
passes = ["x", "y"]
survives = true
fails = ["z"]
[case.expect.messages]
z = "old"   # kept
[[case]]
name = "b"
expect.passes = "x"
"""
INLINE = """\
[[case]]
name = "a"
expect = { passes = ["x", "y"], survives = true, fails = ["z"], messages = { z = "old" } }  # all
[[case]]
name = "b"
expect.passes = "x"
"""
MIXED = """\
[[case]]
name = "a"
expect.passes = ["x", "y"]
expect.survives = true
expect.fails = ["z"]
[case.expect.messages]
z = "old"
[[case]]
name = "b"
expect.passes = "x"
"""
OLD = Expect(passes=("x", "y"), fails=("z",), survives=True, messages={"z": "old"})


def expected(text: str) -> list[Expect]:
    file, faults = read_cases(parse_document(f"dsl = 1\n{text}", "t"))
    assert not faults
    return [each.expect for each in file.case]


@pytest.mark.parametrize("text", [DOTTED, HEADED, INLINE, MIXED])
@pytest.mark.parametrize(
    "new",
    [
        OLD,
        evolve(OLD, messages={"z": 'new "text" é'}),
        evolve(OLD, survives=False),
        evolve(OLD, passes=("x",), fails=("y", "z")),
        evolve(OLD, passes=(), fails=(), unknown=("x", "y", "z")),
        evolve(OLD, passes=("x", "y", "z"), fails=(), messages={}),
        Expect(survives=False),
        Expect(not_applicable=("x", "y", "z")),
    ],
)
def test_an_expectation_is_rewritten_in_every_style(text: str, new: Expect) -> None:
    assert expected(text)[0] == OLD
    document = parse_document(f"dsl = 1\n{text}", "t")
    assert expected(rewritten(document, {0: new}).removeprefix("dsl = 1\n")) == [
        new,
        Expect(passes=("x",)),
    ]


def test_what_stays_is_as_it_was_written() -> None:
    new = evolve(OLD, fails=(), unknown=("z",), messages={"z": "new"})
    document = parse_document(f"dsl = 1\n{DOTTED}", "t")
    was, now = (set(text.splitlines()) for text in (document.text, rewritten(document, {0: new})))
    assert was - now == {"expect.messages.z = 'old'", 'expect.fails = ["z"]'}
    assert now - was == {'expect.messages.z = "new"', 'expect.unknown = ["z"]'}


LISTED = """\
[[case]]
name = "a"
  [case.expect]
  passes = [  # these
    "x",  # for one
    # and the other
    "y"   # for two
  ]  # and no more
  survives = true
[[case]]
name = "b"
expect.passes = "x"
"""


@pytest.mark.parametrize(
    ("passes", "gone", "come"),
    [
        (("y",), {'    "x",  # for one'}, set()),
        (("x",), {'    "y"   # for two'}, set()),
        (("x", "z"), {'    "y"   # for two'}, {'    "z",'}),
        (("v", "x", "y"), {'    "y"   # for two'}, {'    "y",   # for two', '    "v",'}),
        (("z",), {'    "x",  # for one', '    "y"   # for two'}, {'    "z",'}),
    ],
)
def test_a_list_of_lines_keeps_those_that_stay(
    passes: tuple[str, ...], gone: set[str], come: set[str]
) -> None:
    new = Expect(passes=passes, fails=("w",), survives=True)
    document = parse_document(f"dsl = 1\n{LISTED}", "t")
    text = rewritten(document, {0: new})
    was, now = (set(each.splitlines()) for each in (document.text, text))
    assert was - now == gone
    assert now - was == {*come, '  fails = ["w"]'}
    (found, other) = expected(text.removeprefix("dsl = 1\n"))
    assert (set(found.passes), found.fails, found.survives) == (set(passes), ("w",), True)
    assert other == Expect(passes=("x",))


def test_both_cases_are_rewritten_at_once() -> None:
    document = parse_document(f"dsl = 1\n{HEADED}", "t")
    wanted = {0: Expect(fails=("x",)), 1: Expect(unknown=("x",))}
    assert expected(rewritten(document, wanted).removeprefix("dsl = 1\n")) == [*wanted.values()]


def test_nothing_else_is_changed_rather_than_a_line_too_many() -> None:
    text = "dsl = 1\ncase = [{name = 'a', expect.passes = ['x'], expect.fails = ['y']}]\n"
    document = parse_document(text, "t")
    with pytest.raises(ValueError, match="in place"):
        rewritten(document, {0: Expect(unknown=("x", "y"))})

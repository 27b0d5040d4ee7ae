"""The functions of the language: their arity and how they treat units.

The evaluators (rows.py, columns.py) implement each one; a test keeps the three lists the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from attrs import frozen

Typing = Literal["keeps", "number", "alike", "known", "like"]


@frozen(eq=False, repr=False)
class Function:
    """A signature.

    `typing` says what goes in and out: `keeps`, numbers of one unit give a number of that unit;
    `number`, a number of any unit gives a bare number; `alike`, arguments of one type give that
    type; `known`, anything gives a truth value; `like`, a text and a pattern give a truth value.
    `most` None means any number of arguments.
    """

    name: str
    typing: Typing
    least: int
    most: int | None
    doc: str


_ALL = (
    Function("min", "keeps", 2, None, "the smallest argument; unknown if any is"),
    Function("max", "keeps", 2, None, "the largest argument; unknown if any is"),
    Function("abs", "keeps", 1, 1, "the number without its sign"),
    Function("ceil", "keeps", 1, 1, "the next whole number upwards"),
    Function("floor", "keeps", 1, 1, "the next whole number downwards"),
    Function("round", "keeps", 1, 1, "the nearest whole number, halves to the even one"),
    Function("log2", "number", 1, 1, "the logarithm to base 2; unknown at or below 0"),
    Function("coalesce", "alike", 2, 2, "the first argument, or the second where it is unknown"),
    Function("is_known", "known", 1, 1, "whether the argument has a value; never unknown itself"),
    Function("matches", "like", 2, 2, "whether a text has a pattern: `*` any characters, `?` one"),
)
FUNCTIONS: Mapping[str, Function] = MappingProxyType({each.name: each for each in _ALL})

"""`[params]`: who declares a parameter, who sets it, and what is wrong with either.

A name is a parameter of the file that lists it. What a file lists goes down to the files that it
extends: it replaces their defaults, and what extends it replaces its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from keyword import iskeyword
from types import MappingProxyType

from attrs import frozen

from sizer.diagnostic import Diagnostic, Place
from sizer.expr.language import FUNCTIONS
from sizer.schema.asked.parameter import Parameter, Scalar
from sizer.schema.asked.profile import Rule, Select
from sizer.schema.metrics import registry
from sizer.structure.nearest import did_you_mean, listed
from sizer.structure.shape.faults import TYPE, VALUE
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys

UNREAD = "SZ506"
NAME = r"[a-z][a-z0-9_]*"
_WORDS = frozenset(("true", "false", "then", "asc", "desc"))
_WORD = r"[A-Za-z_]\w*"
_KINDS = {"number": "a number", "bool": "true or false", "text": "a text"}


@frozen(eq=False, repr=False)
class Setting:
    """A value of a parameter, and the file and table that say so."""

    parameter: Parameter
    document: Document
    table: Keys = ("params",)

    @property
    def value(self) -> Scalar:
        """What the parameter is set to."""
        return self.parameter.value

    def place(self, *, key: bool = False) -> Place | None:
        """Return where it is set."""
        return self.document.place((*self.table, self.parameter.name), key=key)


Settings = Mapping[str, Setting]
NOTHING: Settings = MappingProxyType({})


def settings(
    document: Document, params: Mapping[str, Scalar], table: Keys = ("params",)
) -> dict[str, Setting]:
    """Return what a table of a file sets."""
    return {
        name: Setting(Parameter(name, value), document, table) for name, value in params.items()
    }


def reserved(name: str) -> str | None:
    """Return what else a name means in expressions and sorts, if anything."""
    if name in registry():
        return "metric"
    if name in FUNCTIONS:
        return "function"
    return "keyword" if iskeyword(name) or name in _WORDS else None


def misnamed(own: Settings) -> Iterator[Diagnostic]:
    """Yield a fault for each name that no expression could read."""
    for name, setting in own.items():
        what = reserved(name)
        if what:
            place = setting.place(key=True)
            message = f"parameter {name!r} has the name of a {what}"
            yield Diagnostic(VALUE, message, place, f"call it `max_{name}`, for example")
        elif not re.fullmatch(NAME, name):
            place = setting.place(key=True)
            message = f"{name!a} is not a name for a parameter"
            help_ = "write small letters, digits and underscores, like `max_itl_ms`"
            yield Diagnostic(VALUE, message, place, help_)


def mistyped(own: Settings, given: Settings) -> Iterator[Diagnostic]:
    """Yield a fault for each default whose replacement is of another type."""
    for name, default in own.items():
        setting = given.get(name, default)
        wanted, found = default.parameter.kind, setting.parameter.kind
        if wanted != found:
            place = default.place()
            help_ = f"its default is at {place.file}:{place.line}" if place else None
            message = f"parameter {name!r} must be {_KINDS[wanted]}, not {_KINDS[found]}"
            yield Diagnostic(TYPE, message, setting.place(), help_)


def unread(
    own: Settings,
    below: frozenset[str],
    rules: tuple[Rule, ...],
    select: Select | None,
    metrics: Iterable[str] = (),
) -> Iterator[Diagnostic]:
    """Yield a fault for each parameter that nothing of this file and no file below it has."""
    texts = [text for rule in rules for text in (rule.require, rule.when, rule.message) if text]
    texts += [*metrics, *(select.where if select else ())]
    read = {word for text in texts for word in re.findall(_WORD, text)}
    for name, setting in own.items():
        if name not in read and name not in below:
            help_ = did_you_mean(name, below)
            if help_ is None and below:
                help_ = f"extended files have {listed(below)}"
            message = f"nothing reads parameter {name!r}"
            yield Diagnostic(UNREAD, message, setting.place(key=True), help_)


def disagreeing(before: Settings, now: Settings, names: frozenset[str]) -> Iterator[Diagnostic]:
    """Yield a fault for each parameter of a file that two of its extenders set differently."""
    for name in sorted(names):
        first, second = before.get(name), now.get(name)
        if (first and first.value) != (second and second.value):
            message = f"two files set parameter {name!r} of the same file differently"
            setting = second or first
            place = setting.place(key=True) if setting else None
            yield Diagnostic(UNREAD, message, place, "set it in the file that extends both")

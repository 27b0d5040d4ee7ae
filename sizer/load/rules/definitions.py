"""`[metrics]`: who defines a metric of their own, what it means, and what is wrong with it.

A name is one metric for a profile and all files that it extends. A definition reads the parameters
of the file that it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from attrs import Factory, field, frozen

from sizer.diagnostic import MOST_OF_A_KIND, Diagnostic, Place, Problem
from sizer.expr.check import compile_definition
from sizer.expr.language import Expression
from sizer.expr.text import CONSTANT, REFUSED, Source, tokens
from sizer.load.rules.parameters import NAME, Settings, reserved
from sizer.schema.asked.parameter import Name, Names, Parameter
from sizer.structure.shape.faults import VALUE
from sizer.structure.toml.document import Document

TWICE = "SZ504"


@frozen(eq=False, repr=False)
class Written:
    """A definition as a file writes it, and the parameters of that file."""

    name: str
    text: str
    document: Document
    parameters: Mapping[str, Parameter]

    @property
    def source(self) -> Source:
        """Its text, and where that stands."""
        found = self.document.source(("metrics", self.name))
        return Source(*found) if found else Source(self.text, lambda *_: self.place())

    @property
    def reads(self) -> frozenset[str]:
        """The words of its text."""
        return frozenset(token.text for token in tokens(self.text) if token.kind == "name")

    def place(self) -> Place | None:
        """Return where its name stands."""
        return self.document.place(("metrics", self.name), key=True)

    def means_as(self, other: Written) -> bool:
        """Return whether another file says the same."""
        mine, theirs = self.parameters, other.parameters
        return self.text == other.text and all(
            mine.get(word) == theirs.get(word) for word in self.reads
        )


@frozen(eq=False, repr=False)
class Defined:
    """What names mean where they stand, their values as expressions, and every fault."""

    names: Names = field(default=Factory(dict))
    expressions: Mapping[str, Expression] = field(default=Factory(dict))
    faults: tuple[Diagnostic, ...] = ()


def written_by(
    document: Document, texts: Mapping[str, str], parameters: Mapping[str, Parameter]
) -> Iterator[Written]:
    """Yield what a file defines."""
    for name, text in texts.items():
        yield Written(name, text, document, parameters)


def redefined(first: Written, second: Written) -> Iterator[Diagnostic]:
    """Yield a fault for a name that two files define differently."""
    if not second.means_as(first):
        place = first.place()
        help_ = f"the other is at {place.file}:{place.line}" if place else None
        said = f"two files define metric {second.name!r} differently"
        yield Diagnostic(TWICE, said, second.place(), help_)


def hidden(found: Mapping[str, Written], parameters: Settings) -> Iterator[Diagnostic]:
    """Yield a fault for each name that means something else, or that no expression could read."""
    for name, each in found.items():
        taken = "parameter" if name in parameters else reserved(name)
        if taken:
            said = f"own metric {name!r} has the name of a {taken}"
            yield Diagnostic(VALUE, said, each.place(), f"call it `our_{name}`, for example")
        elif not re.fullmatch(NAME, name):
            said = f"{name!a} is not a name for a metric"
            help_ = "write small letters, digits and underscores, like `tokens_per_usd`"
            yield Diagnostic(VALUE, said, each.place(), help_)


def defined(found: Mapping[str, Written], metrics: Names) -> Defined:
    """Check every definition, what it reads before itself."""
    faults: list[Diagnostic] = []
    found = {name: each for name, each in found.items() if not reserved(name)}
    names: dict[str, Name] = {name: _stand_in(name) for name in found}
    expressions: dict[str, Expression] = {}
    broken: set[str] = set()
    for name in _ordered(found, faults, broken):
        each = found[name]
        try:
            meant = {**metrics, **names, **each.parameters}
            names[name], expressions[name] = compile_definition(name, each.source, meant)
        except Problem as problem:
            faults.extend(_own_faults(problem, consequence=bool(each.reads & broken)))
            broken.add(name)
    return Defined(names, expressions, tuple(faults))


def _own_faults(problem: Problem, *, consequence: bool) -> list[Diagnostic]:
    """Return the faults of a definition, without what follows from one that it reads."""
    return [each for each in problem.diagnostics if not consequence or each.code != CONSTANT]


def _stand_in(name: str) -> Name:
    """Return a number of any unit: what is at fault is said once, not where it is read."""
    return Parameter(name, 1.0)


def _ordered(
    found: Mapping[str, Written], faults: list[Diagnostic], broken: set[str]
) -> Iterator[str]:
    """Yield names after those that they read; what reads itself is noted and left out."""
    reads = {name: sorted(each.reads & found.keys()) for name, each in found.items()}
    while len(faults) < MOST_OF_A_KIND:
        try:
            yield from TopologicalSorter(reads).static_order()
        except CycleError as error:
            circle: list[str] = error.args[1][::-1]
            broken.update(circle)
            faults.append(_circular(found[circle[0]], circle))
            reads = {
                name: [each for each in read if each not in circle]
                for name, read in reads.items()
                if name not in circle
            }
        else:
            return


def _circular(first: Written, circle: list[str]) -> Diagnostic:
    source = first.source
    at = next(token for token in tokens(first.text) if token.text == circle[1])
    said = f"own metric {first.name!r} reads itself: {' -> '.join(circle)}"
    return Diagnostic(REFUSED, said, source.place(*at.span), "define one of them by metrics alone")

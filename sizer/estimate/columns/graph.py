"""Which terms a set of names needs, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import TopologicalSorter
from inspect import signature

from sizer.estimate.columns.quantity import Term


@cache
def reads(term: Term) -> tuple[str, ...]:
    """Return the columns that a term reads: the names of its parameters."""
    return tuple(signature(term).parameters)


def by_name(terms: Iterable[Term]) -> dict[str, Term]:
    """Return terms by the metric that each computes."""
    return {term.__name__: term for term in terms}


def plan(terms: Mapping[str, Term], given: frozenset[str], wanted: Iterable[str]) -> list[Term]:
    """Return the terms that `wanted` needs, each after those that it reads.

    Raises LookupError when a name is neither a term nor given.
    """
    needs: dict[str, tuple[str, ...]] = {}
    pending = [name for name in wanted if name not in given]
    while pending:
        name = pending.pop()
        if name in needs:
            continue
        if name not in terms:
            raise LookupError(f"no term and no input is called {name!r}")
        needs[name] = reads(terms[name])
        pending.extend(each for each in needs[name] if each not in given)
    return [terms[name] for name in TopologicalSorter(needs).static_order() if name in needs]


def following(terms: Iterable[Term], facts: frozenset[str]) -> list[Term]:
    """Return those of planned terms that read nothing but facts and one another."""
    known, found = set(facts), list[Term]()
    for term in terms:
        if known.issuperset(reads(term)):
            known.add(term.__name__)
            found.append(term)
    return found

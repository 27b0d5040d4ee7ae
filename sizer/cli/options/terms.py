"""`--provider`, `--region` and `--term`: whose prices count, in place of the profile's."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any, get_args

from attrs import evolve

from sizer.diagnostic import problem
from sizer.schema.asked.profile import Term

if TYPE_CHECKING:  # the parser alone loads no questions
    from sizer.load import Question

UNKNOWN = "SZ704"
NAMES = ("provider", "region", "term")


def declare(parser: ArgumentParser) -> None:
    """Declare the options."""
    for name, metavar, help_ in (
        ("provider", "NAME", "whose prices count, in place of `fleet.provider`"),
        ("region", "NAME", "where prices hold, in place of `fleet.region`"),
    ):
        parser.add_argument(f"--{name}", metavar=metavar, help=help_)
    help_ = "which prices count, in place of `fleet.term`"
    parser.add_argument("--term", choices=get_args(Term), help=help_)


def given(arguments: Namespace) -> dict[str, Any]:
    """Return the terms that stand on the command line."""
    return {name: getattr(arguments, name) for name in NAMES if getattr(arguments, name)}


def on_terms(question: Question, arguments: Namespace) -> Question:
    """Return a question on the terms of the command line.

    Raises Problem (SZ704) for a provider or region that no price names.
    """
    terms = given(arguments)
    if not terms:
        return question
    for name in ("provider", "region"):
        if name in terms:
            _refuse_unknown(name, terms[name], question)
    profile = question.profile
    return evolve(question, profile=evolve(profile, fleet=evolve(profile.fleet, **terms)))


def _refuse_unknown(kind: str, name: str, question: Question) -> None:
    from sizer.catalog.prices import providers, regions, same
    from sizer.structure.nearest import did_you_mean, listed

    known = providers() if kind == "provider" else regions()
    known = tuple({*known, *(getattr(each, kind) for each in question.prices.prices)} - {""})
    if not any(same(name, each) for each in known):
        hint = did_you_mean(name, known) or f"one of {listed(known)}"
        raise problem(UNKNOWN, f"unknown {kind} {name!r}", hint=hint)

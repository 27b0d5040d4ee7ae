"""All that decides an answer but the estimator, held in memory so that parts can be exchanged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from sizer.catalog.lookup import Found, Unknown
from sizer.diagnostic import Problem
from sizer.load import Question
from sizer.lock.entry import locked_answer
from sizer.lock.facts import Recording
from sizer.pipeline import size
from sizer.resolve.facts import Facts
from sizer.resolve.fleet import offers
from sizer.schema.answered.lock import LockedAnswer, PatternKind
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.facts.price import Price, Terms

Answers = Mapping[str, LockedAnswer]
Fact = TypeVar("Fact")


@frozen(eq=False)
class Setup:
    """A question with every fact that answering it read, each under the name that was asked."""

    question: Question
    models: Mapping[str, Found[Model]]
    gpus: Mapping[str, Found[Gpu]]
    sold: Mapping[tuple[str, Terms], tuple[Price, ...]]
    patterns: Mapping[tuple[PatternKind, str], tuple[str, ...]]

    @classmethod
    def of(cls, question: Question, facts: Recording) -> Setup:
        """Return the setup of a profile that was answered."""
        return cls(question, facts.models, facts.gpus, facts.sold, facts.patterns)


def answers(setup: Setup, other: Setup) -> Answers:
    """Return the answers of a setup, with facts that it lacks from the other.

    A mixture of two profiles may ask for what cannot be; then there are no answers.
    """
    try:
        report = size(setup.question, facts=held(setup, other))
    except Problem:
        return {}
    return {each.model: locked_answer(each) for each in report.answers}


def costs(setup: Setup) -> Mapping[str, tuple[Price, ...]]:
    """Return what is sold of each accelerator of a setup."""
    question = setup.question
    found = offers(question.profile.fleet, held(setup, setup), question.prices)
    return {each.gpu.name: each.prices for each in found}


def held(setup: Setup, other: Setup) -> Facts:
    """Return the facts of a setup, and behind them those of another."""
    return _Held(setup, other)


@frozen(eq=False)
class _Held:
    first: Setup
    second: Setup

    def model(self, name: str, _: Path | None) -> Found[Model]:
        return _found(name, self.first.models, self.second.models)

    def gpu(self, name: str) -> Found[Gpu]:
        return _found(name, self.first.gpus, self.second.gpus)

    def gpus_of(self, pattern: str) -> tuple[str, ...]:
        return self._stood_for("accelerator", pattern)

    def models_of(self, pattern: str) -> tuple[str, ...]:
        return self._stood_for("model", pattern)

    def _stood_for(self, kind: PatternKind, name: str) -> tuple[str, ...]:
        asked = (kind, name)
        found = self.first.patterns.get(asked) or self.second.patterns.get(asked)
        if found is None:
            raise Unknown(f"neither side knows {name!r}")
        return found

    def prices(self, gpu: str, terms: Terms) -> tuple[Price, ...]:
        asked = (gpu, terms)
        return self.first.sold.get(asked) or self.second.sold.get(asked) or ()


def _found(
    name: str, first: Mapping[str, Found[Fact]], second: Mapping[str, Found[Fact]]
) -> Found[Fact]:
    found = first.get(name) or second.get(name)
    if found is None:
        raise Unknown(f"neither side knows {name!r}")
    return found

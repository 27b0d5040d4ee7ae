"""Where the rules of an answer come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sizer.diagnostic import Place
from sizer.load import Question
from sizer.load.rules import place_of
from sizer.resolve import Resolved
from sizer.schema.answered.report import ALL_MODELS, Answer, RuleSource
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys


def rule_sources(question: Question) -> tuple[RuleSource, ...]:
    """Return every file that a question extends, with what it says of itself."""
    return tuple(_source(document, question) for document in question.files)


def rule_places(question: Question, answers: Iterable[Answer]) -> dict[str, Place]:
    """Return where each condition stands that answers speak of: rules by id, `where` by text."""
    spoken = {label for answer in answers for label in _labels(answer)}
    found: dict[str, Place] = {}
    for label, keys in _conditions(question):
        place = place_of(question.document, question.origins, keys) if label in spoken else None
        if place is not None:
            found[label] = place
    return found


def model_places(question: Question, resolved: Resolved) -> dict[str, Place]:
    """Return where each model is asked for."""
    found: dict[str, Place] = {}
    across = question.place(("select", "across"))
    if resolved.scenario.across and across is not None:
        found[ALL_MODELS] = across
    for name, index in zip(resolved.models, resolved.asked_by, strict=False):
        place = question.place(("models", index, "name"))
        if place is not None:
            found[name] = place
    return found


def _source(document: Document, question: Question) -> RuleSource:
    data = document.data
    count = sum(origin.document is document for origin in question.origins)
    about = (data.get("version"), data.get("owner"), data.get("description"))
    return RuleSource(document.file, *about, rules=count)


def _conditions(question: Question) -> Iterator[tuple[str, Keys]]:
    for index in range(len(question.profile.select.where)):
        yield question.policy.where[index].text, ("select", "where", index)
    for index, rule in enumerate(question.profile.rule):
        yield rule.id, ("rule", index, "require")


def _labels(answer: Answer) -> Iterator[str]:
    if answer.chosen:
        yield from (finding.rule for finding in answer.chosen.findings)
    if answer.near_miss:
        yield from (bound.condition for bound in answer.near_miss.bounds)

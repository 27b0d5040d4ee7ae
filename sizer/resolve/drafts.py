"""Who drafts tokens: modules of each model, or a draft of its own, found by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from attrs import evolve, frozen

from sizer.catalog.acceptance import Curve, curve_of, find_curve
from sizer.catalog.formats import find_weight_format
from sizer.catalog.lookup import Unknown
from sizer.diagnostic import Diagnostic, Place
from sizer.resolve.facts import Facts
from sizer.schema.answered.drafting import CurveTaken, UnknownAcceptance, UnscoredDrafts
from sizer.schema.asked.profile import ModelAsk
from sizer.schema.asked.serving import (
    NAMED_DRAFT,
    OF_CHECKPOINT,
    Engine,
    Speculative,
)
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Draft

CODE = "SZ104"
UNKNOWN_MODEL = "SZ702"
TABLE = ("engine", "speculative")
PlaceOf = Callable[[tuple[str | int, ...]], Place | None]
DraftNote = CurveTaken | UnknownAcceptance | UnscoredDrafts
SCORED = "mtp"  # whose times tests/accuracy/score_speculation.py holds against measurements


@frozen
class Drafting:
    """Who drafts, by how many tokens: each number is a candidate.

    `drafts` has one of each number that is not 0, whose acceptance is that of no model yet.
    """

    asked: Speculative
    drafts: tuple[Draft | None, ...] = (None,)

    def of(self, model: str) -> Iterator[Draft | None]:
        """Yield who drafts for a model, and how much of it is accepted, for each number."""
        for draft in self.drafts:
            yield draft and evolve(draft, acceptance_length=self._accepted(model, draft))

    def engines(self, engine: Engine) -> tuple[Engine, ...]:
        """Return the engine with each number of drafted tokens."""
        if self.asked.method is None:
            return (engine,)
        return tuple(engine.drafting(each.tokens if each else 0) for each in self.drafts)

    def notes(self, models: Sequence[tuple[ModelAsk, Model]]) -> Iterator[DraftNote]:
        """Yield where acceptance comes from, where it is not known, and what nobody measured."""
        method = self.asked.method
        if method and method != SCORED and any(self.drafts):
            yield UnscoredDrafts(method, SCORED)
        for _, model in models if method else ():
            for draft in filter(None, self.of(model.name)):
                curve = self._curve(model.name)
                if draft.acceptance_length is None:
                    beyond = curve.name if curve else None
                    yield UnknownAcceptance(model.name, draft.method, draft.tokens, beyond)
                elif curve and not self.asked.acceptance_length:
                    asked = self.asked.acceptance_curve is not None
                    about = curve.name, curve.measured_on, curve.dataset
                    yield CurveTaken(model.name, *about, asked=asked)

    def _accepted(self, model: str, draft: Draft) -> float | None:
        given = self.asked.accepted(draft.tokens)
        if given is not None:
            return given
        curve = self._curve(model)
        return None if curve is None else curve.at(draft.tokens)

    def _curve(self, model: str) -> Curve | None:
        if self.asked.acceptance_curve is not None:
            return find_curve(self.asked.acceptance_curve)
        return curve_of(model, self.asked.method) if self.asked.method else None


def drafting_of(asked: Speculative, folder: Path | None, facts: Facts) -> Drafting:
    """Return who drafts. Raises Unknown for a draft, or a curve, that nobody knows."""
    if asked.method is None:
        return Drafting(asked)
    model = weights = None
    if asked.model is not None:
        model = facts.model(asked.model, folder).value
        weights = find_weight_format(model.weights)
    if asked.acceptance_curve is not None:
        find_curve(asked.acceptance_curve)
    method = asked.method
    drafts = (Draft(method, each, model, weights) if each else None for each in asked.tokens)
    return Drafting(asked, tuple(drafts))


def draft_faults(
    asked: Speculative,
    models: Iterable[Model],
    folder: Path | None,
    facts: Facts,
    place: PlaceOf = lambda _: None,
) -> Iterator[Diagnostic]:
    """Yield why tokens cannot be drafted as it is asked for, at its place."""
    if asked.method is None:
        if asked != Speculative():
            said, hint = "nobody drafts without a method", 'write `method = "mtp"`, or another'
            yield Diagnostic(CODE, said, place(TABLE), hint)
        return
    yield from _acceptance_faults(asked, place)
    if asked.method in NAMED_DRAFT and asked.model is None:
        said = f"{asked.method} needs the structure of its draft"
        yield Diagnostic(
            CODE, said, place((*TABLE, "method")), 'write `model = "ORG/DRAFT"` beside'
        )
    elif asked.method in {"mtp", "ngram"} and asked.model is not None:
        said = f"{asked.method} has no draft of its own"
        hint = "leave `model` out, or name another `method`"
        yield Diagnostic(CODE, said, place((*TABLE, "model")), hint)
    elif asked.method in OF_CHECKPOINT and asked.model is None:
        yield from _without_modules(models, place)
    elif asked.model is not None:
        try:
            facts.model(asked.model, folder)
        except Unknown as unknown:
            where = place((*TABLE, "model"))
            yield Diagnostic(unknown.code or UNKNOWN_MODEL, str(unknown), where, unknown.hint)


def _without_modules(models: Iterable[Model], place: PlaceOf) -> Iterator[Diagnostic]:
    for model in models:
        if not model.draft_parameters:
            said = f"{model.name} has no modules for multi-token prediction"
            hint = 'write `method = "draft_model"` and name a smaller model'
            yield Diagnostic(CODE, said, place((*TABLE, "method")), hint)


def _acceptance_faults(asked: Speculative, place: PlaceOf) -> Iterator[Diagnostic]:
    """Yield acceptance that cannot be: of other numbers of tokens, too long, or of no curve."""
    where = place((*TABLE, "acceptance_length"))
    drafting = [each for each in asked.tokens if each]
    given = asked.acceptance_length
    if given and len(given) not in {1, len(asked.tokens)}:
        said = f"{len(given)} acceptance lengths for {len(asked.tokens)} numbers of tokens"
        yield Diagnostic(CODE, said, where, "give one for each of `tokens`, `1` for none drafted")
        return
    if len(given) == 1 and len(drafting) > 1:
        said = f"one acceptance length for {len(drafting)} numbers of tokens"
        yield Diagnostic(CODE, said, where, "give one for each of `tokens`, `1` for none drafted")
        return
    for tokens in asked.tokens if given else ():
        length = given[asked.tokens.index(tokens)] if len(given) > 1 else asked.accepted(tokens)
        if length is not None and length > tokens + 1:
            said = f"a step that drafts {tokens} yields no more than {tokens + 1}, not {length:g}"
            hint = "`acceptance_length` counts the model's own token and those accepted"
            yield Diagnostic(CODE, said, where, hint)
    if asked.acceptance_curve is not None:
        yield from _curve_faults(asked, place)


def _curve_faults(asked: Speculative, place: PlaceOf) -> Iterator[Diagnostic]:
    where = place((*TABLE, "acceptance_curve"))
    if asked.acceptance_length:
        said = "acceptance_length and acceptance_curve say the same"
        yield Diagnostic(CODE, said, where, "leave one of them out")
    try:
        find_curve(str(asked.acceptance_curve))
    except Unknown as unknown:
        yield Diagnostic(CODE, str(unknown), where, unknown.hint)

"""Which models can take a load: the others' contexts end before its longest sequence does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from sizer.resolve.candidates import Asked
from sizer.resolve.fleet import Offer
from sizer.resolve.models import weight_formats
from sizer.resolve.proposals import proposals
from sizer.resolve.splits import runs_on
from sizer.schema.answered.assumption import ShortContext
from sizer.schema.answered.report import Unproposed
from sizer.schema.asked.lengths import answers, context, prompts
from sizer.schema.asked.profile import Fleet
from sizer.schema.asked.serving import Workload
from sizer.schema.facts.model import Model

Short = Mapping[str, tuple["Excess", ...]]


@frozen
class Excess:
    """A sequence of a load that is longer than a model's context; `key` is where it is asked."""

    key: str
    tokens: int


def too_short(models: Iterable[Asked], work: Workload) -> Short:
    """Return by name the models whose context does not hold a load, and what is too long."""
    found = {model.name: tuple(_excesses(work, model)) for _, model in models}
    return {name: each for name, each in found.items() if each}


def context_notes(models: Iterable[Asked], short: Short) -> Iterator[ShortContext]:
    """Yield each model that has no candidate as its context is too short."""
    for _, model in models:
        for each in short.get(model.name, ())[:1]:
            yield ShortContext(model.name, model.max_context or 0, each.tokens)


def unproposed_of(asked: Asked, fleet: list[Offer], asks: Fleet) -> tuple[Unproposed, ...]:
    """Return every split of a model, as it is no candidate under a load that is too long."""
    ask, model = asked
    count = sum(
        sum(1 for _ in proposals(model, form, offer.gpu, asks))
        for form in weight_formats(ask, model)
        for offer in fleet
        if runs_on(form, offer.gpu)
    )
    return (Unproposed("short context", count),) if count else ()


def _excesses(work: Workload, model: Model) -> Iterator[Excess]:
    """Yield what of a load is longer than a model's context."""
    longest = max(prompts(work).means) + max(answers(work).means)
    named = "input_tokens_percentiles" if work.input_tokens_percentiles else "input_tokens"
    asked = [Excess("max_context", work.max_context or 0), Excess(named, longest)]
    if work.max_context is None:
        asked = [Excess(named, context(work))]
    yield from (each for each in asked if model.max_context and each.tokens > model.max_context)

"""Who drafts tokens: modules of each model, or a draft of its own, found by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sizer.catalog.formats import find_weight_format
from sizer.catalog.lookup import Unknown
from sizer.diagnostic import Diagnostic, Place
from sizer.resolve.facts import Facts
from sizer.schema.asked.serving import LIKE_THE_MODEL, NAMED_DRAFT, Speculative
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Draft

CODE = "SZ104"
UNKNOWN_MODEL = "SZ702"
TABLE = ("engine", "speculative")
PlaceOf = Callable[[tuple[str | int, ...]], Place | None]


def draft_of(asked: Speculative, folder: Path | None, facts: Facts) -> Draft | None:
    """Return who drafts, None where nobody does. Raises Unknown for a draft that nobody knows."""
    if asked.method is None:
        return None
    if asked.model is None:
        return Draft(asked.method, asked.tokens)
    model = facts.model(asked.model, folder).value
    return Draft(asked.method, asked.tokens, model, find_weight_format(model.weights))


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
    if asked.method in NAMED_DRAFT and asked.model is None:
        said = f"{asked.method} needs the structure of its draft"
        yield Diagnostic(
            CODE, said, place((*TABLE, "method")), 'write `model = "ORG/DRAFT"` beside'
        )
    elif asked.method not in NAMED_DRAFT | LIKE_THE_MODEL and asked.model is not None:
        said = f"{asked.method} has no draft of its own"
        hint = "leave `model` out, or name another `method`"
        yield Diagnostic(CODE, said, place((*TABLE, "model")), hint)
    elif asked.method == "mtp":
        for model in models:
            if not model.draft_parameters:
                said = f"{model.name} has no modules for multi-token prediction"
                hint = 'write `method = "draft_model"` and name a smaller model'
                yield Diagnostic(CODE, said, place((*TABLE, "method")), hint)
    else:
        try:
            draft_of(asked, folder, facts)
        except Unknown as unknown:
            where = place((*TABLE, "model"))
            yield Diagnostic(unknown.code or UNKNOWN_MODEL, str(unknown), where, unknown.hint)

"""The policy of a question, or everything that is wrong with the question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import evolve

from sizer.diagnostic import Diagnostic, Problem, in_order
from sizer.expr.check import NO_NAMES, Draft, Policy, draft_policy
from sizer.expr.text import Source
from sizer.load.consistency.findings import together
from sizer.load.names.names import careful_names, vocabulary
from sizer.load.rules.definitions import defined
from sizer.load.rules.extends import Shared
from sizer.load.rules.origins import source_of
from sizer.load.rules.selection import EVERY, Selection
from sizer.schema.asked.parameter import Names
from sizer.schema.asked.profile import DEFAULT_SORT, Profile
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys


def checked_policy(
    document: Document,
    profile: Profile,
    shared: Shared,
    faults: list[Diagnostic],
    selection: Selection = EVERY,
    folder: Path | None = None,
) -> Policy:
    """Return the policy of a profile; `faults` were found before.

    `folder` is where relative paths of a profile that asks a question start.

    Raises Problem if it or they have an error: with all of both, and with what the selected
    conditions show together.
    """

    def text_at(keys: Keys) -> Source | None:
        return source_of(document, shared.origins, keys)

    def parameters_of(keys: Keys) -> Names:
        match keys:
            case ("rule", int(index), *_):
                return {**own.names, **shared.origins[index].parameters}
        return {**own.names, **shared.parameters}

    own = defined(shared.metrics, vocabulary())
    draft = draft_policy(
        profile.select,
        shared.rules,
        text_at,
        vocabulary(),
        parameters_of,
        profile.waiver,
        careful_names(vocabulary()) if profile.estimator.confidence else NO_NAMES,
        serving=folder is not None,
        timed=_is_timed(profile),
    )
    found = [*faults, *own.faults, *draft.faults]
    if any(each.severity == "error" for each in found):
        sound = not any(each.severity == "error" for each in faults)
        asked = (profile, folder) if sound and folder else None
        if not own.faults:
            found += _together(draft, document, shared, selection, asked)
        raise Problem(tuple(in_order(found)))
    unasked = document.value(("select", "sort")) is None and profile.select.sort == DEFAULT_SORT
    return evolve(draft.policy(), metrics=own.expressions, unasked_sort=unasked)


def _is_timed(profile: Profile) -> bool:
    """Whether times are known as far as the engine goes."""
    if profile.engine.untimed or not profile.engine.lacks_acceptance:
        return not profile.engine.untimed
    from sizer.catalog.acceptance import curve_of  # noqa: PLC0415  # few profiles draft

    method = profile.engine.speculative.method
    return method is not None and all(curve_of(each.name, method) for each in profile.models)


def _together(
    draft: Draft,
    document: Document,
    shared: Shared,
    selection: Selection,
    asked: tuple[Profile, Path] | None,
) -> Iterator[Diagnostic]:
    kept = [index for index, each in enumerate(draft.rules) if selection.takes(each.rule)]
    chosen = evolve(draft, rules=tuple(draft.rules[index] for index in kept))
    origins = tuple(shared.origins[index] for index in kept)
    return together(chosen, document, origins, asked)

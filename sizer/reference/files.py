"""The reference command's files and flags: answered, or turned into a profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.reference.architecture import token_key
from sizer.reference.judgement import judged
from sizer.reference.lengths import Lengths
from sizer.reference.request import Home, Item, Request, named
from sizer.render.report import assumption_text, render_outcomes, summary
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.asked.profile import Profile
from sizer.structure.files.json_document import JsonDocument
from sizer.structure.toml.path import Path as Keys

TOKEN = "hf_token"  # noqa: S105  # the name of a key
LIBRARY = "--gpu-library"
LIKE = 'like [{"name": "..."}]'


@frozen(eq=False)
class Files:
    """Models, and accelerators: in a file, or of the catalog with those of a file beside them."""

    models: JsonDocument
    gpus: JsonDocument | None = None
    library: Sequence[str] = ()


@frozen
class Flags:
    """What the reference command's flags say; latency in milliseconds, lengths in tokens."""

    latency_bound_ms: float | None = None
    precision: str = "fp16"
    batch_size: int = 1
    lengths: Lengths = Lengths()


@frozen
class Recommended:
    """The JSON, a line on each model, and whether every model has a recommendation."""

    text: str
    summaries: tuple[str, ...]
    complete: bool


def import_profile(files: Files, flags: Flags = Flags()) -> Profile:
    """Return the profile that files and flags ask.

    Raises Problem with every fault of the files, each at its own place.
    """
    return _request(files, flags).question().profile


def recommend_json(
    files: Files,
    flags: Flags = Flags(),
    facts: Facts = CATALOG,
) -> Recommended:
    """Return the reference command's answer.

    Raises Problem with every fault of the files, each at its own place.
    """
    found = judged(_request(files, flags), facts)
    text = render_outcomes(
        found.outcomes, _parameters(flags), list(map(assumption_text, found.assumptions))
    )
    complete = all(each.qualified for each in found.outcomes)
    return Recommended(text, tuple(summary(each) for each in found.outcomes), complete)


def tokens(models: JsonDocument) -> dict[str, str]:
    """Return the tokens that a file gives for fetching its models, as the hub's door takes them."""
    items = models.data if isinstance(models.data, list) else []
    return {
        token_key(item["name"]): item[TOKEN]
        for item in items
        if isinstance(item, dict)
        and isinstance(item.get("name"), str)
        and isinstance(item.get(TOKEN), str)
    }


def _parameters(flags: Flags) -> dict[str, Any]:
    prompt, answer = flags.lengths.both()
    return {
        "precision": flags.precision,
        "batch_size": flags.batch_size,
        "latency_bound_ms": flags.latency_bound_ms,
        "input_length": prompt,
        "output_length": answer,
        "sequence_length": flags.lengths.context(),
    }


def _request(files: Files, flags: Flags) -> Request:
    faults: list[Diagnostic] = []
    models = _items(files.models, faults)
    given = [] if files.gpus is None else _items(files.gpus, faults)
    faults += _wrong_tokens(models)
    if faults:
        raise Problem(tuple(faults))
    flagged = [Item({"name": name}, named(LIBRARY)) for name in files.library]
    empty: dict[Keys, Home] = {("models",): _home(files.models, ())}
    if files.gpus is not None:
        empty["fleet",] = _home(files.gpus, ())
    return Request(
        models=[Item(_without_token(each.fields), each.home) for each in models],
        library=[*flagged, *(each for each in given if each.is_name)],
        custom=[each for each in given if not each.is_name],
        precision=flags.precision,
        batch_size=flags.batch_size,
        latency_bound_ms=flags.latency_bound_ms,
        lengths=flags.lengths,
        empty=empty,
    )


def _items(document: JsonDocument, faults: list[Diagnostic]) -> list[Item]:
    """Return the objects and names of a list, without what is null in them."""
    if not isinstance(document.data, list):
        said = "must be a list of objects or names"
        faults.append(Diagnostic("SZ101", said, document.place(()), LIKE))
        return []
    items = []
    for index, each in enumerate(document.data):
        home = _home(document, (index,))
        if isinstance(each, dict):
            fields = {key: value for key, value in each.items() if value is not None}
            items.append(Item(fields, home))
        elif isinstance(each, str):
            items.append(Item({"name": each}, home, is_name=True))
        else:
            said = "must be an object, or a name"
            faults.append(Diagnostic("SZ101", said, document.place((index,)), LIKE))
    return items


def _home(document: JsonDocument, start: Keys) -> Home:
    def place(keys: Keys, *, key: bool = False) -> Place:
        return document.place((*start, *keys), key=key)

    return place


def _wrong_tokens(models: list[Item]) -> Iterator[Diagnostic]:
    for each in models:
        token = each.fields.get(TOKEN)
        if token is not None and not (isinstance(token, str) and token.strip()):
            yield Diagnostic("SZ101", f"{TOKEN} must be a text", each.home((TOKEN,)))


def _without_token(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != TOKEN}

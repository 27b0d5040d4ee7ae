"""Names of models: any case, with or without the organisation, plain or quantised."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Entry = tuple[str, str | None]

# What repositories append to the name of the one that they were made from: formats, ...
FORMATS: Mapping[str, str] = {
    "4bit": "int4",
    "8bit": "int8",
    "awq": "awq",
    "bf16": "bf16",
    "bnb": "int4",
    "fp16": "fp16",
    "fp4": "nvfp4",
    "fp8": "fp8",
    "gptq": "gptq",
    "int4": "int4",
    "int8": "int8",
    "mxfp4": "mxfp4",
    "nvfp4": "nvfp4",
    "w4a16": "int4",
    "w8a16": "int8",
    "w8a8": "int8",
}
FOUR_BIT = frozenset({"awq", "gptq"})  # what `4bit` and `int4` behind them say once more
# ... how the format was made, and how the model was tuned; neither changes a shape.
WORDS = frozenset(
    [
        "base",
        "block",
        "chat",
        "dynamic",
        "hf",
        "instruct",
        "it",
        "kv",
        "mlperf",
        "mtp",
        "preview",
        "quantized",
        "static",
        "thinking",
    ]
)
_LAST = r"[-_.]([a-z0-9]+)$"
_REVISION = r"v\d|\d{4}"


def normalised(name: str) -> str:
    """Return the key of a name: lower case, no blanks at its ends."""
    return name.strip().lower()


def bare(name: str) -> str:
    """Return a name without its organisation."""
    return name.rpartition("/")[2]


def entry_of(name: str, index: Mapping[str, Entry]) -> tuple[Entry, str | None] | None:
    """Return the structure's file and format for a name, and how a derived name was read.

    A name with a revision is the hub's, never read by its endings.
    """
    key = normalised(name)
    if key in index:
        return index[key], None
    if "@" in key:
        return None
    for plain, form in _shortened(key):
        for each in (plain, f"{plain}-bf16", bare(plain)):
            if each in index:
                stem, own = index[each]
                kept = own if form is None or (form == "int4" and own in FOUR_BIT) else form
                return (stem, kept), f"{name}: read as {each} in {kept}, by its name"
    return None


def _shortened(key: str) -> Iterator[tuple[str, str | None]]:
    """Yield a name with less and less of its endings, and the format that they named.

    A revision counts as an ending only behind a format: `-v2` alone may be another model.
    """
    form: str | None = None
    revised = False
    while last := re.search(_LAST, key):
        word = last[1]
        revised = revised or bool(re.fullmatch(_REVISION, word))
        if word in FORMATS:
            form = FORMATS[word] if form in {None, "int4"} else form
        elif word not in WORDS and not re.fullmatch(_REVISION, word):
            return
        key = key[: last.start()]
        if form or not revised:
            yield key, form


def index_of(
    structures: Mapping[str, tuple[str, str, tuple[tuple[str, str], ...]]],
) -> dict[str, Entry]:
    """Return the index of structures given as {file stem: (name, format, aliases)}.

    A name without its organisation is entered only where it means one thing.
    """
    whole: dict[str, Entry] = {}
    for stem, (name, form, aliases) in structures.items():
        for each, own in ((name, form), *aliases):
            whole[normalised(each)] = (stem, own)
    short: dict[str, set[Entry]] = {}
    for key, entry in whole.items():
        short.setdefault(bare(key), set()).add(entry)
    single = {key: entries.pop() for key, entries in short.items() if len(entries) == 1}
    return dict(sorted((single | whole).items()))

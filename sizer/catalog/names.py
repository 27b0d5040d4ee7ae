"""Names of models: any case, with or without the organisation, plain or quantised."""

from __future__ import annotations

from collections.abc import Mapping

Entry = tuple[str, str | None]

# What quantised repositories append to the name of the one that they were made from.
SUFFIXES: Mapping[str, str] = {
    "-awq": "awq",
    "-awq-4bit": "awq",
    "-awq-int4": "awq",
    "-bf16": "bf16",
    "-bnb-4bit": "int4",
    "-fp4": "nvfp4",
    "-fp8": "fp8",
    "-fp8-block": "fp8",
    "-fp8-dynamic": "fp8",
    "-fp8-kv": "fp8",
    "-gptq": "gptq",
    "-gptq-int4": "gptq",
    "-gptq-int8": "int8",
    "-int4": "int4",
    "-int8": "int8",
    "-mxfp4": "mxfp4",
    "-nvfp4": "nvfp4",
    "-quantized.w4a16": "int4",
    "-quantized.w8a16": "int8",
    "-quantized.w8a8": "int8",
}


def normalised(name: str) -> str:
    """Return the key of a name: lower case, no blanks at its ends."""
    return name.strip().lower()


def bare(name: str) -> str:
    """Return a name without its organisation."""
    return name.rpartition("/")[2]


def entry_of(name: str, index: Mapping[str, Entry]) -> tuple[Entry, str | None] | None:
    """Return the structure's file and format for a name, and how a quantised name was read."""
    key = normalised(name)
    if key in index:
        return index[key], None
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        plain = key.removesuffix(suffix)
        found = index.get(plain) or index.get(bare(plain))
        if plain != key and found is not None:
            form = SUFFIXES[suffix]
            return (found[0], form), f"{name}: read as {plain} in {form}, by its name"
    return None


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

"""Names of models: any case, with or without the organisation, plain or quantised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

Entry = tuple[str, str | None]

# What repositories append to the name of the one that they were made from: formats, ...
FORMATS: Mapping[str, str] = {
    "4bit": "int4",
    "8bit": "int8",
    "autoround": "gptq",
    "awq": "awq",
    "bf16": "bf16",
    "bnb": "bnb-nf4",
    "fp16": "fp16",
    "fp4": "nvfp4",
    "fp8": "fp8",
    "fp8-kv": "fp8",
    "gguf": "q4_k_m",
    "gptq": "gptq",
    "gptq-4b": "gptq",
    "int4": "int4",
    "int8": "int8",
    "mxfp4": "mxfp4",
    "mxfp8": "mxfp8",
    "nf4": "bnb-nf4",
    "nvfp4": "nvfp4",
    "q2_k": "q2_k",
    "q3_k_m": "q3_k_m",
    "q4_0": "q4_0",
    "q4_k_m": "q4_k_m",
    "q5_k_m": "q5_k_m",
    "q6_k": "q6_k",
    "q8_0": "q8_0",
    "unquantized": "bf16",
    "w4a16": "int4",
    "w8a16": "int8",
    "w8a8": "int8",
}
# ... of which some give way to a format named before them: `-AWQ-INT4` is awq, `-NVFP4-FP8-KV`
# has an 8-bit cache. llama.cpp takes Q4_K_M from a repository of GGUF files that names no type.
YIELDING = frozenset({"4bit", "fp8-kv", "gguf", "int4"})
FOUR_BIT = frozenset({"awq", "gptq"})  # what `4bit` and `int4` behind them say once more
# ... how the format was made, and how the model was tuned; neither changes a shape.
WORDS = frozenset(
    [
        "block",
        "chat",
        "ct",
        "dynamic",
        "hf",
        "instruct",
        "it",
        "mlperf",
        "mlx",
        "mtp",
        "qat",
        "quantized",
        "static",
        "unsloth",
    ]
)
# Organisations that publish the models of others under the names that those have.
MIRRORS = frozenset(
    [
        "lmstudio-community",
        "modelscope",
        "neuralmagic",
        "nm-testing",
        "nousresearch",
        "redhatai",
        "unsloth",
        "unslothai",
    ]
)
_LAST = re.compile(r"[-_.:](fp8[-_]?kv|gptq[-_]4b|q\d_(?:k_[sml]|k|[01])|[a-z0-9]+)$")
# An 8-bit cache that engines take unasked; that of AMD's `-FP8-KV` has to be asked for.
_CACHE = re.compile(r"[-_.](?:nv)?fp4[-_]fp8[-_]?kv(?:[-_.]|$)")
_REVISION = r"v\d|\d{4}|preview"
_GROUP = r"\d{2,3}g"
_FAMILY = "meta-"  # names of Llama have it or not: Meta-Llama-3-8B, Llama-3.1-8B


@frozen
class Match:
    """The entry of the index that a name is taken as; `note` says how a derived name was read.

    `cache` is the format of the cache that the name states; `states_form` says that it states the
    format of its weights too.
    """

    key: str
    stem: str
    form: str | None
    note: str | None = None
    cache: str | None = None
    states_form: bool = False


def normalised(name: str) -> str:
    """Return the key of a name: lower case, no blanks at its ends."""
    return name.strip().lower()


def bare(name: str) -> str:
    """Return a name without its organisation."""
    return name.rpartition("/")[2]


def match_of(name: str, index: Mapping[str, Entry]) -> Match | None:
    """Return what a name, or else the one that it is derived from, is in the index.

    A name with a revision is the hub's, never read by its endings.
    """
    key = normalised(name)
    if key in index:
        return Match(key, *index[key])
    if "@" in key:
        return None
    for plain, form in _readings(key):
        for each in _spellings(plain):
            if each in index:
                stem, own = index[each]
                kept = own if form is None or (form == "int4" and own in FOUR_BIT) else form
                note = f"{name}: read as {each} in {kept}, by its name"
                cache = "fp8" if _CACHE.search(key) else None
                return Match(each, stem, kept, note, cache, form is not None)
    return None


def _readings(key: str) -> Iterator[tuple[str, str | None]]:
    """Yield the names that a name may stand for, each with the format that it adds."""
    if key.partition("/")[0] in MIRRORS or bare(key).startswith(_FAMILY):
        yield key, None
    yield from _shortened(key)


def _spellings(plain: str) -> Iterator[str]:
    """Yield the keys under which the index may have a name."""
    short = bare(plain)
    yield from (plain, f"{plain}-bf16", short)
    yield short.removeprefix(_FAMILY) if short.startswith(_FAMILY) else _FAMILY + short


def _shortened(key: str) -> Iterator[tuple[str, str | None]]:
    """Yield a name with less and less of its endings, and the format that they named.

    What is dated or a preview is a checkpoint of its own; only behind a format such a word is a
    revision of that format.
    """
    format_word: str | None = None
    revised = False
    while last := _LAST.search(key):
        word = _format_word(last[1])
        if word in FORMATS:
            format_word = word if format_word in {None, *YIELDING} else format_word
        elif re.fullmatch(_REVISION, word) and format_word is None:
            revised = True
        elif word not in WORDS and not re.fullmatch(_GROUP, word):
            return
        key = key[: last.start()]
        if format_word or not revised:
            yield key, FORMATS[format_word] if format_word else None


def _format_word(ending: str) -> str:
    return re.sub(r"^(fp8|gptq)[-_]?(?=kv|4b)", r"\1-", ending)


def index_of(structures: Mapping[str, Iterable[tuple[str, str]]]) -> dict[str, Entry]:
    """Return the index of structures given as {file stem: each (name, format)}.

    A name without its organisation is entered only where it means one thing.
    """
    whole: dict[str, Entry] = {}
    for stem, names in structures.items():
        for name, form in names:
            whole[normalised(name)] = (stem, form)
    short: dict[str, set[Entry]] = {}
    for key, entry in whole.items():
        short.setdefault(bare(key), set()).add(entry)
    single = {key: entries.pop() for key, entries in short.items() if len(entries) == 1}
    return dict(sorted((single | whole).items()))

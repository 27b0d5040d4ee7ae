"""Weight formats and cache formats by name; format_names has the names alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from sizer.catalog.format_names import choices_of, plain
from sizer.catalog.lookup import Unknown, several_widths
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.format import KvFormat, LoaderName, WeightFormat
from sizer.schema.facts.model import CacheAuthor, Model
from sizer.structure.facts import read_facts

FILE = Path(__file__).with_name("formats.toml")
T = TypeVar("T", bound=WeightFormat | KvFormat)
Release = tuple[int, int]

# The first release that takes what a checkpoint states, by engine and by who wrote it.
# vLLM: pull request 30785 (December 2025) for ModelOpt, 30141 (release notes of 0.15.0) for
# compressed-tensors. SGLang: configure_kv_cache_dtype looks at ModelOpt's alone; the releases
# before 0.5 did not have it. TensorRT-LLM: issue 8843 (its log says "using checkpoint KV
# quantization") and models/quant_config_utils.py; an engine file before 1.0 has its own.
TAKEN: Mapping[str, Mapping[CacheAuthor, Release]] = {
    "vllm": {"modelopt": (0, 14), "compressed-tensors": (0, 15)},
    "sglang": {"modelopt": (0, 5)},
    "trtllm": {"modelopt": (1, 0), "compressed-tensors": (1, 0)},
    "llamacpp": {},
    "tei": {},
    "infinity": {},
    "generic": {"modelopt": (0, 0), "compressed-tensors": (0, 0)},
}


@frozen(eq=False, repr=False)
class _Formats:
    weights: tuple[WeightFormat, ...]
    kv: tuple[KvFormat, ...]
    loaders: tuple[LoaderName, ...]


def find_weight_format(name: str) -> WeightFormat:
    """Return a weight format by name or alias.

    Raises Unknown with the nearest names, or with the formats that a loader's name may mean.
    """
    if choices := choices_of(name):
        said, help_ = several_widths(name, choices)
        raise Unknown(said, help=help_)
    return _found("weight format", name, _formats().weights)


def find_kv_format(name: str) -> KvFormat:
    """Return a cache format by name or alias.

    Raises Unknown with the nearest names.
    """
    return _found("cache format", name, _formats().kv)


def own_cache(model: Model, weights: WeightFormat, engine: Engine) -> str:
    """Return the cache format that an engine takes unasked for a model in a weight format.

    That is what the checkpoint states, if the engine looks at it; else that of the activations,
    which are those of the checkpoint where it is 16 bit wide.
    """
    own = weights.name == model.weights
    if own and model.kv_cache is not None and _takes(engine, model.kv_cache_by):
        return model.kv_cache
    if weights.compute == "fp32":
        return "fp32"
    half = weights.name == "fp16" or engine.name == "llamacpp"  # whose default is f16
    return "fp16" if half else "bf16"


def build_names() -> str:
    """Return what format_names.json must hold, from the formats themselves."""
    tables: dict[str, tuple[WeightFormat | KvFormat, ...]]
    tables = {"weights": _formats().weights, "kv": _formats().kv}
    names: dict[str, dict[str, tuple[str, ...]]]
    names = {table: {each.name: each.aliases for each in of} for table, of in tables.items()}
    loaders = {called: each for each in _formats().loaders for called in (each.name, *each.aliases)}
    names["loaders"] = {called: each.choices for called, each in loaders.items()}
    return json.dumps(names, indent=1) + "\n"


def _takes(engine: Engine, author: CacheAuthor) -> bool:
    """Return whether an engine's release, or a current one, takes what a tool stated."""
    since = TAKEN[engine.name].get(author)
    return since is not None and (engine.release is None or engine.release >= since)


def _named(formats: Iterable[T]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for form in formats:
        found.update(dict.fromkeys(map(plain, (form.name, *form.aliases)), form))
    return found


def _found(what: str, name: str, formats: Iterable[T]) -> T:
    known, key = _named(formats), plain(name)
    if key not in known:
        raise Unknown(f"unknown {what} {name!r}", partial(_near, key, known))
    return known[key]


def _near(key: str, known: Mapping[str, object]) -> tuple[str, ...]:
    from difflib import get_close_matches  # noqa: PLC0415  # `sizer check` never needs it

    return tuple(get_close_matches(key, known, n=3))


@cache
def _formats() -> _Formats:
    return read_facts(FILE.read_text("utf-8"), _Formats)

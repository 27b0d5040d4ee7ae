"""A checkpoint's small files and weights as a model: of the hub's, or of a folder's."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from attrs import evolve

from sizer.catalog.config.families import UnknownFamily
from sizer.catalog.config_json import read_config
from sizer.catalog.plain_decoder import read_usual
from sizer.catalog.safetensors import Stored
from sizer.schema.facts.model import Model

CONFIG = "config.json"
POOLED = "config_sentence_transformers.json"  # it says how tokens become one vector
SIDE_FILES = (
    "generation_config.json",
    "hf_quant_config.json",
    "quantize_config.json",
    "quant_config.json",
    POOLED,
)
INDEX = "model.safetensors.index.json"
MOST_FILE_BYTES = 4 * 2**20
MOST_INDEX_BYTES = 64 * 2**20
MOST_SHARDS = 2048
PLAIN = frozenset({"F64", "F32", "F16", "BF16"})  # one element is one parameter
CLOSE = 0.01
_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


class OutsideFolder(ValueError):  # noqa: N818  # it names what the file does
    """An index names a file outside its folder."""


def json_object(content: bytes) -> dict[str, Any]:
    """Return the JSON object in a file.

    Raises ValueError saying what is wrong with it.
    """
    try:
        found = json.loads(content.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except ValueError as error:
        raise ValueError(f"it is not a JSON text in UTF-8 ({error})") from None
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004  # bad file
    return found


def shards_at_the_top(names: Collection[str]) -> list[str]:
    """Return the safetensors files of a model without an index.

    Raises ValueError for more files than any model has.
    """
    found = {name for name in names if name.endswith(".safetensors") and "/" not in name}
    plain = {name for name in found if name.startswith("model")} or found
    return _bounded(name for name in plain if _SAFE.fullmatch(name))


def shards_of_index(index: Mapping[str, Any], names: Collection[str]) -> list[str]:
    """Return the safetensors files that an index names.

    Raises OutsideFolder for one outside the folder, ValueError for what is no index of these files.
    """
    placed = index.get("weight_map")
    if not isinstance(placed, dict) or not placed:
        raise ValueError("it places no tensors")
    shards = {str(name) for name in placed.values()}
    wrong = sorted(name for name in shards if not _SAFE.fullmatch(name))
    if wrong:
        raise OutsideFolder(f"it names the file {wrong[0][:80]!a}")
    absent = sorted(shards - set(names))
    if absent:
        raise ValueError(f"it names {absent[0][:80]}, which is not there")
    return _bounded(shards)


def _bounded(shards: Iterable[str]) -> list[str]:
    found = sorted(shards)
    if len(found) > MOST_SHARDS:
        raise ValueError(f"it names {len(found):,} weight files; at most {MOST_SHARDS:,} are read")
    return found


def read_checkpoint(files: Mapping[str, str], weights: Stored | None, name: str) -> Model:
    """Return the structure that the small files and the weights' headers describe.

    Raises ValueError as read_config does.
    """
    config = _with_quantisation(files)
    try:
        model = read_config(config, name)
    except UnknownFamily:
        model = read_usual(config, weights, name)
    if POOLED in files:
        model = evolve(model, task="embed")
    if weights is None:
        return model
    total = weights.total if {dtype for dtype, _ in weights.elements} <= PLAIN else None
    note = _difference(model, total)
    return evolve(
        model,
        parameters_by_dtype=weights.elements,
        known_parameters=total,
        note="; ".join(each for each in (model.note, note) if each),
    )


def _with_quantisation(files: Mapping[str, str]) -> dict[str, Any]:
    """Return config.json, with the quantisation that some tools write beside it."""
    config = json_object(files[CONFIG].encode())
    if config.get("quantization_config"):
        return config
    side = {name: json_object(text.encode()) for name, text in files.items() if name != CONFIG}
    if "hf_quant_config.json" in side:
        return {**config, "quantization_config": side["hf_quant_config.json"].get("quantization")}
    if "quantize_config.json" in side:
        found = side["quantize_config.json"]
        return {**config, "quantization_config": {"quant_method": "gptq", **found}}
    if "quant_config.json" in side:
        found = side["quant_config.json"]
        bits = {"bits": found["w_bit"]} if "w_bit" in found else {}
        return {**config, "quantization_config": {"quant_method": "awq", **found, **bits}}
    return config


def _difference(model: Model, total: int | None) -> str:
    """Return how far the weights are from what config.json implies, if that is worth a word.

    Drafts are stored and not loaded; an output projection that is tied may be stored twice.
    """
    if not total:
        return ""
    implied = model.parameters + model.draft_parameters
    if abs(total / implied - 1) <= CLOSE or abs(total / model.parameters - 1) <= CLOSE:
        return ""
    return f"the files hold {total:,} parameters, config.json implies {implied:,}"

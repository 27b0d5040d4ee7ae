"""A snapshot as a model's structure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from sizer.catalog.config_json import read_config
from sizer.catalog.found import Found
from sizer.catalog.hub.faults import NO_MODEL, HubFault
from sizer.catalog.hub.snapshot import Snapshot
from sizer.catalog.safetensors import Stored
from sizer.schema.model import Model

CONFIG = "config.json"
PLAIN = frozenset({"F64", "F32", "F16", "BF16"})  # one element is one parameter
CLOSE = 0.01


def found_in(snapshot: Snapshot, name: str) -> Found[Model]:
    """Return the structure that a snapshot describes, under the name that was asked for.

    Raises HubFault when it describes none that sizer reads.
    """
    try:
        model = read_files(snapshot.files, snapshot.weights, name)
    except ValueError as fault:
        help_ = "describe the model by hand: num_parameters, num_layers, hidden_size and heads"
        raise HubFault(NO_MODEL, str(fault), help_) from fault
    origin = f"{snapshot.host}/{snapshot.name}@{snapshot.commit}"
    note = f"{name}: as {snapshot.host} has it at {snapshot.commit[:12]}"
    said = "; ".join(each for each in (note, model.note) if each)
    return Found(evolve(model, source=origin), said, snapshot.commit)


def read_files(files: Mapping[str, str], weights: Stored | None, name: str) -> Model:
    """Return the structure that a repository's small files and its weights describe.

    Raises ValueError as read_config does.
    """
    model = read_config(_with_quantisation(files), name)
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
    config: dict[str, Any] = json.loads(files[CONFIG])
    if config.get("quantization_config"):
        return config
    side = {name: json.loads(text) for name, text in files.items() if name != CONFIG}
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
    """Return how far the weights are from what config.json implies, if that is worth a word."""
    if not total or abs(total / model.parameters - 1) <= CLOSE:
        return ""
    return f"the files hold {total:,} parameters, config.json implies {model.parameters:,}"

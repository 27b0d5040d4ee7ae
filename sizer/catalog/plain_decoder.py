"""A family that no list has, read as most decoders are, where its weights bear the count out.

Attention and feed-forward follow from the fields that nearly all configs name alike; biases from
their flags. What the weights hold beyond that is loaded, so it counts as memory and not as work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from sizer.catalog.config.families import Family, UnknownFamily
from sizer.catalog.config.fields import Fields, fields_of
from sizer.catalog.config_json import read_config
from sizer.catalog.safetensors import Stored
from sizer.schema.facts.model import Model

CLOSE = 0.1
DECODERS = ("ForCausalLM", "ForConditionalGeneration", "LMHeadModel")
SLIDING = frozenset({"sliding_attention", "chunked_attention"})
ATTENTION = SLIDING | {"full_attention"}
COUNTED = frozenset({"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"})


def read_usual(config: Mapping[str, Any], weights: Stored | None, name: str) -> Model:
    """Return the structure of a config of a family that is not listed; its note says so.

    Raises ValueError where it is no decoder of the usual kind, or its weights hold another count.
    """
    fields = fields_of(config, name)
    unread = UnknownFamily(fields.family, name)
    if weights is None or not {dtype for dtype, _ in weights.elements} <= COUNTED:
        raise ValueError(f"{unread}, and it has no plain weights to tell whether it is a usual one")
    if not _is_usual(config, fields):
        raise ValueError(f"{unread}, and it is no usual decoder of text")
    model = read_config(config, name, _conventions(fields))
    rest = weights.total - model.parameters
    if abs(rest) > CLOSE * weights.total:
        counts = f"it would have {model.parameters:,} parameters, its files hold {weights.total:,}"
        raise ValueError(f"{unread}: read as a usual decoder {counts}")
    share = f"{rest / weights.total:+.1%}"
    note = f"model_type {fields.family!r} is read as a usual decoder; its files hold {share}"
    return evolve(model, other_parameters=model.other_parameters + max(rest, 0), note=note)


def _is_usual(config: Mapping[str, Any], fields: Fields) -> bool:
    """Return whether a config is of a decoder whose every layer has attention with a cache."""
    classes = config.get("architectures")
    named = isinstance(classes, list) and any(str(each).endswith(DECODERS) for each in classes)
    kinds = fields.listed("layer_types", fields.layers) or ()
    state = any(str(key).startswith(("mamba_", "ssm_", "linear_")) for key in fields.inner)
    return (
        named
        and not config.get("is_encoder_decoder")
        and not state
        and all(kind in ATTENTION for kind in kinds)
    )


def _conventions(fields: Fields) -> Family:
    listed = bool(fields.listed("layer_types", fields.layers))
    return Family(
        qkv_bias="attention_bias",
        out_bias="attention_bias",
        mlp_bias="mlp_bias",
        windows="pattern" if listed else "none",
    )

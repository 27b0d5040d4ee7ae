"""A structure as the config.json that aiconfigurator reads, where it can express it."""

from __future__ import annotations

import atexit
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sizer.schema.facts.model import LayerGroup, Model

DENSE = "LlamaForCausalLM"
EXPERTS = "MixtralForCausalLM"


def config_of(model: Model) -> str | None:
    """Return the text of a config.json for a model of one kind of plain layer, else None.

    Plain is full attention over keys and values, and a gated MLP or routed experts alone.
    """
    if len(model.layers) != 1:
        return None
    (group,) = model.layers
    architecture = _architecture(group)
    if architecture is None:
        return None
    attention, mlp = group.attention, group.mlp
    config = {
        "architectures": [architecture],
        "hidden_size": model.hidden_size,
        "num_hidden_layers": group.count,
        "num_attention_heads": attention.heads,
        "num_key_value_heads": attention.kv_heads,
        "head_dim": attention.head_dim,
        "intermediate_size": mlp.expert_width or mlp.width,
        "vocab_size": model.vocab_size,
        "max_position_embeddings": model.max_context,
        "torch_dtype": "bfloat16",
    }
    if architecture == EXPERTS:
        config |= {"num_local_experts": mlp.experts, "num_experts_per_tok": mlp.experts_per_token}
    return json.dumps(config, indent=2)


def _architecture(group: LayerGroup) -> str | None:
    attention, mlp = group.attention, group.mlp
    full = attention.kind == "softmax" and attention.window is None and attention.cached
    even = attention.v_head_dim in {0, attention.head_dim}
    if not (full and even and attention.heads and attention.head_dim):
        return None
    if mlp.experts:
        return None if mlp.shared_parameters or mlp.dense_parameters else EXPERTS
    return DENSE if mlp.width else None


@cache
def _folder() -> TemporaryDirectory[str]:
    """Return a folder that lives as long as the process."""
    folder = TemporaryDirectory(prefix="sizer-aiconfigurator-")
    atexit.register(folder.cleanup)
    return folder


@cache
def folder_with(config: str) -> str:
    """Return the path of a folder whose config.json has this text."""
    folder = Path(_folder().name) / f"{len(list(Path(_folder().name).iterdir()))}"
    folder.mkdir()
    folder.joinpath("config.json").write_text(config, "utf-8")
    return str(folder)

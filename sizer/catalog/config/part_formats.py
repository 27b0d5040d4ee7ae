"""Which parts a quantised checkpoint stores in another format than the rest.

A part is looked up by the names that its modules have in the families' checkpoints, in a layer
from the middle; quantisers name what they leave alone by name, by glob or by expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from sizer.catalog.config.weights import ALGORITHMS, group_format, quantisation
from sizer.schema.facts.model import LayerGroup, Role

PREFIXES = ("", "model.", "language_model.model.", "model.language_model.", "language_model.")
MODULES: Mapping[str, tuple[str, ...]] = {
    "attention": ("self_attn.q_proj", "self_attn.o_proj", "self_attn.q_b_proj", "attn.wq_b"),
    "mixer": ("linear_attn.in_proj_qkv", "linear_attn.in_proj_qkvz", "mamba.in_proj",
              "mixer.in_proj", "self_attn.g_proj"),
    "mixer_out": ("linear_attn.out_proj", "mamba.out_proj", "mixer.out_proj", "self_attn.o_proj"),
    "mlp": ("mlp.gate_proj", "mlp.down_proj", "feed_forward.gate_proj"),
    "shared": ("mlp.shared_expert.gate_proj", "mlp.shared_experts.gate_proj",
               "ffn.shared_experts.w1", "feed_forward.shared_expert.gate_proj",
               "block_sparse_moe.shared_experts.gate_proj"),
    "expert": ("mlp.experts.0.gate_proj", "ffn.experts.0.w1", "block_sparse_moe.experts.0.w1",
               "feed_forward.experts.0.gate_proj", "mlp.experts.0.down_proj",
               "feed_forward.experts.0.down_proj"),
    "beside": ("experts.0.gate_proj", "experts.0.down_proj"),
    "head": ("lm_head", "head"),
}  # fmt: skip
IGNORED = ("ignore", "modules_to_not_convert", "exclude_modules", "ignored_layers")
WIDE = "bf16"
NARROWED = "fp8-block"  # what a checkpoint keeps that was 8 bit before its experts became 4
BESIDE = frozenset({"gemma4_text"})  # experts stand beside the feed-forward, not in it
Part = tuple[Role, str]


def stored_parts(
    config: Mapping[str, Any], family: str, layers: tuple[LayerGroup, ...], whole: str
) -> tuple[Part, ...]:
    """Return (part, format) of each part that is stored in another format than `whole`."""
    table = quantisation(config)
    if table is None:
        return ()
    count = sum(each.count for each in layers)
    found = []
    for role in _roles(layers):
        modules = "beside" if role == "expert" and family in BESIDE else role
        form = _format(table, modules, whole, count // 2)
        plain = WIDE if role == "head" else whole
        if form is not None and form != plain:
            found.append((role, form))
    if config.get("expert_dtype") == "fp4" and whole == "mxfp4":
        return (("attention", "fp8-block"), ("shared", "fp8-block"))
    return tuple(found)


def _roles(layers: tuple[LayerGroup, ...]) -> Iterator[Role]:
    if any(each.attention.kind in {"softmax", "mla"} for each in layers):
        yield "attention"
    if any(each.attention.kind in {"linear", "mamba"} for each in layers):
        yield from ("mixer", "mixer_out")
    if any(each.mlp.dense_parameters for each in layers):
        yield "mlp"
    if any(each.mlp.shared_parameters for each in layers):
        yield "shared"
    if any(each.mlp.experts for each in layers):
        yield "expert"
    yield "head"


def _format(table: Mapping[str, Any], role: str, whole: str, layer: int) -> str | None:
    """Return the format of a part, None when the file does not say."""
    names = tuple(_names(role, layer))
    ignored = [str(each) for key in IGNORED for each in table.get(key) or ()]
    if any(_matches(pattern, name) for pattern in ignored for name in names):
        return NARROWED if "moe_quant_algo" in table else WIDE
    for name in names:
        stated = (table.get("quantized_layers") or {}).get(name, {}).get("quant_algo")
        if stated in ALGORITHMS:
            return ALGORITHMS[stated]
    for group in (table.get("config_groups") or {}).values():
        targets = [str(each) for each in group.get("targets") or ()]
        if any(_matches(target, name) for target in targets for name in names):
            return group_format(group["weights"])
    return None if role == "head" else whole


def _names(role: str, layer: int) -> Iterator[str]:
    """Yield the names of a part's modules; kinds of layer alternate, so several are asked."""
    if role == "head":
        for prefix in PREFIXES:
            yield from (prefix + module for module in MODULES[role])
        return
    for number in range(max(layer - 2, 0), layer + 3):
        for prefix in PREFIXES:
            for module in MODULES[role]:
                yield f"{prefix}layers.{number}.{module}"


def _matches(pattern: str, name: str) -> bool:
    if pattern.startswith("re:"):
        return re.match(pattern[3:], name) is not None
    if "*" in pattern:
        return fnmatchcase(name, pattern) or fnmatchcase(name, pattern + ".*")
    return name == pattern or name.startswith(pattern + ".") or f".{pattern}." in f".{name}."

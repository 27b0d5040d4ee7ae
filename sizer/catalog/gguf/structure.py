"""A GGUF header as a model: parameters by role from the tensors, widths from the keys.

Tensors have one naming in all architectures (`blk.3.attn_q.weight`, `blk.3.ffn_up_exps.weight`),
so counts are exact for any of them, also for one that no list has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

from sizer.catalog.formats import find_weight_format
from sizer.catalog.gguf.attention import MOST_LAYERS, Keys, attention_of
from sizer.catalog.gguf.header import Header, Tensor, read_header
from sizer.catalog.gguf.types import TYPES
from sizer.schema.facts.model import LayerGroup, Mlp, Model
from sizer.schema.facts.provenance import LocalFile

PLAIN = {"F32": "fp32", "F16": "fp16", "BF16": "bf16"}
PACKED = ("q2_k", "q3_k_m", "q4_0", "q4_k_m", "q5_k_m", "q6_k", "q8_0", "mxfp4")
CLOSE = 0.03
MOST_PARTS = 1000
_BLOCK = re.compile(r"blk\.(\d{1,4})\.(.+)")
_PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")
_INNER = re.compile(r"attn_(q|k|q_a|kv_a|sub)_norm|ssm_")


@frozen
class Layer:
    """Parameters of one layer by role."""

    mixer: int = 0
    dense: int = 0
    shared: int = 0
    experts: int = 0
    router: int = 0
    norms: int = 0
    names: frozenset[str] = frozenset()


def read_gguf(path: Path, name: str) -> Model:
    """Return the structure of a GGUF file, with all its parts where it has several.

    Raises OSError when one cannot be read, ValueError when it is no GGUF file of a language model.
    """
    headers = []
    for part in _parts(path):
        with part.open("rb") as file:
            headers.append(read_header(file))
    first = headers[0]
    tensors = tuple(tensor for header in headers for tensor in header.tensors)
    return model_of(Header(first.values, first.lengths, tensors), name)


def model_of(header: Header, name: str) -> Model:
    """Return the structure that a header describes.

    Raises ValueError naming the key that is missing or not plausible.
    """
    keys = Keys(header.values, name)
    by_layer = _layers(header.tensors, keys.positive("block_count", MOST_LAYERS))
    outside = {tensor.name: tensor.elements for tensor in header.tensors if not _block(tensor)}
    embedding = outside.get("token_embd.weight")
    if embedding is None:
        raise keys.fault("it has no table of tokens; it may be a projector or an adapter")
    head = outside.get("output.weight", 0)
    norm = sum(count for each, count in outside.items() if each.startswith("output_norm"))
    hidden = keys.positive("embedding_length")
    form, note = _format(header.tensors, embedding + head, by_layer)
    return Model(
        name=name,
        family=keys.architecture,
        hidden_size=hidden,
        vocab_size=embedding // hidden,
        max_context=keys.positive("context_length"),
        layers=_groups(by_layer, keys),
        embedding_parameters=embedding,
        head_parameters=head,
        provenance=LocalFile(name),
        tied_embeddings=not head,
        final_norm_parameters=norm,
        other_parameters=sum(outside.values()) - embedding - head - norm,
        known_parameters=sum(tensor.elements for tensor in header.tensors),
        weights=form,
        parameters_by_dtype=_by_type(header.tensors),
        note=note,
    )


def _parts(path: Path) -> list[Path]:
    found = _PART.search(path.name)
    count = int(found[2]) if found else 0
    if not found or not 1 < count <= MOST_PARTS:
        return [path]
    stem = path.name[: found.start()]
    return [path.with_name(f"{stem}-{n:05}-of-{count:05}.gguf") for n in range(1, count + 1)]


def _block(tensor: Tensor) -> re.Match[str] | None:
    return _BLOCK.fullmatch(tensor.name)


def _layers(tensors: Iterable[Tensor], count: int) -> list[Layer]:
    """Return the parameters of the layers; those beyond the count are for drafts, and left out."""
    roles: list[dict[str, int]] = [{} for _ in range(count)]
    names: list[set[str]] = [set() for _ in range(count)]
    for tensor in tensors:
        found = _block(tensor)
        if found and int(found[1]) < count:
            layer, part = int(found[1]), found[2]
            role = _role(part)
            roles[layer][role] = roles[layer].get(role, 0) + tensor.elements
            names[layer].add(part.partition(".")[0])
    return [Layer(**each, names=frozenset(own)) for each, own in zip(roles, names, strict=True)]


def _role(part: str) -> str:
    if "_shexp" in part:
        return "shared"
    if part.startswith(("ffn_gate_inp", "exp_probs_b")):
        return "router"
    if "_exps" in part:
        return "experts"
    if "norm" in part and not _INNER.match(part):
        return "norms"
    return "dense" if part.startswith("ffn_") else "mixer"


def _groups(layers: list[Layer], keys: Keys) -> tuple[LayerGroup, ...]:
    counts: dict[LayerGroup, int] = {}
    for number, layer in enumerate(layers):
        mixer = attention_of(keys, number, layer.names, layer.mixer)
        group = LayerGroup(1, mixer, _mlp(layer, number, keys), layer.norms)
        counts[group] = counts.get(group, 0) + 1
    return tuple(
        LayerGroup(count, group.attention, group.mlp, group.norm_parameters)
        for group, count in counts.items()
    )


def _mlp(layer: Layer, number: int, keys: Keys) -> Mlp:
    if not layer.experts:
        width = keys.by_layer("feed_forward_length", number, default=0) if layer.dense else 0
        return Mlp(width=width, dense_parameters=layer.dense, shared_parameters=layer.shared)
    experts = keys.whole("expert_count")
    if not experts or layer.experts % experts:
        raise keys.fault(f"layer {number} has no whole experts")
    width = keys.by_layer("feed_forward_length", number, default=0)
    return Mlp(
        width=width if layer.dense else 0,
        experts=experts,
        experts_per_token=keys.whole("expert_used_count"),
        expert_width=keys.by_layer("expert_feed_forward_length", number, default=width),
        dense_parameters=layer.dense,
        shared_parameters=layer.shared,
        expert_parameters=layer.experts // experts,
        router_parameters=layer.router,
    )


def _by_type(tensors: Iterable[Tensor]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for tensor in tensors:
        name = TYPES[tensor.kind][0]
        found[name] = found.get(name, 0) + tensor.elements
    return tuple(sorted(found.items()))


def _format(tensors: tuple[Tensor, ...], outside: int, layers: list[Layer]) -> tuple[str, str]:
    """Return the format whose bytes are nearest to those of the file, and how near it is not."""
    most = max(_by_type(tensors), key=lambda each: each[1])[0]
    if most in PLAIN:
        return PLAIN[most], ""
    actual = sum(tensor.size_bytes for tensor in tensors)
    told = {name: _estimated(name, outside, layers) for name in PACKED}
    form = min(told, key=lambda name: abs(told[name] - actual))
    off = told[form] / actual - 1
    if abs(off) <= CLOSE:
        return form, ""
    return form, f"mostly {most}: sized as {form}, whose bytes are {off:+.0%} of the file's"


def _estimated(name: str, outside: int, layers: list[Layer]) -> float:
    form = find_weight_format(name)
    linear = sum(each.mixer + each.dense + each.shared for each in layers)
    experts = sum(each.experts for each in layers)
    kept = sum(each.norms + each.router for each in layers)
    return (
        form.linear_bytes * linear
        + form.expert_bytes * experts
        + form.embedding_bytes * outside
        + form.kept_bytes * kept
    )

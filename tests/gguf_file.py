"""Writes the headers of GGUF files, so that tests need no library and no weights."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

TEXT, LIST, U32, U64, F32, BOOL = 8, 9, 4, 10, 6, 7
KINDS = {"F32": 0, "F16": 1, "Q4_0": 2, "Q8_0": 8, "Q4_K": 12, "Q6_K": 14, "IQ4_XS": 23, "BF16": 30}
Shape = tuple[tuple[int, ...], str]


def gguf(values: Mapping[str, Any], tensors: Mapping[str, Shape], version: int = 3) -> bytes:
    """Return a header of keys and tensors, given as (shape, type)."""
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(values))
    keys = b"".join(_text(name) + _value(value) for name, value in values.items())
    return head + keys + b"".join(_tensor(name, *shape) for name, shape in tensors.items())


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _value(value: Any) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", TEXT) + _text(value)
    if isinstance(value, bool):
        return struct.pack("<I?", BOOL, value)
    if isinstance(value, float):
        return struct.pack("<If", F32, value)
    if isinstance(value, int):
        return struct.pack("<II", U32, value)
    return struct.pack("<I", LIST) + _list(value)


def _list(items: Sequence[Any]) -> bytes:
    if items and isinstance(items[0], str):
        return struct.pack("<IQ", TEXT, len(items)) + b"".join(map(_text, items))
    kind, form = (BOOL, "?") if items and isinstance(items[0], bool) else (U32, "I")
    return struct.pack(f"<IQ{len(items)}{form}", kind, len(items), *items)


def _tensor(name: str, shape: tuple[int, ...], kind: str) -> bytes:
    sizes = struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
    return _text(name) + sizes + struct.pack("<IQ", KINDS[kind], 0)


def llama(
    *, layers: int = 2, kind: str = "Q4_K", hidden: int = 512, vocabulary: int = 1024
) -> tuple[dict[str, Any], dict[str, Shape]]:
    """Return keys and tensors of a small dense model: 8 heads, 2 of keys, three times as wide."""
    wide, keys = 3 * hidden, hidden // 4
    values = {
        "general.architecture": "llama",
        "llama.block_count": layers,
        "llama.context_length": 4096,
        "llama.embedding_length": hidden,
        "llama.feed_forward_length": wide,
        "llama.attention.head_count": 8,
        "llama.attention.head_count_kv": 2,
        "llama.rope.freq_base": 1e4,
        "tokenizer.ggml.tokens": [f"t{number}" for number in range(vocabulary)],
    }
    tensors: dict[str, Shape] = {
        "token_embd.weight": ((hidden, vocabulary), kind),
        "output.weight": ((hidden, vocabulary), "Q6_K" if kind == "Q4_K" else kind),
        "output_norm.weight": ((hidden,), "F32"),
    }
    for layer in range(layers):
        for part, shape in (
            ("attn_q", (hidden, hidden)),
            ("attn_k", (hidden, keys)),
            ("attn_v", (hidden, keys)),
            ("attn_output", (hidden, hidden)),
            ("ffn_gate", (hidden, wide)),
            ("ffn_up", (hidden, wide)),
            ("ffn_down", (wide, hidden)),
        ):
            tensors[f"blk.{layer}.{part}.weight"] = (shape, kind)
        for part in ("attn_norm", "ffn_norm"):
            tensors[f"blk.{layer}.{part}.weight"] = ((hidden,), "F32")
    return values, tensors

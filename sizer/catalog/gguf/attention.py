"""The token mixer of a layer of a GGUF file, by the keys of its architecture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from sizer.catalog.config.families import FAMILIES
from sizer.schema.facts.model import Attention

MOST = 10**9
MOST_LAYERS = 10_000
CONVOLUTION_BYTES = 2
STATE_BYTES = 4  # llama.cpp keeps states in 32 bit

# GGUF's word for an architecture -> the `model_type` whose pattern of windows it has.
ARCHITECTURES: Mapping[str, str] = {
    "cohere2": "cohere2",
    "exaone4": "exaone4",
    "gemma2": "gemma2",
    "gemma3": "gemma3_text",
    "gpt-oss": "gpt_oss",
    "olmo3": "olmo3",
    "phi3": "phi3",
}


@frozen
class Keys:
    """The keys of an architecture; a file's `general.architecture` stands before their names."""

    values: Mapping[str, Any]
    file: str

    @property
    def architecture(self) -> str:
        """Return GGUF's word for the architecture."""
        found = self.values.get("general.architecture")
        if not isinstance(found, str) or not found:
            raise self.fault("`general.architecture` is missing")
        return found

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number not below 0; the largest where layers differ.

        Raises ValueError when it is missing or not such a number.
        """
        found = self.values.get(f"{self.architecture}.{name}", default)
        if isinstance(found, tuple):
            found = max(found, default=None)
        if found is None:
            raise self.fault(f"`{name}` is missing")
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= MOST:
            raise self.fault(f"`{name}` is {found!r}, not a plausible whole number")
        return found

    def positive(self, name: str, most: int = MOST) -> int:
        """Return a whole number from 1 to `most`. Raises ValueError otherwise."""
        found = self.whole(name)
        if not 1 <= found <= most:
            raise self.fault(f"`{name}` is {found}, which is not plausible")
        return found

    def by_layer(self, name: str, layer: int, default: int | None = None) -> int:
        """Return a layer's number, where the key is one number for all or a list."""
        found = self.values.get(f"{self.architecture}.{name}")
        if isinstance(found, tuple) and layer < len(found):
            each = found[layer]
            if isinstance(each, bool) or not isinstance(each, int) or not 0 <= each <= MOST:
                raise self.fault(f"`{name}` of layer {layer} is {each!r}")
            return each
        return self.whole(name, default)

    def fault(self, said: str) -> ValueError:
        """Return the error to raise."""
        return ValueError(f"{self.file}: {said}")


def attention_of(keys: Keys, layer: int, names: frozenset[str], parameters: int) -> Attention:
    """Return a layer's mixer with its parameters; `names` are those of its tensors.

    Raises ValueError for a key that is missing or not plausible.
    """
    if any(name.startswith("ssm_") for name in names):
        return _stateful(keys, parameters)
    if any(name.startswith("attn_kv_a") for name in names):
        return _latent(keys, layer, parameters)
    if not names & {"attn_q", "attn_qkv", "attn_k"}:
        return Attention(kind="none", parameters=parameters)
    heads = keys.by_layer("attention.head_count", layer)
    shared = keys.by_layer("attention.head_count_kv", layer, default=heads)
    if not heads or not shared or heads % shared:
        raise keys.fault(f"{shared} key and value heads do not divide {heads} heads")
    width = keys.whole("attention.key_length", keys.positive("embedding_length") // heads)
    return Attention(
        heads=heads,
        kv_heads=shared,
        head_dim=width,
        v_head_dim=keys.whole("attention.value_length", width),
        window=_window(keys, layer),
        parameters=parameters,
    )


def _latent(keys: Keys, layer: int, parameters: int) -> Attention:
    rope = keys.whole("rope.dimension_count")
    width = keys.whole("attention.key_length_mla", keys.whole("attention.key_length"))
    value = keys.whole("attention.value_length_mla", keys.whole("attention.value_length"))
    return Attention(
        kind="mla",
        heads=keys.by_layer("attention.head_count", layer),
        kv_heads=1,
        head_dim=width,
        v_head_dim=value,
        q_lora_rank=keys.whole("attention.q_lora_rank", 0) or None,
        kv_lora_rank=keys.whole("attention.kv_lora_rank"),
        qk_rope_head_dim=rope,
        parameters=parameters,
    )


def _stateful(keys: Keys, parameters: int) -> Attention:
    """Return a mixer with a constant state: Mamba, Mamba-2 or a gated delta net."""
    inner, state = keys.whole("ssm.inner_size"), keys.whole("ssm.state_size")
    groups = keys.whole("ssm.group_count", 0)
    convolved = inner + 2 * groups * state
    window = convolved * (keys.whole("ssm.conv_kernel") - 1)
    return Attention(
        kind="mamba",
        state_elements=inner * state + window * CONVOLUTION_BYTES // STATE_BYTES,
        state_bytes_per_element=STATE_BYTES,
        parameters=parameters,
    )


def _window(keys: Keys, layer: int) -> int | None:
    """Return how far a layer looks back: by the file's own pattern, else by its architecture's."""
    wide = keys.whole("attention.sliding_window", 0)
    if not 0 < wide < keys.whole("context_length"):
        return None
    stated = keys.values.get(f"{keys.architecture}.attention.sliding_window_pattern")
    if isinstance(stated, tuple) and layer < len(stated):
        return wide if stated[layer] else None
    family = FAMILIES.get(ARCHITECTURES.get(keys.architecture, ""))
    if family is None:
        return None
    period = stated if isinstance(stated, int) and stated > 0 else family.period
    if family.windows == "all" or not period:
        return wide
    return wide if (layer + 1) % period else None

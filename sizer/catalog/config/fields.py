"""Typed access to the fields of a config.json: nesting, old names, omitted class defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

NESTS = ("text_config", "language_config", "llm_config", "thinker_config")

MOST = 10**12
MOST_LAYERS = 10_000

LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")
HIDDEN = ("hidden_size", "n_embd", "n_embed", "d_model")
HEADS = ("num_attention_heads", "n_head", "n_heads")
VOCABULARY = ("vocab_size", "padded_vocab_size")
CONTEXT = (
    "max_position_embeddings",
    "n_positions",
    "max_seq_len",
    "max_sequence_length",
    "model_max_length",
    "seq_length",
)

# What a checkpoint may leave out because its transformers class supplies it.
CLASS_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "gemma3_text": {
        "vocab_size": 262_208,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 256,
        "max_position_embeddings": 131_072,
    },
    "mistral": {"num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32_000},
    "mpt": {"max_seq_len": 2048, "expansion_ratio": 4},
    "bloom": {"seq_length": 2048},
    "starcoder2": {"use_bias": True},
}
NESTED_LLAMA = {
    "hidden_size": 4096,
    "intermediate_size": 11_008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "vocab_size": 32_000,
}


@frozen
class Fields:
    """The text model's fields, and those of the whole file around them."""

    name: str
    family: str
    inner: Mapping[str, Any]
    outer: Mapping[str, Any]

    def count(self, *names: str, default: int | None = None) -> int:
        """Return the first of these fields that is set, a whole number not below 0.

        Raises ValueError when none is set and there is no default, or it is not such a number.
        """
        for name in names:
            value = self.inner.get(name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
                raise self.fault(f"`{name}` is {value!r}, not a plausible whole number")
            return value
        if default is None:
            raise self.fault(f"`{names[0]}` is missing")
        return default

    def positive(self, *names: str) -> int:
        """Return a count that must be set and above 0, as `count` does.

        Raises ValueError otherwise.
        """
        found = self.count(*names)
        if not found:
            name = next(name for name in names if name in self.inner)
            raise self.fault(f"`{name}` is 0")
        return found

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a true-or-false field of the text model, else of the whole file."""
        value = self.inner.get(name)
        if value is None:
            value = self.outer.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.fault(f"`{name}` is {value!r}, not true or false")
        return value

    def listed(self, name: str, length: int) -> Sequence[Any] | None:
        """Return a per-layer list, None when it is absent or empty."""
        value = self.inner.get(name)
        if not value or not isinstance(value, (list, str)):
            return None
        if len(value) < length:
            raise self.fault(f"`{name}` names {len(value)} layers of {length}")
        return value[:length]

    def section(self, name: str) -> Fields:
        """Return the fields of a nested table; all fields are missing when it is absent."""
        value = self.inner.get(name)
        return Fields(self.name, self.family, value if isinstance(value, Mapping) else {}, {})

    def fault(self, said: str) -> ValueError:
        """Return the error to raise, with the model's name before it."""
        return ValueError(f"config of {self.name}: {said}")

    @property
    def layers(self) -> int:
        """Number of layers."""
        count = self.positive(*LAYERS)
        if count > MOST_LAYERS:
            raise self.fault(f"{count} layers are more than sizer reads")
        return count

    @property
    def hidden(self) -> int:
        """Width of the residual."""
        return self.positive(*HIDDEN)

    @property
    def heads(self) -> int:
        """Query heads."""
        return self.positive(*HEADS)

    @property
    def context(self) -> int:
        """Longest sequence; `seq_length` of chatglm comes last."""
        return self.positive(*CONTEXT)


def fields_of(config: Mapping[str, Any], name: str) -> Fields:
    """Return the fields of the text model in `config`.

    Raises ValueError when `model_type` is missing.
    """
    inner = next((config[nest] for nest in NESTS if isinstance(config.get(nest), Mapping)), config)
    if inner is not config and any(isinstance(inner.get(nest), Mapping) for nest in NESTS):
        return fields_of(inner, name)
    family = inner.get("model_type") or config.get("model_type")
    if not isinstance(family, str):
        raise ValueError(f"config of {name}: `model_type` is missing")  # noqa: TRY004  # bad file
    defaults = dict(CLASS_DEFAULTS.get(family, {}))
    if inner is not config and family == "llama":
        defaults |= NESTED_LLAMA
    given = {key: value for key, value in inner.items() if value is not None}
    return Fields(name, family, defaults | given, config)

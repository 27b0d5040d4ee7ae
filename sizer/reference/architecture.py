"""The reference recommender's models and accelerators, as a program states them."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

from attrs import Factory, asdict, field, frozen


@frozen
class ModelArchitecture:
    """A model by name; other fields describe one that no catalog knows, or replace the catalog's.

    `num_parameters` is in 1e9. Described whole, a model has as many key and value heads as others
    unless it says so. `hf_token` is for fetching this model from the hub; it is neither
    shown nor kept.
    """

    name: str
    num_parameters: float | None = None
    num_layers: int | None = None
    hidden_size: int | None = None
    num_attention_heads: int | None = None
    num_kv_heads: int | None = Factory(lambda self: self._kv_heads(), takes_self=True)
    vocab_size: int | None = None
    max_sequence_length: int | None = None
    hf_token: str | None = field(default=None, repr=False, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that are given, but for the token."""
        return given(self)

    def _kv_heads(self) -> int | None:
        whole = (self.num_parameters, self.num_layers, self.hidden_size)
        return None if None in whole else self.num_attention_heads


@frozen
class GPUSpec:
    """An accelerator: 1e9 bytes, 1e9 bytes a second, dense 1e12 FLOP/s, US dollars.

    Without a peak or a link it is that of `like`, or of the catalog's accelerator of this name.
    """

    name: str
    memory_gb: float
    memory_bandwidth_gb_s: float
    tflops_fp16: float | None = None
    tflops_fp32: float | None = None
    cost_per_hour: float | None = None
    tflops_bf16: float | None = field(default=None, kw_only=True)
    tflops_fp8: float | None = field(default=None, kw_only=True)
    link_gb_s: float | None = field(default=None, kw_only=True)
    like: str | None = field(default=None, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that are given."""
        return given(self)


def token_key(name: str) -> str:
    """Return by what name the hub's door knows a model's token: at any revision, in any case."""
    return name.partition("@")[0].strip().lower()


def given(value: ModelArchitecture | GPUSpec) -> dict[str, Any]:
    """Return the fields that are given, as a file would hold them; a token is no field of a file.

    Numbers of numpy become plain ones.
    """
    fields = {name: _plain(each) for name, each in asdict(value).items() if each is not None}
    fields.pop("hf_token", None)
    return fields


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else float(value)

"""The reference recommender's models and accelerators, as a program states them."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from attrs import Factory, asdict, field, frozen

from sizer.catalog.hub import Hub
from sizer.catalog.lookup import Unknown
from sizer.diagnostic import problem
from sizer.reference.lengths import Lengths
from sizer.reference.memory import Memory, memory_of
from sizer.resolve.facts import Catalog, Facts
from sizer.resolve.models import structure_of
from sizer.schema.asked.profile import ModelAsk
from sizer.schema.facts.model import Model

BILLION = 1e9
PRECISION = "fp16"


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

    def get_num_parameters(self) -> float:
        """Return the number of parameters, in 1e9. Raises Problem for a model nobody knows."""
        return self._structure().parameters / BILLION

    def get_max_sequence_length(self) -> int:
        """Return the longest sequence, in tokens. Raises Problem for a model nobody knows."""
        return self._structure().max_context

    def get_model_memory_gb(self, precision: str = PRECISION) -> float:
        """Return what the weights take, in 1e9 bytes. Raises Problem."""
        found = self._memory(precision, 1, Lengths())
        return found.weights_gb

    def get_kv_cache_gb(
        self, context_len: int, batch_size: int = 1, precision: str = PRECISION
    ) -> float:
        """Return what the cache of `batch_size` sequences takes, in 1e9 bytes.

        Each has `context_len` tokens. Raises Problem.
        """
        found = self._memory(precision, batch_size, Lengths(sequence_length=context_len))
        return found.kv_cache_gb

    def _memory(self, precision: str, batch_size: int, lengths: Lengths) -> Memory:
        return memory_of(
            given(self),
            facts_of([self]),
            precision=precision,
            batch_size=batch_size,
            lengths=lengths,
        )

    def _structure(self) -> Model:
        try:
            return structure_of(ModelAsk(**given(self)), Path(), facts_of([self])).value
        except Unknown as unknown:
            code = unknown.code or "SZ702"
            raise problem(code, str(unknown), hint=unknown.hint) from unknown
        except ValueError as fault:
            raise problem("SZ104", f"{self.name}: {fault}") from fault

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


def facts_of(models: Sequence[ModelArchitecture]) -> Facts:
    """Return the facts of today; a model's own token is used for that model alone."""
    tokens = {token_key(each.name): each.hf_token for each in models if each.hf_token}
    return Catalog(Hub(tokens=tokens))


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

"""The only door to config_explorer (PyPI llm-d-planner): its answers, asked or stored.

`asks` functions import it, which takes a second; what a run needs is stored in explorer.toml
and in each model's file, with the version that answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from attrs import frozen

from sizer.schema.facts.model import Model


@frozen
class Explorer:
    """vLLM memory that config_explorer calibrated, in GiB for each accelerator.

    `activation_gib` is by `model_type`; the three `default_*` are for all other models.
    """

    version: str
    source: str
    calibration: str
    activation_gib: dict[str, float]
    default_dense_gib: float
    default_moe_gib: float
    default_multimodal_gib: float
    multimodal_families: tuple[str, ...]
    non_torch_single_gib: float
    non_torch_tensor_gib: float
    non_torch_pipeline_gib: float


@frozen
class Answers:
    """What config_explorer says of a config; None or nothing where it cannot read it."""

    possible_tp: tuple[int, ...]
    kv_bytes_per_token: int | None


@cache
def stored() -> Explorer:
    """Return the stored constants."""
    from sizer.structure.facts import read_facts  # noqa: PLC0415  # only what estimates needs it

    text = Path(__file__).with_name("explorer.toml").read_text("utf-8")
    return read_facts(text, Explorer)


def activation_gib(model: Model) -> float:
    """Return the peak of activations on one accelerator, in GiB: by family, else by kind."""
    known = stored()
    found = known.activation_gib.get(model.family)
    if found is not None:
        return found
    if model.is_moe:
        return known.default_moe_gib
    multimodal = model.family in known.multimodal_families
    return known.default_multimodal_gib if multimodal else known.default_dense_gib


def non_torch_gib(tp: int, pp: int) -> float:
    """Return memory outside PyTorch's allocator on one accelerator, in GiB."""
    known = stored()
    if tp > 1:
        return known.non_torch_tensor_gib
    return known.non_torch_pipeline_gib if pp > 1 else known.non_torch_single_gib


def answers(config: Mapping[str, Any]) -> Answers:
    """Ask config_explorer about a config.json; imports it."""
    planner = _planner()
    space = _namespace(config)
    return Answers(
        possible_tp=tuple(_asked(lambda: planner.find_possible_tp(space)) or ()),
        kv_bytes_per_token=_asked(
            lambda: planner.KVCacheDetail("model", space).per_token_memory_bytes
        ),
    )


def asked_activation_gib(architecture: str, *, moe: bool = False) -> float:
    """Ask config_explorer for the activations of an architecture, in GiB; imports it."""
    fields: dict[str, Any] = {"architectures": [architecture]} | ({"num_experts": 2} if moe else {})
    return float(_planner().estimate_vllm_activation_memory(SimpleNamespace(**fields)))


def asked_non_torch_gib(tp: int, pp: int) -> float:
    """Ask config_explorer for the memory outside PyTorch, in GiB; imports it."""
    return float(_planner().estimate_vllm_non_torch_memory(tp, pp))


def asked_version() -> str:
    """Return the version of the installed llm-d-planner."""
    from importlib.metadata import version  # noqa: PLC0415  # slow to import

    return version("llm-d-planner")


def _planner() -> Any:
    from planner import capacity_planner  # noqa: PLC0415  # imports for a second

    return capacity_planner


def _asked(question: Any) -> Any:
    """Return an answer, None where config_explorer lacks a field that it needs."""
    try:
        return question()
    except (AttributeError, TypeError, ValueError, ZeroDivisionError):
        return None


def _namespace(value: Any) -> Any:
    """Return a config as the attributes that config_explorer reads; nested text, flat rest."""
    nested = {key: each for key, each in value.items() if key != "text_config"}
    space = SimpleNamespace(**nested)
    if isinstance(value.get("text_config"), Mapping):
        space.text_config = SimpleNamespace(**value["text_config"])
    return space

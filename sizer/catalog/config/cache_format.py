"""In which format a checkpoint asks for its cache to be kept, by its quantization_config."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sizer.catalog.config.weights import quantisation
from sizer.schema.facts.model import CacheAuthor

NAMES = {"fp8": "fp8", "nvfp4": "nvfp4"}  # what vLLM knows of ModelOpt's algorithms
WIDTHS = {8: "fp8", 4: "nvfp4"}  # of floats, in bits


def stated_cache(config: Mapping[str, Any]) -> tuple[str | None, CacheAuthor]:
    """Return the cache format that a checkpoint asks for, if any, and which tool wrote it there.

    Read as vLLM does: `kv_cache_scheme` before `kv_cache_quant_algo`, what it does not know is
    none (vllm/utils/torch_utils.py get_kv_cache_quant_algo_string). Quark's is not read, as no
    engine takes it unasked (vLLM issue 32843).
    """
    table = quantisation(config) or {}
    if _by_modelopt(table):
        return _format(table.get("kv_cache_scheme") or table.get("kv_cache_quant_algo")), "modelopt"
    if table.get("quant_method") == "compressed-tensors":
        return _format(table.get("kv_cache_scheme")), "compressed-tensors"
    return None, "modelopt"


def _by_modelopt(table: Mapping[str, Any]) -> bool:
    return str(table.get("quant_method") or "").startswith("modelopt") or "quant_algo" in table


def _format(stated: object) -> str | None:
    if isinstance(stated, str):
        return NAMES.get(stated.lower())
    if isinstance(stated, Mapping) and stated.get("type") == "float":
        bits = stated.get("num_bits")
        return WIDTHS.get(bits) if isinstance(bits, int) and not stated.get("dynamic") else None
    return None

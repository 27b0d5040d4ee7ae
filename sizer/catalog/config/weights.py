"""Which weight format a checkpoint is stored in, by its quantization_config and dtype."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PLAIN = {"bfloat16": "bf16", "float16": "fp16", "float32": "bf16"}  # engines load 32 bit as 16
METHODS = {"fp8": "fp8", "fbgemm_fp8": "fp8", "mxfp4": "mxfp4", "mxfp8": "mxfp8"}
INTEGERS = frozenset({"awq", "bitsandbytes", "gptq"})
ALGORITHMS = {
    "NVFP4": "nvfp4",
    "FP8": "fp8",
    "MXFP8": "mxfp8",
    "W4A16_AWQ": "awq",
    "W4A16_NVFP4": "nvfp4",
    "NVFP4_AWQ": "nvfp4",
}
ROW_GROUP = 16  # NVFP4 scales 16 weights together, MXFP4 and MXFP8 32
MX_GROUP = 32
GROUPED = {32: "-g32", 64: "-g64"}  # endings of formats whose groups are not of 128
AUTOROUND = frozenset({"auto-round", "intel/auto-round"})  # packs as GPTQ does


def weights_format(config: Mapping[str, Any], name: str) -> str:
    """Return the weight format's name, for example bf16, fp8, gptq or nvfp4.

    Raises ValueError for a quantisation that no format stands for.
    """
    found = quantisation(config)
    if found is not None:
        narrow = config.get("expert_dtype") == "fp4" and found.get("quant_method") == "fp8"
        return "mxfp4" if narrow and "quant_algo" not in found else _quantised(found, name)
    texts = _texts(config)
    dtypes = (each.get(key) for each in texts for key in ("torch_dtype", "dtype"))
    dtype = next((each for each in dtypes if isinstance(each, str)), "bfloat16")
    if dtype not in PLAIN:
        raise ValueError(f"config of {name}: `torch_dtype` is {dtype!r}")
    return PLAIN[dtype]


def quantisation(config: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the table that says how a checkpoint is quantised, None when it is not."""
    tables = (each.get("quantization_config") for each in _texts(config))
    return next((each for each in tables if _table(each) and each), None)


def scale_block(config: Mapping[str, Any]) -> int:
    """Return how many rows and columns of an fp8 weight share a scale, 0 when they are no block."""
    sizes = (quantisation(config) or {}).get("weight_block_size")
    if not isinstance(sizes, list) or not all(type(each) is int for each in sizes):
        return 0
    return max(sizes, default=0)


def _texts(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [config, *(v for k, v in config.items() if k.endswith("_config") and _table(v))]


def _quantised(table: Mapping[str, Any], name: str) -> str:
    algorithm = str(table.get("quant_algo") or "")
    if algorithm in ALGORITHMS:
        return ALGORITHMS[algorithm]
    if _table(table.get("config_groups")):
        return _narrowest(table["config_groups"], name)
    if algorithm == "MIXED_PRECISION":
        return "nvfp4"
    method = str(table.get("quant_method") or "")
    if method in METHODS:
        return METHODS[method]
    if method in INTEGERS | AUTOROUND:
        found = _integers("gptq" if method in AUTOROUND else method, table)
        if found is not None:
            return found
    if method == "quark":
        return _quark(table, name)
    raise ValueError(f"config of {name}: `quant_method` {method!r} is not one that sizer reads")


def _integers(method: str, table: Mapping[str, Any]) -> str | None:
    """Return the format of a quantiser that stores whole numbers, None for an unknown width."""
    bits = table.get("bits", 8 if table.get("load_in_8bit") else 4)
    if bits == 8:  # bits
        return "int8"
    if bits != 4:  # bits
        return None
    return "bnb-nf4" if method == "bitsandbytes" else method + _groups(table.get("group_size"))


def _groups(size: object) -> str:
    """Return how a format is called whose scales stand for so many weights each."""
    narrow = [each for each in GROUPED if isinstance(size, int) and 0 < size <= each]
    return GROUPED[min(narrow)] if narrow else ""


def _narrowest(groups: Mapping[str, Any], name: str) -> str:
    weights = [group["weights"] for group in groups.values() if _table(group.get("weights"))]
    if not weights:
        raise ValueError(f"config of {name}: `config_groups` names no weights")
    least = min(weights, key=lambda each: int(each["num_bits"]))
    found = group_format(least)
    if found is None:
        bits, kind = least["num_bits"], least.get("type")
        raise ValueError(f"config of {name}: weights of {bits} bits ({kind}) are not known")
    return found


def group_format(weights: Mapping[str, Any]) -> str | None:
    """Return the format of a group of compressed tensors, None for one that is not known."""
    bits, kind = weights["num_bits"], weights.get("type")
    if kind == "float" and bits == 4:  # bits
        return "nvfp4" if weights.get("group_size") == ROW_GROUP else "mxfp4"
    if kind == "int" and bits == 4:  # bits
        return "int4" + _groups(weights.get("group_size"))
    if kind == "float" and weights.get("group_size") == MX_GROUP:
        return "mxfp8"
    known: Mapping[tuple[object, object], str] = {(8, "float"): "fp8", (8, "int"): "int8"}
    return known.get((bits, kind))


def _quark(table: Mapping[str, Any], name: str) -> str:
    weight = (table.get("global_quant_config") or {}).get("weight") or {}
    dtype = str(weight.get("dtype") or "")
    known = {"fp8_e4m3": "fp8", "fp4": "mxfp4", "int8": "int8", "int4": "int4", "uint4": "int4"}
    if dtype not in known:
        raise ValueError(f"config of {name}: quark dtype {dtype!r} is not known")
    return known[dtype]


def _table(value: object) -> bool:
    return isinstance(value, Mapping)

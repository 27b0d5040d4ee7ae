"""The table of rotary positions that an engine keeps beside the weights."""

from __future__ import annotations

from collections.abc import Mapping

from sizer.catalog.config.attention import head_width
from sizer.catalog.config.families import Family
from sizer.catalog.config.fields import Fields

WITHOUT = frozenset(
    {"gpt2", "gpt_bigcode", "opt", "bloom", "mpt", "mamba", "mamba2", "jamba", "nemotron_h"}
)
TWICE = frozenset({"gemma3_text", "gemma4_text", "mimo_v2_flash"})  # windows turn at another rate
QUARTER = frozenset({"qwen3_next", "qwen3_5_text", "qwen3_5_moe_text"})  # of the head is turned
HALF = frozenset({"chatglm", "phi", "phi-msft"})
IMAGE_POSITIONS = 4  # vLLM's MRotaryEmbedding has so many rows for each position


def rotary_table(fields: Fields, family: Family) -> int:
    """Return the elements of cosines and sines for every position that the model knows."""
    if fields.family in WITHOUT or family.position_rows is not None or not _rotates(fields):
        return 0
    tables = 2 if fields.family in TWICE else 1
    rows = fields.context * (IMAGE_POSITIONS if _turns_by_image(fields) else 1)
    return tables * rows * _width(fields)


def _rotates(fields: Fields) -> bool:
    kind = fields.inner.get("position_embedding_type", "rope")
    return kind in {"rope", "rotary"} and not fields.flag("alibi")


def _width(fields: Fields) -> int:
    latent = fields.count("qk_rope_head_dim", "rotary_dim", default=0)
    return latent or round(head_width(fields) * _share(fields))


def _share(fields: Fields) -> float:
    parameters = fields.inner.get("rope_parameters")
    tables = (fields.inner, parameters if isinstance(parameters, Mapping) else {})
    for table in tables:
        for name in ("partial_rotary_factor", "rotary_pct"):
            stated = table.get(name)
            if isinstance(stated, float) and 0 < stated <= 1:
                return stated
    return 0.25 if fields.family in QUARTER else 0.5 if fields.family in HALF else 1.0


def _turns_by_image(fields: Fields) -> bool:
    """Return whether positions have a height and a width beside time (M-RoPE)."""
    for name in ("rope_scaling", "rope_parameters"):
        table = fields.inner.get(name)
        if isinstance(table, Mapping) and "mrope_section" in table:
            return True
    seeing = "vision_config" in fields.outer and fields.outer is not fields.inner
    return seeing and fields.family.startswith(("qwen2_vl", "qwen2_5_vl", "qwen3_vl", "qwen3_5"))

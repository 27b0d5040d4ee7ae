"""Vision towers and their projectors, which an engine loads beside the text model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sizer.catalog.config.fields import Fields


def vision_parameters(config: Mapping[str, Any], hidden: int) -> int | None:
    """Return the parameters of a vision tower into `hidden`; None when they are not known."""
    table = config.get("vision_config")
    if not isinstance(table, Mapping):
        return None if config.get("img_processor") else 0
    kind = str(config.get("model_type"))
    given = {key: value for key, value in table.items() if value is not None}
    tower = TOWERS.get(f"{kind} {given.get('model_type')}") or TOWERS.get(kind)
    if tower is None:
        return None
    return tower(Fields("vision_config", kind, given, config), hidden)


def _linear(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


def _block(hidden: int, width: int) -> int:
    """Return a transformer block with biases and two layer norms."""
    attention = 4 * _linear(hidden, hidden)
    return attention + _linear(hidden, width) + _linear(width, hidden) + 4 * hidden


def _clip(fields: Fields, hidden: int) -> int:
    """Return LLaVA's tower: CLIP with a class token, and a projector of two layers."""
    wide = fields.hidden
    patches = (fields.count("image_size") // fields.count("patch_size")) ** 2
    rows = 3 * fields.count("patch_size") ** 2 + 1 + patches + 1 + 4
    blocks = fields.layers * _block(wide, fields.count("intermediate_size"))
    return blocks + rows * wide + _linear(wide, hidden) + _linear(hidden, hidden)


def _siglip(fields: Fields, hidden: int) -> int:
    """Return Gemma 3's tower: SigLIP, a norm and one matrix."""
    wide = fields.hidden
    patches = (fields.count("image_size") // fields.count("patch_size")) ** 2
    rows = 3 * fields.count("patch_size") ** 2 + 1 + patches + 2
    blocks = fields.layers * _block(wide, fields.count("intermediate_size"))
    return blocks + rows * wide + wide + wide * hidden


def _pixtral(fields: Fields, hidden: int) -> int:
    """Return Pixtral's tower, with Mistral Small's merger of patches if the file names one."""
    wide, width = fields.hidden, fields.count("intermediate_size")
    blocks = fields.layers * (4 * wide**2 + 3 * wide * width + 2 * wide)
    stem = (3 * fields.count("patch_size") ** 2 + 1) * wide
    merge = fields.outer.get("spatial_merge_size")
    bias = fields.outer.get("multimodal_projector_bias", True)
    projector = wide * hidden + hidden**2 + (2 * hidden if bias else 0)
    merger = wide + (merge * wide) * merge * wide if isinstance(merge, int) else 0
    return blocks + stem + projector + merger


def _gemma4(fields: Fields, hidden: int) -> int:
    """Return Gemma 4's tower: gated blocks with four norms, positions in two directions."""
    wide, width = fields.hidden, fields.count("intermediate_size")
    block = 4 * wide**2 + 3 * wide * width + 4 * wide + 2 * fields.count("head_dim")
    stem = (
        3 * fields.count("patch_size") ** 2 + 2 * fields.count("position_embedding_size")
    ) * wide
    return fields.layers * block + stem + wide * hidden


def _kimi(fields: Fields, hidden: int) -> int:
    """Return MoonViT of Kimi-K2.5 (transformers 5.23.0, Kimi_K25VisionModel) and its projector."""
    wide = fields.count("vt_hidden_size")
    blocks = fields.count("vt_num_hidden_layers") * _block(
        wide, fields.count("vt_intermediate_size")
    )
    rows = fields.count("init_pos_emb_height") * fields.count("init_pos_emb_width")
    stem = (3 * fields.count("patch_size") ** 2 + 1 + rows) * wide
    sides = fields.inner.get("merge_kernel_size") or (1, 1)
    merged = fields.count("mm_hidden_size") * sides[0] * sides[1]
    return blocks + stem + 2 * wide + 2 * wide + _merger(merged, hidden)


def _minimax(fields: Fields, hidden: int) -> int:
    """Return MiniMax-M3's tower (transformers 5.23.0, MiniMaxM3VLVisionModel), CLIP over frames.

    A projector of two layers works on patches, another on what four of them merge to.
    """
    wide, folded = fields.hidden, fields.section("img_token_compression_config")
    blocks = fields.layers * _block(wide, fields.count("intermediate_size"))
    stem = 3 * folded.count("temporal_patch_size") * fields.count("patch_size") ** 2 * wide
    out = fields.count("projection_dim")
    merged = out * folded.count("spatial_merge_size") ** 2
    projector = _linear(wide, out) + _linear(merged, out) + 2 * _linear(out, hidden)
    return blocks + stem + 2 * wide + projector


def _llama4(fields: Fields, hidden: int) -> int:
    """Return Llama 4's tower: pixel shuffle into an adapter, then one matrix."""
    wide, out = fields.hidden, fields.count("vision_output_dim")
    patches = (fields.count("image_size") // fields.count("patch_size")) ** 2
    rows = 3 * fields.count("patch_size") ** 2 + 1 + patches + 1 + 4
    blocks = fields.layers * _block(wide, fields.count("intermediate_size"))
    return blocks + rows * wide + 4 * wide * out + out**2 + out * hidden


def _qwen2(fields: Fields, hidden: int) -> int:
    """Return Qwen2-VL's tower, whose patches span two frames."""
    wide = fields.count("embed_dim")
    block = _block(wide, fields.count("mlp_ratio") * wide)
    return fields.count("depth") * block + _qwen_ends(fields, wide, hidden, norm=2 * wide)


def _qwen2_5(fields: Fields, hidden: int) -> int:
    """Return Qwen2.5-VL's tower: gated blocks with biases."""
    wide, width = fields.hidden, fields.count("intermediate_size")
    block = 4 * _linear(wide, wide) + 2 * _linear(wide, width) + _linear(width, wide) + 2 * wide
    return fields.count("depth") * block + _qwen_ends(fields, wide, hidden, norm=wide)


def _qwen3(fields: Fields, hidden: int) -> int:
    """Return Qwen3-VL's tower, with one more merger for each deep-stack layer."""
    wide = fields.hidden
    blocks = fields.count("depth") * _block(wide, fields.count("intermediate_size"))
    rows = fields.count("num_position_embeddings") + 1
    deep = len(fields.inner.get("deepstack_visual_indexes") or ())
    merged = wide * fields.count("spatial_merge_size") ** 2
    mergers = deep * (2 * merged + _merger(merged, hidden))
    return blocks + rows * wide + mergers + _qwen_ends(fields, wide, hidden, norm=2 * wide)


def _qwen_ends(fields: Fields, wide: int, hidden: int, *, norm: int) -> int:
    frames, patch = fields.count("temporal_patch_size"), fields.count("patch_size")
    stem = 3 * frames * patch**2 * wide
    return stem + norm + _merger(wide * fields.count("spatial_merge_size") ** 2, hidden)


def _merger(merged: int, hidden: int) -> int:
    return _linear(merged, merged) + _linear(merged, hidden)


TOWERS: Mapping[str, Callable[[Fields, int], int]] = {
    "gemma3": _siglip,
    "gemma4": _gemma4,
    "kimi_k25": _kimi,
    "llama4": _llama4,
    "llava clip_vision_model": _clip,
    "llava pixtral": _pixtral,
    "minimax_m3_vl": _minimax,
    "ministral3": _pixtral,
    "mistral3": _pixtral,
    "qwen2_5_vl": _qwen2_5,
    "qwen2_vl": _qwen2,
    "qwen3_5": _qwen3,
    "qwen3_5_moe": _qwen3,
    "qwen3_vl": _qwen3,
    "qwen3_vl_moe": _qwen3,
}

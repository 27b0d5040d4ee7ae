"""Buffers for a step that vLLM makes with a model, so that its log counts them as weights.

Source: vLLM at 017e9f4448, `vllm/models/deepseek_v4/eager_scratch.py`, `nvidia/flashmla.py`.
"""

from __future__ import annotations

from math import ceil

from sizer.estimate.engine.settings import Settings
from sizer.schema.facts.engine_constants import Release
from sizer.schema.facts.model import Attention
from sizer.schema.scenario import Deployment

PADDED_HEADS = 64  # FlashMLA's queries have a multiple of so many
SCRATCH_SINCE: Release = (0, 27)  # before, each layer made its own (#49236)
BYTES = 2.0
SCALED_TOGETHER = 32  # MXFP4
WEIGHT_BYTES = 4.0  # of a head of the index


def padded_width(attention: Attention, tp: int) -> float:
    """Return the elements of a token's queries on one device, as its outputs have; 0 if plain."""
    heads = ceil(attention.heads / tp / PADDED_HEADS) * PADDED_HEADS
    return float(heads * attention.kv_lora_rank * attention.compression)


def keeps_queries(settings: Settings) -> bool:
    """Whether queries lie in a buffer that all layers share."""
    return settings.paged and settings.version >= SCRATCH_SINCE


def scratch_bytes(deployment: Deployment, settings: Settings) -> float:
    """Return the buffers on one device: queries, and those of an index."""
    if not keeps_queries(settings):
        return 0.0
    attentions = [group.attention for group in deployment.model.layers]
    queries = BYTES * max(padded_width(each, deployment.tp) for each in attentions)
    index = max(map(_index_bytes, attentions)) if queries else 0.0
    return settings.max_num_batched_tokens * (queries + index)


def _index_bytes(attention: Attention) -> float:
    """Return 4-bit queries of an index, their scales and the weights of its heads, for a token."""
    width = attention.index_head_dim * attention.compression
    return attention.index_heads * (width / 2 + width / SCALED_TOGETHER + WEIGHT_BYTES)

"""What an index of a sparse attention takes in an engine's profiling run.

Source: vLLM at 017e9f4448, `v1/attention/backends/mla/indexer.py` (get_max_prefill_buffer_size)
and `model_executor/layers/sparse_attn_indexer.py`.
"""

from __future__ import annotations

from sizer.estimate.engine.settings import Settings
from sizer.schema.facts.engine_constants import Release
from sizer.schema.facts.model import Attention, Model

GATHERED = 40  # longest contexts of which keys are gathered at once
SCALE_BYTES = 4  # for a key of 8 bit
LOGITS_BYTES = 512.0 * 2**20  # VLLM_SPARSE_INDEXER_MAX_LOGITS_MB
LOGITS_SINCE: Release = (0, 19)  # #36178


def index_logits_bytes(model: Model, settings: Settings) -> float:
    """Return the logits that an index may have beside a layer at its peak, in bytes."""
    there = settings.paged and settings.version >= LOGITS_SINCE
    return LOGITS_BYTES if there and any(map(_keys, _attentions(model))) else 0.0


def gathered_bytes_per_token(model: Model, settings: Settings) -> float:
    """Return the bytes of gathered keys for each token of the longest context.

    They lie in the workspace that experts use too.
    """
    gathered = (GATHERED * _keys(each) / max(each.compression, 1) for each in _attentions(model))
    return max(gathered, default=0.0) if settings.paged else 0.0


def _attentions(model: Model) -> list[Attention]:
    return [group.attention for group in model.layers if group.attention.kind != "softmax"]


def _keys(attention: Attention) -> float:
    """Return the bytes of a key: of an index over latents, 8 bit and a scale."""
    width = attention.index_head_dim * max(attention.compression, 1)
    return width + SCALE_BYTES if width else 0.0

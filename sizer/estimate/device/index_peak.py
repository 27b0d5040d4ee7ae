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
LOGIT_BYTES = 4.0
AMD_LOGITS_SINCE: Release = (0, 23)  # #41002


def index_logits_bytes(model: Model, settings: Settings) -> float:
    """Return the logits that an index may have beside a layer at its peak, in bytes."""
    there = settings.paged and settings.version >= LOGITS_SINCE
    return LOGITS_BYTES if there and _indexed(model) else 0.0


def gathered_bytes_per_token(model: Model, settings: Settings) -> float:
    """Return the bytes of gathered keys for each token of the longest context.

    They lie in the workspace that experts use too. AMD's has the logits of a whole step besides,
    one for each key (`v1/attention/ops/rocm_aiter_mla_sparse.py`).
    """
    if not settings.paged:
        return 0.0
    logits = LOGIT_BYTES * settings.max_num_batched_tokens if _holds_logits(settings) else 0.0
    indexed = ((each, max(each.compression, 1)) for each in _indexed(model))
    return max(
        (max(GATHERED * _keys(each), logits) / ratio for each, ratio in indexed), default=0.0
    )


def _holds_logits(settings: Settings) -> bool:
    return settings.vendor == "AMD" and settings.version >= AMD_LOGITS_SINCE


def _indexed(model: Model) -> list[Attention]:
    """Return the mixers with an index over latents."""
    mixers = (group.attention for group in model.layers)
    return [each for each in mixers if each.kind == "mla" and each.index_head_dim]


def _keys(attention: Attention) -> float:
    """Return the bytes of a key: of an index over latents, 8 bit and a scale."""
    return attention.index_head_dim * max(attention.compression, 1) + SCALE_BYTES

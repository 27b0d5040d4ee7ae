"""Encoders with rotary positions and gated layers of their own: GTE's `new`, and NomicBERT.

Shapes: text-embeddings-inference, backends/candle/src/models/gte.rs and nomic.rs.
"""

from __future__ import annotations

from collections.abc import Iterator

from sizer.catalog.config.fields import VOCABULARY, Fields
from sizer.schema.facts.model import Attention, LayerGroup, Mlp

GTE, NOMIC = "new", "nomic_bert"
ROTARY = frozenset({GTE, NOMIC})
NORM = 2  # vectors of a normalisation with a bias
GATED = 3  # matrices of a gated feed-forward part
TRAINED = 2048  # positions of NomicBERT where its file says none
PLAIN = frozenset({"gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "relu"})


def rotary_layers(fields: Fields) -> Iterator[LayerGroup]:
    """Yield the layers: attention of plain heads, a feed-forward part, a norm behind each.

    Raises ValueError for a variant that is not read.
    """
    hidden, heads = fields.hidden, fields.heads
    mixer = Attention(
        heads=heads,
        kv_heads=heads,
        head_dim=hidden // heads,
        v_head_dim=hidden // heads,
        cached=False,
        parameters=_mixer(fields),
    )
    part = _feed_forward(fields)
    for _ in range(fields.layers):
        yield LayerGroup(1, mixer, part, 2 * NORM * hidden)


def rotary_context(fields: Fields) -> int:
    """Return the longest text: of NomicBERT as long as it was trained, as vLLM takes it."""
    if fields.family == NOMIC:
        return fields.count("max_trained_positions", "max_position_embeddings", default=TRAINED)
    return fields.context


def rotary_rest(fields: Fields) -> int:
    """Return kinds of text, the table's normalisation, and what stands on top."""
    kinds = fields.count("type_vocab_size", default=0)
    return (kinds + NORM) * fields.hidden + _top(fields)


def _mixer(fields: Fields) -> int:
    square = 4 * fields.hidden * fields.hidden
    biased = fields.family == GTE or fields.flag("qkv_proj_bias", default=True)
    return square + 4 * fields.hidden * biased


def _feed_forward(fields: Fields) -> Mlp:
    if fields.family == GTE:
        width = fields.positive("intermediate_size")
        return Mlp(width=width, dense_parameters=GATED * fields.hidden * width + fields.hidden)
    if fields.count("moe_every_n_layers", default=0):
        raise fields.fault("a NomicBERT with experts is not read")
    width = fields.positive("n_inner", "intermediate_size")
    gated = fields.inner.get("activation_function") not in PLAIN
    matrices = GATED if gated else GATED - 1
    up = (matrices - 1) * width * fields.flag("mlp_fc1_bias", default=True)
    down = fields.hidden * fields.flag("mlp_fc2_bias", default=True)
    return Mlp(width=width, dense_parameters=matrices * fields.hidden * width + up + down)


def _top(fields: Fields) -> int:
    """Return a classifier behind a pooler, or one of tokens; vectors alone need neither."""
    stated = fields.outer.get("architectures")
    named = [str(each) for each in stated] if isinstance(stated, list) else []
    hidden = fields.hidden
    labels = fields.count("num_labels", default=2)
    if any(each.endswith("ForSequenceClassification") for each in named):
        return hidden * (hidden + 1) + labels * (hidden + 1)
    if any(each.endswith("ForTokenClassification") for each in named):
        return labels * (hidden + 1)
    if any(each.endswith("ForMaskedLM") for each in named):
        return hidden * (hidden + 1) + NORM * hidden + fields.positive(*VOCABULARY)
    return 0

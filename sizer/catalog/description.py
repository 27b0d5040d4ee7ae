"""A model that no catalog knows, from the few numbers that its author states."""

from __future__ import annotations

from sizer.schema.facts.model import Attention, LayerGroup, Mlp, Model
from sizer.schema.facts.provenance import Described

VOCABULARY = 32_000  # Llama 2's, when none is stated
CONTEXT = 4096
MATRICES = 3  # gate, up and down
WIDTH_STEP = 256  # widths of published models are multiples of it, so that ranks divide them


def by_hand(
    name: str,
    num_parameters_billions: float,
    num_layers: int,
    hidden_size: int,
    num_attention_heads: int,
    num_kv_heads: int | None = None,
    vocab_size: int | None = None,
    max_sequence_length: int | None = None,
) -> Model:
    """Return a dense model with a gated feed-forward that holds what the rest leaves of the total.

    Its width is rounded to WIDTH_STEP, its parameters are not, so that the total is exact.
    Raises ValueError when the stated parameters are too few for the rest.
    """
    heads, kv_heads = num_attention_heads, num_kv_heads or num_attention_heads
    if hidden_size % heads:
        raise ValueError(f"{heads} heads do not divide a hidden size of {hidden_size}")
    if heads % kv_heads:
        raise ValueError(f"{kv_heads} key and value heads do not divide {heads} heads")
    vocabulary, total = vocab_size or VOCABULARY, round(num_parameters_billions * 1e9)
    attention = _attention(hidden_size, heads, kv_heads)
    outside = 2 * vocabulary * hidden_size + hidden_size
    rest = total - outside - num_layers * (attention.parameters + 2 * hidden_size)
    if rest < num_layers * MATRICES * hidden_size:
        raise ValueError(
            f"{num_parameters_billions} billion parameters are too few for {num_layers} layers of "
            f"{hidden_size} with a vocabulary of {vocabulary}"
        )
    return Model(
        name=name,
        family="by hand",
        hidden_size=hidden_size,
        vocab_size=vocabulary,
        max_context=max_sequence_length or CONTEXT,
        layers=_layers(num_layers, hidden_size, attention, rest),
        embedding_parameters=vocabulary * hidden_size,
        head_parameters=vocabulary * hidden_size,
        final_norm_parameters=hidden_size,
        known_parameters=total,
        provenance=Described(),
    )


def _attention(hidden: int, heads: int, kv_heads: int) -> Attention:
    width = hidden // heads
    return Attention(
        heads=heads,
        kv_heads=kv_heads,
        head_dim=width,
        v_head_dim=width,
        parameters=2 * hidden * width * (heads + kv_heads),
    )


def _layers(count: int, hidden: int, attention: Attention, rest: int) -> tuple[LayerGroup, ...]:
    """Return layers whose feed-forwards hold `rest` parameters together."""
    each, over = divmod(rest, count)
    width = max(round(each / (MATRICES * hidden * WIDTH_STEP)), 1) * WIDTH_STEP
    groups = ((over, each + 1), (count - over, each))
    return tuple(
        LayerGroup(number, attention, Mlp(width=width, dense_parameters=parameters), 2 * hidden)
        for number, parameters in groups
        if number
    )

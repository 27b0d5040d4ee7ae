"""Structures of models against themselves: widths, heads, parts and tables make the counts."""

from __future__ import annotations

from collections.abc import Iterator

from integrity.catalog import Offences, apart, groups, models

from sizer.schema.facts.model import Attention, Mlp

SLACK = 0.02  # norms of heads, biases, sinks, routers of shared experts


def heads_fit() -> Offences:
    """Heads are a whole multiple of kv heads. Exact."""
    for model in models().values():
        for place, group in groups(model):
            mixer = group.attention
            if mixer.kind == "softmax" and (not mixer.kv_heads or mixer.heads % mixer.kv_heads):
                yield model.name, f"{place}: {mixer.heads} heads, {mixer.kv_heads} kv heads"


def projections_make_attention() -> Offences:
    """Heads times width times the residual are the attention's parameters.

    Within 2 % (biases, norms of heads), or with a second query projection (a gate of the output).
    Keys that are values, or caches that another layer fills, need fewer.
    """
    for model in models().values():
        for place, group in groups(model):
            mixer = group.attention
            if mixer.kind not in {"softmax", "mla"} or mixer.compression:
                continue
            sums = [*_attention_sums(mixer, model.hidden_size)]
            if all(apart(mixer.parameters, each) > SLACK for each in sums):
                said = f"{mixer.parameters:,} parameters, its widths make {sums[0]:,}"
                yield model.name, f"{place}: {said}"


def _attention_sums(mixer: Attention, hidden: int) -> Iterator[int]:
    if mixer.kind == "mla":
        yield _latent(mixer, hidden)
        return
    queries = hidden * mixer.heads * mixer.head_dim
    keys = hidden * mixer.kv_heads * mixer.head_dim
    values = hidden * mixer.kv_heads * mixer.v_head_dim
    out = hidden * mixer.heads * mixer.v_head_dim
    yield queries + keys + values + out
    yield 2 * queries + keys + values + out
    yield queries + keys + out  # keys serve as values
    if not mixer.cached:
        yield queries + out


def _latent(mixer: Attention, hidden: int) -> int:
    queries, rank = mixer.heads * mixer.head_dim, mixer.kv_lora_rank
    nope = mixer.head_dim - mixer.qk_rope_head_dim
    low = mixer.q_lora_rank
    up = low * (hidden + queries) if low else hidden * queries
    indexer = hidden * (mixer.index_head_dim + mixer.index_heads)
    indexer += (low or hidden) * mixer.index_heads * mixer.index_head_dim
    return (
        up
        + hidden * (rank + mixer.qk_rope_head_dim)
        + rank * mixer.heads * (nope + mixer.v_head_dim)
        + mixer.heads * mixer.v_head_dim * hidden
        + (indexer if mixer.index_heads else 0)
    )


def widths_make_feed_forward() -> Offences:
    """A feed-forward has two or three matrices of residual times width. Within 2 % (biases).

    Experts may work in a latent width, a multiple of 128 and narrower than the residual.
    """
    for model in models().values():
        for place, group in groups(model):
            for what, width, parameters in _matrices(group.mlp):
                ratio = parameters / (width * model.hidden_size) if width else 0.0
                latent = parameters / width % 128 == 0 and ratio < 3 if width else False
                whole = any(apart(ratio, each) <= SLACK for each in (2, 3))
                if not whole and not (what == "expert" and latent):
                    yield model.name, f"{place}: {what} has {ratio:.3f} matrices of its width"


def _matrices(mlp: Mlp) -> Iterator[tuple[str, int, int]]:
    if mlp.dense_parameters:
        yield "dense part", mlp.width, mlp.dense_parameters
    if mlp.experts:
        yield "expert", mlp.expert_width, mlp.expert_parameters


def experts_are_chosen() -> Offences:
    """A token takes some of the experts, never all, and a router can tell them apart. Exact."""
    for model in models().values():
        for place, group in groups(model):
            mlp = group.mlp
            if not mlp.experts:
                continue
            if not 0 < mlp.experts_per_token < mlp.experts:
                yield model.name, f"{place}: {mlp.experts_per_token} of {mlp.experts} experts"
            if not mlp.router_parameters:
                yield model.name, f"{place}: no router"


def active_below_total() -> Offences:
    """Active parameters are below all of them, far below in a mixture of experts.

    Dense: at most all. Experts: at most half.
    """
    for model in models().values():
        most = model.parameters * (0.5 if model.is_moe else 1.0)
        if model.active_parameters > most:
            yield model.name, f"{model.active_parameters:,} active of {model.parameters:,}"


def tables_are_vocabulary() -> Offences:
    """Input table and output projection are vocabulary times residual, one of them when tied.

    Within 0.1 % (padding, rows for images, a bias). An encoder has no output projection.
    """
    for model in models().values():
        table = model.vocab_size * model.hidden_size
        if apart(model.embedding_parameters, table) > 0.001:
            yield model.name, f"input table {model.embedding_parameters:,}, not {table:,}"
        head = 0 if model.tied_embeddings or model.is_encoder else table
        rest = model.head_parameters - head
        if not 0 <= rest <= model.vocab_size:
            yield model.name, f"output projection {model.head_parameters:,}, not {head:,}"


def windows_fit() -> Offences:
    """A window is at most the context, and one of the sizes in use: 2**n, or one below or above.

    Exact.
    """
    for model in models().values():
        for place, group in groups(model):
            window = group.attention.window
            if window is None:
                continue
            usual = any(not each & (each - 1) for each in (window - 1, window, window + 1))
            if window > model.max_context or not usual:
                yield model.name, f"{place}: window {window:,} of {model.max_context:,}"


def contexts_are_round() -> Offences:
    """A context is a whole number of 1,024 tokens, or of 1,000; an encoder's of 512. Exact."""
    for model in models().values():
        step = 512 if model.is_encoder else 1024
        if model.max_context % step and model.max_context % 1000:
            yield model.name, f"context {model.max_context:,}"


def state_is_kept() -> Offences:
    """A recurrent mixer keeps a state for each sequence, and so does one that compresses. Exact."""
    for model in models().values():
        for place, group in groups(model):
            mixer = group.attention
            recurrent = mixer.kind in {"linear", "mamba"} or mixer.compression > 1
            if recurrent != bool(mixer.state_elements):
                yield model.name, f"{place}: {mixer.kind} with {mixer.state_elements} of state"


CHECKS = (
    heads_fit,
    projections_make_attention,
    widths_make_feed_forward,
    experts_are_chosen,
    active_below_total,
    tables_are_vocabulary,
    windows_fit,
    contexts_are_round,
    state_is_kept,
)

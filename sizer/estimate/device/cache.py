"""How an engine pages the cache of one device: blocks, groups of layers, states.

vLLM gives layers of one kind to groups of equal size and one pool of blocks to all groups, so
that every block is as large as the largest kind needs it (vLLM, hybrid KV cache manager,
docs/design/hybrid_kv_cache_manager.md). A window keeps what the longest step may look back on:
the window less one and a whole prefill chunk, and one block more for where it starts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil

from attrs import evolve, frozen

from sizer.catalog.engines import engine_defaults
from sizer.estimate.device.draft import drafting_mixers
from sizer.estimate.device.gguf import FLOAT, device_share
from sizer.estimate.device.packed_cache import Paged, packed_cache
from sizer.estimate.engine.settings import BLOCK_TOKENS, Settings
from sizer.schema.facts.model import Attention
from sizer.schema.scenario import Deployment

NEARLY_EQUAL = 1.5  # kinds with so few layers more than the rarest share its groups' size
PLAIN_KEY_BYTES = 2.0  # of an index beside heads' own keys
INDEX_SCALE_TOKENS = 128  # one 32-bit scale for so many elements of the indexer's 8-bit keys
SPARSE_LATENT_BYTES = 656  # FlashMLA sparse, fp8: 512 + 4 scales of 4 + 64 of 2
COMPRESSED_LATENT_BYTES = 584  # fp8: 448 + 7 scales and a byte of padding + 64 of 2
CONVOLUTION_BYTES = 2
UNPRESSED_BYTES = 4  # values and gates wait at 32 bit
SNAPSHOTS_SINCE = (0, 20)  # from here vLLM caches prefixes of states: two blocks a sequence


NOTHING = Paged()


@frozen
class Layout:
    """Bytes of a request on one device, in steps of blocks.

    `full_block_bytes` is one block of `full_block_tokens` of a request, of which several tensor
    ranks may each hold a part, over all layers that see everything,
    `window_*` of those that look back `window_tokens`; `fixed_request_bytes` are states, and the
    block where a window starts. `block_bytes` is the unit of the pool. Groups and padding are
    in all of them. `overlapped` and `pressed` are what compressors of a context have not pressed.
    `window_pool_share` is what windows have of the pool for themselves, 0 where
    they share it.
    """

    block_bytes: float
    full_block_bytes: float
    full_block_tokens: int
    window_block_bytes: float
    window_block_tokens: int
    window_tokens: int
    fixed_request_bytes: float
    overlapped: Paged = NOTHING
    pressed: Paged = NOTHING
    window_pool_share: float = 0.0


@frozen
class _Kind:
    """Layers of one spec: bytes of one token, window if any, bytes of a state if it is one."""

    token_bytes: float
    window: int | None
    state_bytes: float


def cached_bytes(attention: Attention, deployment: Deployment) -> float:
    """Return the bytes that one token leaves in the cache of one layer on one device.

    Key and value heads are replicated when `tp` exceeds them; a latent is needed whole by every
    device (DeepSeek-V2, arXiv:2405.04434), and so are the keys of a sparse indexer, whatever the
    cache is: beside a latent 8 bit with scales (DeepSeek-V3.2, arXiv:2512.02556), else 16 bit
    (vLLM at 017e9f4448, vllm/models/minimax_m3/common/indexer.py).
    """
    if not attention.cached:
        return 0.0
    width = deployment.kv_format.bytes_per_element
    if attention.kind == "softmax":
        heads = ceil(attention.kv_heads / deployment.tp)
        keys = attention.index_head_dim * PLAIN_KEY_BYTES
        return heads * (attention.head_dim + attention.v_head_dim) * width + keys
    if attention.kind != "mla":
        return 0.0
    latent = (attention.kv_lora_rank + attention.qk_rope_head_dim) * width
    if not attention.index_head_dim:
        return latent
    if width == 1.0:
        latent = max(latent, SPARSE_LATENT_BYTES * attention.kv_lora_rank / 512)
    return latent + attention.index_head_dim * (1.0 + 4.0 / INDEX_SCALE_TOKENS)


def state_bytes(attention: Attention, deployment: Deployment) -> float:
    """Return the bytes of one sequence's state in one layer on one device.

    The window of its convolution holds drafted tokens too (vLLM, MambaStateShapeCalculator).
    """
    drafted = deployment.draft.tokens if deployment.draft else 0
    window = drafted * attention.convolved * CONVOLUTION_BYTES
    kept = attention.state_elements * attention.state_bytes_per_element
    return (kept + window) / deployment.tp


def layout(deployment: Deployment, settings: Settings, *, at_start: bool = False) -> Layout:
    """Return how an engine lays out the cache of the stage with the most layers.

    `at_start` as it counts a request in its check at the start.
    """
    if settings.paged and any(each.attention.compression > 1 for each in deployment.model.layers):
        return _packed(deployment, settings, at_start=at_start)
    kinds = _kinds(deployment, settings)
    grouped = settings.paged and deployment.model.cache == "hybrid"
    if grouped and len(kinds) > 1 and not _alike(kinds):
        return _grouped(kinds, settings)
    plain = _plain(kinds, settings, has_window_pool(deployment, settings))
    return _on_device(plain, device_share(deployment, settings)) if settings.has_slots else plain


def unasked(whole: Layout) -> Layout:
    """Return a layout of the same blocks of which a request takes nothing."""
    return evolve(
        whole,
        full_block_bytes=0.0,
        window_block_bytes=0.0,
        fixed_request_bytes=0.0,
        overlapped=NOTHING,
        pressed=NOTHING,
    )


def has_window_pool(deployment: Deployment, settings: Settings) -> bool:
    """Whether the release keeps the windows of this model apart; else it keeps all tokens."""
    if not settings.pools_slots:
        return False
    known = engine_defaults(settings.engine)
    return known.has_window_pool(deployment.model.family, settings.asked.patch_release)


def window_pool_share(full_bytes: float, window_bytes: float, settings: Settings) -> float:
    """Return the share of all pools that the one for windows has, given bytes of a token in each.

    SGLang gives it `swa_full_tokens_ratio` times the tokens of the full one.
    """
    if not full_bytes or not window_bytes:
        return 0.0
    asked = settings.asked.swa_full_tokens_ratio
    ratio = settings.default("swa_full_tokens_ratio") if asked is None else asked
    return ratio * window_bytes / (full_bytes + ratio * window_bytes)


def _on_device(whole: Layout, share: float) -> Layout:
    """Return a layout of the share of layers that a device has."""
    return evolve(
        whole,
        block_bytes=whole.block_bytes * share,
        full_block_bytes=whole.full_block_bytes * share,
        window_block_bytes=whole.window_block_bytes * share,
        fixed_request_bytes=whole.fixed_request_bytes * share,
    )


def _kinds(deployment: Deployment, settings: Settings) -> Counter[_Kind]:
    """Return how many layers of each kind the stage with the most layers has."""
    kinds: Counter[_Kind] = Counter()
    for attention, count in _mixers(deployment, settings):
        window = attention.window
        if attention.chunked and settings.paged:
            window = None  # vLLM does not free what a chunked layer has left behind
        if settings.pools_slots and not has_window_pool(deployment, settings):
            window = None
        if attention.compression:
            kinds.update(_compressed(attention, deployment, count))
            continue
        token = cached_bytes(attention, deployment)
        state = state_bytes(attention, deployment)
        if settings.has_slots:
            state *= FLOAT / attention.state_bytes_per_element
        if token:
            kinds[_Kind(token, window, 0.0)] += count
        if state:
            kinds[_Kind(0.0, None, state)] += count
    return kinds


def _mixers(deployment: Deployment, settings: Settings) -> Iterator[tuple[Attention, int]]:
    """Yield the mixers of the stage with the most layers and of its draft, with their numbers."""
    asked, part, whole = settings.layers_per_stage, 1, deployment.pp
    if len(asked) == deployment.pp > 1:
        part, whole = max(asked), deployment.model.layer_count
    for group in deployment.model.layers:
        yield group.attention, ceil(group.count * part / whole)
    yield from drafting_mixers(deployment)


def _compressed(attention: Attention, deployment: Deployment, count: int) -> Counter[_Kind]:
    """Return the kinds of layers that keep a window whole and one latent for several tokens.

    Beyond the window's latents a layer keeps the 32-bit values and gates that its compressor has
    not yet pressed; overlapping windows, which have an indexer with a compressor of its own, twice.
    """
    ratio, width = attention.compression, attention.kv_lora_rank * attention.compression
    window = attention.window or attention.state_elements // width
    each = width * deployment.kv_format.bytes_per_element
    if deployment.kv_format.bytes_per_element == 1.0:
        each *= COMPRESSED_LATENT_BYTES / 512
    if ratio == 1:
        return Counter({_Kind(each, window, 0.0): count})
    keys = attention.index_head_dim * ratio
    index = keys + 4.0 * keys / INDEX_SCALE_TOKENS
    pending = 2 * UNPRESSED_BYTES * (2 * (width + keys) if keys else width)
    kinds = Counter({_Kind((each + index) / ratio, None, 0.0): count})
    kinds[_Kind(each + pending, window, 0.0)] += count
    return kinds


def _packed(deployment: Deployment, settings: Settings, *, at_start: bool) -> Layout:
    found = packed_cache(deployment, settings.version, at_start=at_start)
    return Layout(
        block_bytes=found.page_bytes,
        full_block_bytes=found.latents.block_bytes,
        full_block_tokens=found.latents.block_tokens,
        window_block_bytes=found.window.block_bytes,
        window_block_tokens=found.window.block_tokens,
        window_tokens=found.window.kept_tokens,
        fixed_request_bytes=found.first_bytes,
        overlapped=found.overlapped,
        pressed=found.pressed,
    )


def _alike(kinds: Counter[_Kind]) -> bool:
    return len({(kind.window, bool(kind.state_bytes)) for kind in kinds}) == 1


def _plain(kinds: Counter[_Kind], settings: Settings, apart: bool) -> Layout:  # noqa: FBT001
    """Return a layout without groups: every layer has blocks of its own width.

    Windows are `apart` where they have a pool of their own.
    """
    tokens = settings.block_tokens
    full = sum(n * k.token_bytes for k, n in kinds.items() if not k.window)
    windowed = sum(n * k.token_bytes for k, n in kinds.items() if k.window)
    state = sum(n * k.state_bytes for k, n in kinds.items())
    if settings.pools_slots:
        state = 0.0  # they have a pool of their own
    return Layout(
        block_bytes=(full + windowed) * tokens or state,
        full_block_bytes=full * tokens,
        full_block_tokens=tokens * settings.context_ranks,
        window_block_bytes=windowed * tokens,
        window_block_tokens=tokens,
        window_tokens=max((k.window or 0 for k in kinds), default=0),
        fixed_request_bytes=state + (windowed * tokens if settings.paged else 0.0),
        window_pool_share=window_pool_share(full, windowed, settings) if apart else 0.0,
    )


def _grouped(kinds: Counter[_Kind], settings: Settings) -> Layout:
    """Return the layout of a hybrid: groups of one size over one pool of equal pages."""
    page = _page_bytes(kinds, settings.block_tokens)
    size = _group_size(kinds)
    block = page * size
    groups = {kind: ceil(count / size) for kind, count in kinds.items()}
    full = [kind for kind in kinds if kind.token_bytes and not kind.window]
    windowed = [kind for kind in kinds if kind.window]
    looking_back = sum(groups[kind] for kind in windowed) * block
    states = sum(groups[kind] for kind in kinds if kind.state_bytes)
    return Layout(
        block_bytes=block,
        full_block_bytes=sum(groups[kind] for kind in full) * block,
        full_block_tokens=_block_tokens(full, page) * settings.context_ranks,
        window_block_bytes=looking_back,
        window_block_tokens=_block_tokens(windowed, page),
        window_tokens=max((kind.window or 0 for kind in windowed), default=0),
        fixed_request_bytes=states * block * _blocks_of_a_state(settings) + looking_back,
    )


def _page_bytes(kinds: Counter[_Kind], block_tokens: int) -> float:
    """Return the bytes of a page: a block of the widest kind, whole sixteens if a state needs it.

    A block that is asked for grows where a state does not fit it (vLLM, HybridAttentionMambaModel
    in vllm/model_executor/models/config.py).
    """
    widest = max(kind.token_bytes for kind in kinds)
    state = max(kind.state_bytes for kind in kinds)
    if not widest:
        return state
    held = ceil(state / (widest * BLOCK_TOKENS)) * BLOCK_TOKENS
    return max(block_tokens, held) * widest


def _group_size(kinds: Counter[_Kind]) -> int:
    least, most = min(kinds.values()), max(kinds.values())
    return most if most < NEARLY_EQUAL * least else least


def _block_tokens(kinds: list[_Kind], page: float) -> int:
    widest = max((kind.token_bytes for kind in kinds), default=0.0)
    return int(page // widest) if widest else BLOCK_TOKENS


def _blocks_of_a_state(settings: Settings) -> int:
    """Return the blocks of a sequence's state: one for each token that is drafted too."""
    kept = 2 if settings.version >= SNAPSHOTS_SINCE else 1
    return kept + settings.drafted_tokens

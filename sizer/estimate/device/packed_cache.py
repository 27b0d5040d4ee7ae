"""How vLLM pages the cache of layers that compress their context (DeepSeek-V4).

Such a layer has latents that grow with the context, keys of an index beside them, a window of
recent latents, and what its compressors have not pressed yet. Layers with one page table are a
group, and all groups draw their pages from one pool. Source: vLLM at 017e9f4448,
`vllm/models/deepseek_v4` (attention.py, compressor.py), `v1/attention/backends/mla/sparse_swa.py`,
`v1/core/kv_cache_utils.py` (_get_kv_cache_groups_uniform_groups, _get_packed_kv_cache_layout).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import ceil
from typing import Literal

from attrs import frozen

from sizer.estimate.device.draft import drafting_mixers
from sizer.schema.facts.engine_constants import Release
from sizer.schema.facts.model import Attention
from sizer.schema.scenario import Deployment

LATENT_TOKENS = 256  # of context in a page of latents or index keys
WINDOW_TOKENS = 64  # in a page of a window
OVERLAPPED_TOKENS, PRESSED_TOKENS = 4, 8  # in one of a compressor: no larger than those of latents
NARROW_LATENT_BYTES = 584  # fp8: 448 + 7 scales and a byte of padding + 64 of 2
INDEX_SCALE_BYTES = 4  # for a key of 128
PENDING_BYTES = 4  # values and gates wait at 32 bit
NARROW_ALIGNMENT, ALIGNMENT = 576, 512
COMPACT_SINCE: Release = (0, 23)  # sizes of pages are counted apart (#44454)
DENSE_SINCE: Release = (0, 27)  # groups need no pages of equal size (#48993)
COUNTED_SINCE: Release = (0, 28)  # the check at the start counts pages of the pool

Kind = Literal["latent", "window", "overlapped", "pressed"]


@frozen
class Paged:
    """Blocks of `block_tokens` that take `block_bytes` of the pool; `kept_tokens` stay."""

    block_bytes: float = 0.0
    block_tokens: int = 1
    kept_tokens: int = 0


@frozen
class PackedCache:
    """What a request takes of a pool of pages, by what it keeps.

    A page has `page_bytes`; `first_bytes` are for where each window starts within a block.
    """

    page_bytes: float
    latents: Paged
    window: Paged
    overlapped: Paged
    pressed: Paged
    first_bytes: float


@frozen
class _Sliding:
    """Layers that keep `tokens`: how many, and the sizes of a layer's pages."""

    kind: Kind
    layers: int
    sizes: tuple[int, ...]
    tokens: int


@frozen
class _Group:
    """Layers with one page table: how many pages of each size a block takes."""

    kind: Kind
    pages: Counter[int]

    @property
    def size(self) -> int:
        return sum(size * count for size, count in self.pages.items())


def packed_cache(
    deployment: Deployment, version: Release, *, at_start: bool = False
) -> PackedCache:
    """Return what a request takes, or what an engine counts it with in its check at the start.

    Before 0.27 a page of a group counts by its own bytes in what vLLM logs (#48317).
    """
    groups = tuple(_groups(deployment, version))
    page = _page_bytes(groups, version)
    taken: dict[Kind, float] = defaultdict(float)
    for group in groups:
        own = page if version >= DENSE_SINCE else group.size * page / groups[0].size
        taken[group.kind] += _equal(groups) if at_start and version < COUNTED_SINCE else own
    kept = {each.kind: each.tokens for each in _sliding(deployment)}
    return PackedCache(
        page,
        Paged(taken["latent"], LATENT_TOKENS),
        Paged(taken["window"], WINDOW_TOKENS, kept.get("window", 0)),
        Paged(taken["overlapped"], OVERLAPPED_TOKENS, kept.get("overlapped", 0)),
        Paged(taken["pressed"], PRESSED_TOKENS, kept.get("pressed", 0)),
        sum(size for kind, size in taken.items() if kind != "latent"),
    )


def _groups(deployment: Deployment, version: Release) -> Iterator[_Group]:
    """Yield the groups: all latents, and the layers of each other kind in as many as fit them."""
    latents, sliding = _latents(deployment), _sliding(deployment)
    yield _Group("latent", latents)
    most = max(latents.values())
    layers = _alike([most, *(each.layers for each in sliding)], most)
    for each in sliding:
        count = ceil(each.layers / layers)
        for number in range(count):
            held = len(range(number, each.layers, count))
            yield _Group(each.kind, _pages(each, held, latents, padded=version < DENSE_SINCE))


def _pages(each: _Sliding, layers: int, latents: Counter[int], *, padded: bool) -> Counter[int]:
    """Return the pages of so many layers, `padded` to a size that latents have too."""
    pages: Counter[int] = Counter()
    for size in each.sizes:
        larger = min((latent for latent in latents if latent >= size), default=size)
        pages[larger if padded else size] += layers
    return pages


def _alike(counts: Sequence[int], least: int) -> int:
    """Return the layers of a group, with which all kinds together have the fewest to spare."""
    return min(
        range(least, max(counts) + 1),
        key=lambda size: (sum(-count % size for count in counts), -size),
    )


def _page_bytes(groups: Sequence[_Group], version: Release) -> float:
    if version >= DENSE_SINCE:
        return max(group.size for group in groups)
    if version < COMPACT_SINCE:
        return _equal(groups)
    most: Counter[int] = Counter()
    for group in groups:
        most |= group.pages
    return sum(size * count for size, count in most.items())


def _equal(groups: Sequence[_Group]) -> float:
    """Return a page in which every size of page stands as often as any does."""
    return sum(groups[0].pages.keys()) * max(max(group.pages.values()) for group in groups)


def _latents(deployment: Deployment) -> Counter[int]:
    """Return the pages of what grows with the context: pressed latents, and keys of an index."""
    pages: Counter[int] = Counter()
    for attention, layers in _layers(deployment):
        ratio = attention.compression
        if ratio > 1:
            rows = LATENT_TOKENS // ratio
            pages[_aligned(rows * _latent_bytes(attention, deployment), deployment)] += layers
            keys = attention.index_head_dim * ratio
            if keys:
                pages[_aligned(rows * (keys + INDEX_SCALE_BYTES), deployment)] += layers
    return pages


def _sliding(deployment: Deployment) -> list[_Sliding]:
    """Return the layers with a window, and those with each kind of compressor."""
    layers: Counter[tuple[Kind, tuple[int, ...], int]] = Counter()
    for attention, count in _layers(deployment):
        ratio, width = attention.compression, attention.kv_lora_rank * attention.compression
        latents = WINDOW_TOKENS * _latent_bytes(attention, deployment)
        kept = attention.window or attention.state_elements // width
        layers["window", (_aligned(latents, deployment),), kept] += count
        keys = attention.index_head_dim * ratio
        if ratio > 1 and keys:
            rows = OVERLAPPED_TOKENS * 2 * 2 * PENDING_BYTES
            sizes = tuple(_aligned(rows * each, deployment) for each in (width, keys))
            layers["overlapped", sizes, 2 * ratio] += count
        elif ratio > 1:
            rows = PRESSED_TOKENS * 2 * PENDING_BYTES
            layers["pressed", (_aligned(rows * width, deployment),), ratio] += count
    return [_Sliding(kind, count, sizes, kept) for (kind, sizes, kept), count in layers.items()]


def _layers(deployment: Deployment) -> Iterator[tuple[Attention, int]]:
    """Yield the mixers of a stage, and of a draft's layers."""
    for group in deployment.model.layers:
        yield group.attention, ceil(group.count / deployment.pp)
    yield from drafting_mixers(deployment)


def _latent_bytes(attention: Attention, deployment: Deployment) -> float:
    width = attention.kv_lora_rank * attention.compression
    each = deployment.kv_format.bytes_per_element
    return NARROW_LATENT_BYTES * width / 512 if each == 1.0 else width * each


def _aligned(size: float, deployment: Deployment) -> int:
    narrow = deployment.kv_format.bytes_per_element == 1.0
    unit = NARROW_ALIGNMENT if narrow else ALIGNMENT
    return ceil(size / unit) * unit

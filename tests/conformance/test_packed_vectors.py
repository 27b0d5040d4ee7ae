"""DeepSeek-V4's cache in vLLM, by hand: pages of five groups, and how many a request takes.

Pages are of 8-bit caches: 584 B a latent, in multiples of 576 B. Of 256 tokens:

    ratio 4: 64 latents, 37,376 B -> 65 x 576 = 37,440; 64 keys of an index, 128 + 4 B: 8,448 ->
    15 x 576 = 8,640
    ratio 128: 2 latents, 1,168 B -> 3 x 576 = 1,728
    window: 64 latents -> 37,440, in every layer
    waiting, ratio 4: 4 tokens x 2 windows x (value, gate) x 512 x 4 B = 32,768 -> 32,832, and for
    the index x 128: 8,192 -> 8,640
    waiting, ratio 128: 8 tokens x (value, gate) x 512 x 4 B -> 32,832

Flash has 43 layers, 21 of ratio 4, 20 of 128 and 2 without; Pro 61: 30 of 4 and 31 of 128.
"""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment
from vectors import H100, laid_out, request_bytes

from sizer.estimate.device.cache import layout
from sizer.estimate.device.packed_cache import packed_cache
from sizer.estimate.engine.settings import settings
from sizer.schema.asked.serving import Engine
from sizer.schema.scenario import Draft

FLASH, PRO = "deepseek-ai/DeepSeek-V4-Flash", "deepseek-ai/DeepSeek-V4-Pro"
LATENT, KEYS, LONG, WAITING = 37_440, 8_640, 1_728, 32_832


def test_groups_lie_over_each_other() -> None:
    # One group of all that grows: 21 x 46,080 + 20 x 1,728 = 1,002,240 B. Of windows two, of 22
    # and 21 layers; of what waits 21 x 41,472 = 870,912 and 20 x 32,832 = 656,640. A page is as
    # large as the largest (vllm issue 54703 lists these five).
    cache = laid_out(FLASH, "0.28.0", "fp8", tp=8)
    page = 21 * (LATENT + KEYS) + 20 * LONG
    assert cache.block_bytes == cache.full_block_bytes == page == 1_002_240
    assert cache.window_block_bytes == 2 * page
    assert cache.overlapped.block_bytes == cache.pressed.block_bytes == page
    # 262,144 tokens, two steps of 8,192 in flight: 1,024 pages; 127 + 16,384 tokens are 258 of 64
    # and one more, in both groups; 7 + 16,384 are 4,098 of 4; 127 + 16,384 are 2,064 of 8
    pages = 1024 + 2 * 259 + 4099 + 2065
    assert request_bytes(cache, 262_144, chunk=16_384) == pages * page
    # vLLM 0.31 logged 47.43 GiB and 1,728,531 tokens
    blocks = int(47.43 * 2**30 // page)
    assert blocks / pages * 262_144 == pytest.approx(1_728_531, rel=1e-4)


def test_pages_had_the_sizes_of_those_that_grow() -> None:
    # vLLM 0.23 to 0.26: 22 x 37,440 (the most layers of a group), 21 x 8,640 and 20 x 1,728.
    # What waits has pages of 37,440 and 8,640 too. In its log a page of a group counts by its own
    # bytes, over the 1,002,240 of those that grow.
    cache = laid_out(FLASH, "0.26.0", "fp8", tp=2)
    page = 22 * LATENT + 21 * KEYS + 20 * LONG
    assert cache.block_bytes == page == 1_039_680
    grown, waiting = 1_002_240, 21 * (LATENT + KEYS)
    shares = (259 * 43 * LATENT + 4099 * waiting + 2065 * 20 * LATENT) / grown
    assert request_bytes(cache, 121_344, chunk=16_384) == pytest.approx((474 + shares) * page)


def test_a_module_for_drafts_has_one_window_more() -> None:
    # it presses nothing: 44 windows in two groups of 22; 7.71 GiB hold 150,992 tokens (issue 51041)
    used = settings(Engine(version="0.26.0"), H100)
    drafting = evolve(deployment(FLASH, kv_format="fp8", tp=2), draft=Draft("mtp", 1))
    cache = layout(drafting, used)
    page, grown, waiting = 1_039_680, 1_002_240, 21 * (LATENT + KEYS)
    assert cache.window_block_bytes == pytest.approx(44 * LATENT / grown * page)
    shares = (259 * 44 * LATENT + 4099 * waiting + 2065 * 20 * LATENT) / grown
    need = request_bytes(cache, 121_344, chunk=16_384)
    assert need == pytest.approx((474 + shares) * page)
    assert 7.71 * 2**30 / need == pytest.approx(150_992 / 121_344, rel=1e-3)


def test_before_that_every_size_stood_as_often() -> None:
    # vLLM 0.22: 22 x (37,440 + 8,640 + 1,728); it logged 37.93 GiB and 2,497,693 tokens in
    # requests of 256,000, one step of 8,192 in flight
    cache = laid_out(FLASH, "0.22.1", "fp8", tp=8)
    assert cache.block_bytes == 22 * (LATENT + KEYS + LONG) == 1_051_776
    requests = 37.93 * 2**30 / request_bytes(cache, 256_000, chunk=8192)
    assert requests * 256_000 == pytest.approx(2_497_693, rel=2e-4)


def test_the_check_at_the_start() -> None:
    # Pro, 1,048,576 tokens, two steps of 16,384: 4,096; 2 x (514 + 1); 8,194 + 1; 4,112 + 1
    pages = 4096 + 2 * 515 + 8195 + 4113
    page = 30 * (LATENT + KEYS) + 31 * LONG
    now = laid_out(PRO, "0.28.0", "fp8", tp=8)
    assert request_bytes(now, 1_048_576, chunk=32_768) == pages * page
    # an engine that did not start wanted 23.32 GiB (vllm issue 53961)
    assert pages * page / 2**30 == pytest.approx(23.32, abs=0.005)
    # before 0.28 the check took 31 pages of each size for one: 31 x 47,808 B
    before = packed_cache(deployment(PRO, kv_format="fp8", tp=8), (0, 27), at_start=True)
    assert before.latents.block_bytes == 31 * (LATENT + KEYS + LONG)
    assert before.window.block_bytes == 2 * before.latents.block_bytes


def test_stages_have_pages_of_their_layers() -> None:
    # two stages: 11 layers of ratio 4, 10 of 128 and one without on the larger: 22 windows
    cache = laid_out(FLASH, "0.28.0", "fp8", pp=2)
    assert cache.block_bytes == 11 * (LATENT + KEYS) + 10 * LONG
    assert cache.window_block_bytes == 2 * cache.block_bytes


def test_wider_caches_have_plain_rows() -> None:
    # 64 latents of 512 x 2 B, keys 8,448 -> 17 x 512 = 8,704; 2 latents of 1,024 B
    cache = laid_out(FLASH, "0.28.0", "bf16", tp=8)
    assert cache.block_bytes == 21 * (65_536 + 8_704) + 20 * 2048

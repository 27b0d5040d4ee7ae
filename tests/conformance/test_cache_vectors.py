"""The cache of each kind of layer, by hand from one real model's config.json.

Independent of the code: the arithmetic stands beside each figure. `K and V` is a factor of 2, a
16-bit number has 2 bytes, vLLM's block has 16 tokens.
"""

from __future__ import annotations

import pytest
from vectors import laid_out, request_bytes

PLAIN = [
    # MHA, Llama-2-7B: 32 layers, 32 heads of 128; K and V, 2 bytes
    ("meta-llama/Llama-2-7b-hf", {}, "bf16", 32 * 32 * 128 * 2 * 2),
    # GQA, Llama-3.1-70B: 80 layers, 8 key and value heads of 128
    ("meta-llama/Llama-3.1-70B", {}, "bf16", 80 * 8 * 128 * 2 * 2),
    ("meta-llama/Llama-3.1-70B", {"tp": 8}, "bf16", 80 * 1 * 128 * 2 * 2),
    # 16 ranks for 8 heads: each head stands twice, a rank never holds less than one
    ("meta-llama/Llama-3.1-70B", {"tp": 16}, "bf16", 80 * 1 * 128 * 2 * 2),
    # 80 layers over 4 stages: 20 on each
    ("meta-llama/Llama-3.1-70B", {"pp": 4}, "bf16", 20 * 8 * 128 * 2 * 2),
    # an 8-bit cache: 1 byte
    ("meta-llama/Llama-3.1-70B", {}, "fp8", 80 * 8 * 128 * 2 * 1),
    # MQA, Falcon-7B: 32 layers, 1 head of 64, never divided
    ("tiiuae/falcon-7b", {"tp": 8}, "bf16", 32 * 1 * 64 * 2 * 2),
    # MLA, DeepSeek-V3: 61 layers, one latent of 512 + 64, whole on every rank; no K and V
    ("deepseek-ai/DeepSeek-V3", {}, "bf16", 61 * (512 + 64) * 2),
    ("deepseek-ai/DeepSeek-V3", {"tp": 8}, "bf16", 61 * (512 + 64) * 2),
    # MLA, Kimi-K2: 61 layers of the same latent (vLLM logged 70,272 B on each of 8 ranks)
    ("moonshotai/Kimi-K2-Instruct", {"tp": 8}, "bf16", 70_272),
    # DSA, GLM-5: 78 layers; beside the latent an 8-bit key of 128 with a 32-bit scale
    ("zai-org/GLM-5.1-FP8", {"tp": 8}, "bf16", 78 * ((512 + 64) * 2 + 128 + 4)),
    # DSA with an 8-bit cache: FlashMLA keeps 512 + 4 scales of 4 + 64 x 2 bytes
    ("deepseek-ai/DeepSeek-V3.2", {}, "fp8", 61 * (656 + 128 + 4)),
    # an index beside heads' own keys, MiniMax-M3: 60 layers of 4 heads of 128, and in 57 of them a
    # 16-bit key of 128, which every rank has whole and an 8-bit cache leaves as it is
    ("MiniMaxAI/MiniMax-M3", {}, "bf16", 60 * 4 * 128 * 2 * 2 + 57 * 128 * 2),
    ("MiniMaxAI/MiniMax-M3", {"tp": 8}, "fp8", 60 * 1 * 128 * 2 * 1 + 57 * 128 * 2),
    # architecture search, Nemotron-Super-49B: 49 of 80 blocks attend, 8 heads of 128
    ("nvidia/Llama-3_3-Nemotron-Super-49B-v1", {}, "bf16", 49 * 8 * 128 * 2 * 2),
    # chunks, Llama-4-Scout: vLLM keeps all 48 layers whole; 8 heads of 128
    ("meta-llama/Llama-4-Scout-17B-16E-Instruct", {}, "bf16", 48 * 8 * 128 * 2 * 2),
]


@pytest.mark.parametrize(("model", "split", "kv_format", "expected"), PLAIN)
def test_bytes_of_a_token(model: str, split: dict[str, int], kv_format: str, expected: int) -> None:
    cache = laid_out(model, kv_format=kv_format, **split)
    assert cache.full_block_bytes / cache.full_block_tokens == expected
    assert cache.window_block_bytes == 0
    assert cache.fixed_request_bytes == 0


def test_windows_in_half_of_the_layers() -> None:
    # Gemma-2-27B: 23 layers see all, 23 see 4,096; 16 heads of 128: 8,192 B a token and layer.
    cache = laid_out("google/gemma-2-27b-it")
    block = 23 * 16 * 8192  # 23 layers a group, 16 tokens a block
    assert cache.block_bytes == block
    # 8,192 tokens, all in one chunk: 512 blocks, and 512 + 1 for the windows
    assert request_bytes(cache, 8192) == (512 + 513) * block
    # in chunks of 1,024 a window holds 4,095 + 1,024 = 5,119 tokens: 320 blocks, and 1
    assert request_bytes(cache, 8192, chunk=1024) == (512 + 321) * block
    # vLLM 0.19 logged 20.59 GiB and 7.16 requests of 8,192
    assert 20.59 * 2**30 / request_bytes(cache, 8192) == pytest.approx(7.16, rel=2e-3)


def test_windows_in_most_layers_are_padded_to_whole_groups() -> None:
    # Gemma-3-27B: 10 layers see all, 52 see 1,024; groups of 10: 1 and 6, the last with 8 empty.
    cache = laid_out("google/gemma-3-27b-it")
    block = 10 * 16 * 16 * 128 * 2 * 2
    assert request_bytes(cache, 8192) == (512 + 6 * 513) * block
    # 70 instead of 62 layers: 573,440 B a token where 507,904 are used
    assert cache.full_block_bytes / 16 + cache.window_block_bytes / 16 == 573_440


def test_layers_of_two_widths_share_one_page() -> None:
    # Gemma-4-31B: 50 windowed layers of 16 heads of 256, 10 full ones of 4 heads of 512.
    cache = laid_out("google/gemma-4-31B-it")
    page = 16 * 16 * 256 * 2 * 2  # the wider kind's block of 16 tokens
    assert cache.block_bytes == 10 * page
    assert cache.full_block_tokens == 32  # 4 x 512 is half of 16 x 256
    assert cache.full_block_bytes == 1 * 10 * page
    assert cache.window_block_bytes == 5 * 10 * page


def test_layers_that_use_the_caches_of_others_have_none() -> None:
    # Gemma-4-E4B: 42 layers, the last 18 share; of 24, every sixth is full: 4, and 20 windowed.
    cache = laid_out("google/gemma-4-E4B-it")
    page = 16 * 2 * 512 * 2 * 2  # 2 heads of 512, the wider kind
    assert cache.block_bytes == 4 * page
    assert cache.window_block_tokens == 32  # 2 heads of 256
    assert cache.window_block_bytes == 5 * 4 * page


def test_linear_attention_takes_a_page_for_its_state() -> None:
    # Qwen3.5-27B: 16 full layers of 4 heads of 256: 4,096 B a token; 48 gated delta nets with
    # 48 x 128 x 128 numbers of 4 bytes, and 3 x (2 x 16 + 48) x 128 of 2: 3,207,168 B, which is
    # 783 tokens: blocks of 784 (vLLM logged 784).
    cache = laid_out("Qwen/Qwen3.5-27B")
    block = 16 * 784 * 4096
    assert (cache.full_block_tokens, cache.block_bytes) == (784, block)
    # 131,072 tokens: 168 blocks, and a state for each of 3 groups of 16
    assert request_bytes(cache, 131_072) == (168 + 3) * block
    # vLLM 0.19 logged 55.08 GiB and 6.73 requests
    assert 55.08 * 2**30 / request_bytes(cache, 131_072) == pytest.approx(6.73, rel=2e-3)


def test_states_that_are_cached_too_take_two_pages() -> None:
    # the same on vLLM 0.28, which logged 18.61 GiB and 1.14 requests of 262,144
    cache = laid_out("Qwen/Qwen3.5-27B", version="0.28.0")
    block = 16 * 784 * 4096
    assert request_bytes(cache, 262_144) == (335 + 2 * 3) * block
    assert 18.61 * 2**30 / request_bytes(cache, 262_144) == pytest.approx(1.14, rel=5e-3)


def test_a_state_is_divided_as_its_heads_are() -> None:
    # Qwen3.5-27B at tp 2, 8-bit cache: a token 2 heads x 256 x 2 = 1,024 B, a state half: 1,566
    # tokens: blocks of 1,568 (vLLM logged 1,568).
    cache = laid_out("Qwen/Qwen3.5-27B", kv_format="fp8", tp=2)
    assert cache.full_block_tokens == 1568


def test_mamba_beside_attention_in_every_layer() -> None:
    # Falcon-H1-3B: 32 layers with both; 2 heads of 128: 1,024 B a token; a state of 4,096 x 256
    # and 3 x (4,096 + 512) numbers of 2 bytes: 2,124,800 B: blocks of 2,080 (vLLM logged 2,080).
    cache = laid_out("tiiuae/Falcon-H1-3B-Base", version="0.12.0")
    block = 32 * 2080 * 1024
    assert (cache.full_block_tokens, cache.block_bytes) == (2080, block)
    assert request_bytes(cache, 2048) == 2 * block
    # vLLM 0.12 logged 5.28 GiB and 41.5 requests of 2,048
    assert 5.28 * 2**30 / request_bytes(cache, 2048) == pytest.approx(41.5, rel=5e-3)


def test_mamba_2_with_experts() -> None:
    # Granite-4.0-H-Small: 4 attention layers of 8 heads of 128: 4,096 B a token; states of
    # 128 x 64 x 128 and 3 x (8,192 + 256) numbers: 2,147,840 B: blocks of 528 (logged: 528).
    cache = laid_out("ibm-granite/granite-4.0-h-small")
    assert cache.full_block_tokens == 528
    # 40 layers: 36 states in 9 groups of 4
    assert request_bytes(cache, 528) == (1 + 9) * 4 * 528 * 4096


def test_mamba_1() -> None:
    # Jamba: 4 of 32 layers attend with 8 heads of 128; states of 8,192 x 16 and 3 x 8,192
    # numbers of 2 bytes: 311,296 B are 76 tokens: blocks of 80.
    cache = laid_out("ai21labs/Jamba-v0.1")
    assert cache.full_block_tokens == 80
    assert request_bytes(cache, 8000) == (100 + 7) * 4 * 80 * 4096

"""What drafting tokens adds on one device, by hand from one real model's config.json.

Independent of the code: the arithmetic stands beside each figure. A 16-bit number has 2 bytes.
"""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment
from vectors import H100, request_bytes

from sizer.catalog.formats import find_weight_format
from sizer.catalog.models import find_model
from sizer.estimate.device.cache import Layout, layout
from sizer.estimate.device.draft import draft_tensors, drafting_mixers
from sizer.estimate.device.stages import Stage, stages
from sizer.estimate.engine.settings import settings
from sizer.schema.asked.serving import Engine, Speculative, SpeculativeMethod
from sizer.schema.scenario import Deployment, Draft

LLAMA = "meta-llama/Llama-3.1-70B"
MIB = 2**20


def drafting(
    placed: Deployment, method: SpeculativeMethod, tokens: int = 1, model: str | None = None
) -> Deployment:
    """Return a deployment whose tokens somebody drafts."""
    own = find_model(model).value if model else None
    form = find_weight_format(own.weights) if own else None
    return evolve(placed, draft=Draft(method, tokens, own, form))


def laid_out(placed: Deployment, version: str = "0.19.0", ranks: int = 1) -> Layout:
    tokens = placed.draft.tokens if placed.draft else 0
    asked = Speculative(placed.draft.method if placed.draft else None, tokens=(max(tokens, 1),))
    engine = Engine(version=version, speculative=asked, decode_context_parallel_size=ranks)
    return layout(placed, settings(engine, H100))


def loaded(placed: Deployment, stage: Stage | None = None) -> float:
    """Return the bytes of a draft on one device, before the allocator rounds them."""
    last = stage or stages(placed.model.layer_count, placed.pp)[-1]
    return sum(each.copies * each.bytes_each for each in draft_tensors(placed, last))


def test_a_module_is_one_more_layer_and_one_more_group_size() -> None:
    # Qwen3.6-27B: 16 full layers and a module's: 17 in a group; 48 states in 3 groups of 17. A
    # state is 3,207,168 B, and its window has 3 drafted tokens more of 10,240 channels of 2 B:
    # 798 tokens of 4,096 B, so blocks of 800. A state takes one, and one for each drafted token.
    cache = laid_out(drafting(deployment("Qwen/Qwen3.6-27B"), "mtp", 3))
    block = 17 * 800 * 4096
    assert (cache.block_bytes, cache.full_block_bytes) == (block, block)
    assert request_bytes(cache, 262_144) == (328 + 3 * (1 + 3)) * block
    # vLLM 0.28 keeps a snapshot beside: two blocks and one for each drafted token
    cache = laid_out(drafting(deployment("Qwen/Qwen3.6-27B"), "mtp", 3), "0.28.0")
    assert request_bytes(cache, 262_144) == (328 + 3 * (2 + 3)) * block


def test_the_cache_of_a_report_with_a_module_and_context_ranks() -> None:
    # GLM-5.1, fp8 cache, tp 8, 4 context ranks, MTP: 78 layers and a module of 656 + 132 B. Logged:
    # 7.58 GiB on each rank hold 523,008 tokens: 7.58 GiB x 4 / 523,008 = 62,248 B a token
    placed = drafting(deployment("zai-org/GLM-5.1-FP8", "fp8", "fp8", tp=8), "mtp", 3)
    cache = laid_out(placed, ranks=4)
    assert cache.full_block_bytes == 16 * 79 * (656 + 132)
    assert 4 * cache.full_block_bytes / cache.full_block_tokens == 62_252
    assert pytest.approx(62_252, rel=1e-3) == 7.58 * 2**30 * 4 / 523_008
    # one request of 202,752: 2.58 of them in 7.58 GiB
    assert 7.58 * 2**30 / request_bytes(cache, 202_752) == pytest.approx(2.58, rel=1e-3)


def test_start_ups_that_drafted() -> None:
    # vLLM 0.20.2 on two RTX PRO 4000, Qwen3.6-27B with 3 drafted tokens, fp8 cache. At tp 2: 2
    # heads x 256 x K and V = 1,024 B; blocks of 1,600 tokens in 17 layers: 123 for 196,608 tokens,
    # and 3 groups of 2 + 3 for states. Logged: 6.35 GiB and 347,625 tokens: 244 whole blocks
    placed = drafting(deployment("Qwen/Qwen3.6-27B", "nvfp4", "fp8", tp=2), "mtp", 3)
    cache, block = laid_out(placed, "0.20.2"), 17 * 1600 * 1024
    assert request_bytes(cache, 196_608) == (123 + 3 * (2 + 3)) * block
    assert pytest.approx(6.35 * 2**30 // block, abs=0.001) == 347_625 / 196_608 * 138
    # the same with 131,072: 82 blocks, and 335,111 tokens are 248
    assert request_bytes(cache, 131_072) == (82 + 3 * (2 + 3)) * block
    assert pytest.approx(248, abs=0.001) == 335_111 / 131_072 * 97
    # on four RTX 5060 Ti, half as much in each: 5.61 GiB and 615,468 tokens are 432 and more
    placed = drafting(deployment("Qwen/Qwen3.6-27B", "nvfp4", "fp8", tp=4), "mtp", 3)
    assert request_bytes(laid_out(placed, "0.20.2"), 196_608) == 138 * block / 2
    assert pytest.approx(432, abs=0.001) == 615_468 / 196_608 * 138


def test_a_module_of_compressed_latents_keeps_a_window_alone() -> None:
    # DeepSeek-V4-Flash: compress_ratios has 43 layers' and a 0 for the module: a window of 128
    [(mixer, layers)] = drafting_mixers(
        drafting(deployment("deepseek-ai/DeepSeek-V4-Flash"), "mtp")
    )
    assert (mixer.compression, mixer.window, layers) == (1, 128, 1)


def test_the_weights_of_a_module() -> None:
    # Qwen3.6-27B: attention 104,858,112, feed-forward 3 x 5,120 x 17,408, norms of the layer
    # 10,240; two hidden states are joined by 2 x 5,120 x 5,120. Tables are the model's.
    layer = 104_858_112 + 3 * 5120 * 17_408 + 10_240
    joined = 2 * 5120 * 5120
    assert loaded(drafting(deployment("Qwen/Qwen3.6-27B"), "mtp")) == 2 * (layer + joined)


def test_copies_of_tables_are_not_loaded() -> None:
    # DeepSeek-V3 stores both tables in its module: 2 x 129,280 x 7,168 of 13,463,426,304; vLLM
    # takes the model's own, and at 16 bit keeps kv_b a second time: 512 x 128 x (128 + 128)
    placed = drafting(deployment("deepseek-ai/DeepSeek-V3"), "mtp")
    stored = 13_463_426_304 - 2 * 129_280 * 7168 - 3 * 7168
    assert loaded(placed) == 2 * (stored + 512 * 128 * 256)


def test_the_last_stage_drafts_and_has_an_input_table_for_it() -> None:
    # Qwen3.6-27B in 2 stages: the input table, 248,320 x 5,120, is on the first one too
    placed = drafting(deployment("Qwen/Qwen3.6-27B", pp=2), "mtp")
    first, last = stages(64, 2)
    assert loaded(placed, first) == 0
    alone = loaded(drafting(deployment("Qwen/Qwen3.6-27B"), "mtp"))
    assert loaded(placed, last) == alone + 248_320 * 5120 * 2


def test_a_draft_of_its_own_is_split_as_the_model_is() -> None:
    # Llama-3.2-1B beside Llama-3.1-70B at tp 4: 1,235,814,400 parameters, tables tied; what divides
    # is divided by 4, 33 norms of 2,048 are not; positions: 131,072 x 64 x 2 B
    placed = drafting(deployment(LLAMA, tp=4), "draft_model", 5, "meta-llama/Llama-3.2-1B")
    norms = 33 * 2048
    whole = 2 * ((1_235_814_400 - norms) / 4 + norms) + 131_072 * 64 * 2
    assert loaded(placed) == whole
    # cache: 80 layers x 2 heads x 128, and 16 layers x 2 heads x 64, K and V, 2 bytes
    cache = laid_out(placed)
    assert cache.full_block_bytes == 16 * (80 * 2 * 128 + 16 * 2 * 64) * 2 * 2


def test_eagle_has_layers_and_what_joins_hidden_states() -> None:
    # a draft of Llama-3.2-1B's layers under a residual of 8,192: two of 8,192 x 2,048 joined
    placed = drafting(deployment(LLAMA, tp=4), "eagle", 3, "meta-llama/Llama-3.2-1B")
    layers = 1_235_814_400 - 128_256 * 2048 - 2048  # no table, no last norm
    norms = 32 * 2048
    joined = 2 * 8192 * 2048
    assert loaded(placed) == 2 * ((layers - norms) / 4 + norms + joined)


def test_eagle_without_a_name_is_a_layer_like_the_models() -> None:
    # gpt-oss-20b: 12 full layers and 12 with windows; a draft's layer makes 13 of the former, which
    # vLLM pads the others to (its comment in _get_kv_cache_groups_uniform_page_size)
    plain, drafted = (
        laid_out(each)
        for each in (
            deployment("openai/gpt-oss-20b"),
            drafting(deployment("openai/gpt-oss-20b"), "eagle3", 3),
        )
    )
    layer = 16 * 8 * 64 * 2 * 2  # a block of 8 heads of 64
    assert (plain.block_bytes, drafted.block_bytes) == (12 * layer, 13 * layer)
    # Llama-3.1-70B: attention and feed-forward of a layer, two norms, three hidden states joined
    layer = 2 * 8192 * 8192 + 2 * 8192 * 1024 + 3 * 8192 * 28_672
    placed = drafting(deployment(LLAMA), "eagle3", 3)
    assert loaded(placed) == 2 * (layer + 2 * 8192 + 3 * 8192 * 8192)


def test_drafts_from_the_text_take_nothing() -> None:
    plain = deployment(LLAMA, tp=4)
    placed = drafting(plain, "ngram", 5)
    assert loaded(placed) == 0
    assert laid_out(placed) == laid_out(plain)


def test_graphs_are_captured_for_each_drafted_token_too() -> None:
    # 4 sequences of 1 + 3 tokens: up to twice 16: 1, 2, 4, 8, 16, 24, 32
    engine = Engine(max_num_seqs=4, speculative=Speculative("mtp", tokens=(3,)))
    assert settings(engine, H100).captured_sizes == (1, 2, 4, 8, 16, 24, 32)

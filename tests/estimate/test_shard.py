"""Bytes by hand against the code: the arithmetic stands in each test."""

from __future__ import annotations

from scenarios import deployment

from sizer.estimate.device.cache import cached_bytes
from sizer.estimate.device.footprint import resident_weight_bytes
from sizer.estimate.device.shard import kv_bytes_per_token, shard


def test_gqa_cache_is_divided_until_heads_run_out_then_replicated() -> None:
    # Llama-3.1-70B: 80 layers, 8 KV heads of 128; K and V; 2 bytes.
    one = 80 * 8 * (128 + 128) * 2
    for tp, held in ((1, one), (2, one / 2), (8, one / 8), (16, one / 8)):
        split = deployment("meta-llama/Llama-3.1-70B", tp=tp)
        assert kv_bytes_per_token(split, windowed=False) == held


def test_mla_cache_is_one_latent_that_every_device_holds() -> None:
    # DeepSeek-V3: 61 layers of 512 + 64 elements, 2 bytes.
    for tp in (1, 8):
        split = deployment("deepseek-ai/DeepSeek-V3", tp=tp)
        assert kv_bytes_per_token(split, windowed=False) == 61 * 576 * 2


def test_mqa_cache_is_never_divided() -> None:
    splits = [deployment("tiiuae/falcon-7b", tp=tp) for tp in (1, 2, 8)]
    held = [cached_bytes(split.model.layers[0].attention, split) for split in splits]
    assert held == [1 * (64 + 64) * 2] * 3  # 1 head of 64, K and V, 2 bytes


def test_sliding_layers_are_counted_apart() -> None:
    # gpt-oss-20b: 24 layers, half of them see 128 tokens; 8 KV heads of 64.
    split = deployment("openai/gpt-oss-20b", weights="mxfp4")
    each = 12 * 8 * 128 * 2
    assert kv_bytes_per_token(split, windowed=False) == each
    assert kv_bytes_per_token(split, windowed=True) == each
    assert shard(split).window_tokens == 128


def test_cache_format_scales_the_cache() -> None:
    wide = deployment("Qwen/Qwen2.5-7B")
    narrow = deployment("Qwen/Qwen2.5-7B", kv_format="fp8")
    assert kv_bytes_per_token(wide, windowed=False) == 2 * kv_bytes_per_token(
        narrow, windowed=False
    )


def test_bf16_weights_are_two_bytes_a_parameter() -> None:
    split = deployment("mistralai/Mistral-7B-v0.1")
    rotary = 32_768 * 128  # a row for each position
    assert resident_weight_bytes(split) == 2 * (7_241_732_096 + rotary)


def test_tensor_parallel_weights_divide_and_norms_do_not() -> None:
    whole = resident_weight_bytes(deployment("meta-llama/Llama-3.1-70B"))
    part = resident_weight_bytes(deployment("meta-llama/Llama-3.1-70B", tp=8))
    assert whole / 8 < part < whole / 8 * 1.002


def test_a_pipeline_stage_with_more_layers_binds() -> None:
    # 80 layers on 3 stages: 27 on the fullest.
    assert shard(deployment("meta-llama/Llama-3.1-70B", pp=3)).stage_share == 27 / 80


def test_experts_are_apart_from_what_every_step_reads() -> None:
    # Mixtral-8x7B: 32 layers, 8 experts of 3 x 4096 x 14336, 2 of them active.
    facts = shard(deployment("mistralai/Mixtral-8x7B-v0.1"))
    expert = 32 * 3 * 4096 * 14336
    assert facts.expert_bytes == 8 * expert * 2
    assert facts.expert_flops_per_token == 2 * 2 * expert
    assert (facts.expert_count, facts.experts_per_token) == (8, 2)

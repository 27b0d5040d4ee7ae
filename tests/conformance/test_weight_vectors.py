"""The weights of each format and split, by hand from one real model's config.json.

Independent of the code: the arithmetic stands beside each figure. PyTorch's allocator takes
segments of 2 MiB for tensors of 10 MiB and more, and leaves a rest of up to 1 MiB with the tensor.
"""

from __future__ import annotations

import pytest
from vectors import MIB, weight_bytes

LLAMA = "meta-llama/Llama-3.1-8B"
TABLE = 128_256 * 4096  # vocabulary x width
LINEAR = 32 * (4096 * 4096 * 2 + 2 * 4096 * 1024 + 3 * 4096 * 14_336)  # attention and feed-forward
NORMS = (2 * 32 + 1) * 4096
ROTARY = 131_072 * 128 * 2  # bytes of a row for each position


def test_dense_16_bit() -> None:
    # 8,030,261,248 parameters; every large tensor is a multiple of 2 MiB. vLLM logged 14.99 GiB.
    assert LINEAR + 2 * TABLE + NORMS == 8_030_261_248
    assert weight_bytes(LLAMA) == 2 * 8_030_261_248 + ROTARY


@pytest.mark.parametrize(
    ("form", "bytes_each", "logged"),
    [
        ("fp8", 1.0, 8.49),  # head and embedding stay 16 bit
        ("int8", 1.0, 8.49),
        ("awq", (4 + 16 / 128 + 4 / 128) / 8, None),  # a 16-bit scale and a 4-bit zero for 128
        ("nvfp4", (4 + 8 / 16) / 8, None),  # an 8-bit scale for 16
        ("bnb-nf4", (4 + 32 / 64) / 8, None),  # a 32-bit scale for 64
    ],
)
def test_quantised_matrices(form: str, bytes_each: float, logged: float | None) -> None:
    by_hand = LINEAR * bytes_each + (2 * TABLE + NORMS) * 2 + ROTARY
    found = weight_bytes(LLAMA, form)
    assert by_hand <= found <= by_hand + 32 * 4 * MIB  # what the allocator may add
    if logged is not None:
        assert found / 2**30 == pytest.approx(logged, rel=2e-3)


def test_the_allocator_rounds_large_tensors() -> None:
    # Qwen2.5-7B: 7,615,616,512 parameters. In MiB: qkv 31.5 -> 32, gate_up 259 -> 260, down
    # 129.5 -> 130, out 24.5 -> 26 gives 1.5 back; 2 x 1,039.5 -> 1,040. vLLM logged 14.25 GiB.
    by_hand = 2 * 7_615_616_512 + 28 * 2 * MIB + 2 * MIB // 2 + 32_768 * 128 * 2
    assert weight_bytes("Qwen/Qwen2.5-7B-Instruct") == by_hand


def test_tied_tables_are_one() -> None:
    # Qwen3-0.6B: 596,049,920 parameters with the table once. vLLM logged 1.12 GiB.
    assert weight_bytes("Qwen/Qwen3-0.6B") / 2**30 == pytest.approx(1.12, abs=0.006)


def test_the_vocabulary_is_padded_to_64() -> None:
    # Granite-3.3-8B, tp 1: 49,155 -> 49,216 rows of 4,096. vLLM logged 15.25 GiB.
    rows = 61 * 4096 * 2
    whole = weight_bytes("ibm-granite/granite-3.3-8b-instruct")
    assert whole / 2**30 == pytest.approx(15.25, abs=0.006)
    assert rows < whole - 2 * 8_170_848_256 < rows + 131_072 * 128 * 2 + 40 * 4 * MIB


def test_tensor_parallel_divides_matrices_and_repeats_norms() -> None:
    # tp 4; vLLM logged 3.77 GiB
    by_hand = (LINEAR + 2 * TABLE) // 4 * 2 + NORMS * 2 + ROTARY
    found = weight_bytes(LLAMA, tp=4)
    assert by_hand <= found <= by_hand + 2 * MIB
    assert found / 2**30 == pytest.approx(3.77, abs=0.006)


def test_the_last_stage_of_a_pipeline_has_the_head() -> None:
    # pp 4: 8 of 32 layers, the head, a norm, and a rotary table. vLLM logged 4.26 GiB.
    by_hand = LINEAR // 4 * 2 + TABLE * 2 + (2 * 8 + 1) * 4096 * 2 + ROTARY
    assert weight_bytes(LLAMA, pp=4) == by_hand


def test_latent_attention_repeats_what_makes_the_latents() -> None:
    # DeepSeek-V2-Lite on 4 ranks: 27 layers of width 2,048. On each rank: q, kv_b and out by
    # heads (16 of 128 + 64, values of 128), the 512 + 64 wide latent whole, and kv_b once more.
    q, out = 2048 * 16 * 192, 16 * 128 * 2048
    latent, kv_b = 2048 * 576, 512 * 16 * 256
    attention = 27 * ((q + out + 2 * kv_b) // 4 + latent + 512)
    dense = 3 * 2048 * 10_944 // 4
    experts = 26 * (64 * 3 * 2048 * 1408 + 3 * 2048 * 2816) // 4  # and two shared ones
    routers = 26 * 64 * 2048
    tables = 2 * 102_400 * 2048 // 4
    norms, rotary = (2 * 27 + 1) * 2048, 163_840 * 64
    by_hand = 2 * (attention + dense + experts + routers + tables + norms + rotary)
    assert weight_bytes("deepseek-ai/DeepSeek-V2-Lite", tp=4) == pytest.approx(by_hand, rel=2e-3)
    # vLLM logged 7.51 GiB: a tenth more than this arithmetic finds
    assert by_hand / 2**30 == pytest.approx(7.51, rel=1.5e-2)


def test_experts_are_divided_by_width_or_by_number() -> None:
    # Mixtral-8x7B on 8 ranks: 32 layers of 8 experts of 3 x 4,096 x 14,336
    experts = 32 * 8 * 3 * 4096 * 14_336 * 2 // 8
    attention = 32 * (2 * 4096 * 4096 + 2 * 4096 * 1024) * 2 // 8
    tables = 2 * 32_000 * 4096 * 2 // 8
    rest = (32 * (2 * 4096 + 8 * 4096) + 4096 + 32_768 * 128) * 2
    by_hand = experts + attention + tables + rest
    for split in ({"tp": 8}, {"tp": 8, "ep": 8}):
        found = weight_bytes("mistralai/Mixtral-8x7B-v0.1", **split)
        assert by_hand <= found <= by_hand + 32 * 2 * MIB


def test_experts_of_attention_groups_are_spread_over_all_ranks() -> None:
    # 2 groups of 4 ranks hold an eighth of the experts each, and a quarter of the attention
    experts = 32 * 8 * 3 * 4096 * 14_336 * 2 // 8
    attention = 32 * (2 * 4096 * 4096 + 2 * 4096 * 1024) * 2 // 4
    tables = 2 * 32_000 * 4096 * 2 // 4
    rest = (32 * (2 * 4096 + 8 * 4096) + 4096 + 32_768 * 128) * 2
    by_hand = experts + attention + tables + rest
    found = weight_bytes("mistralai/Mixtral-8x7B-v0.1", tp=4, dp=2, ep=8)
    assert by_hand <= found <= by_hand + 32 * 2 * MIB


@pytest.mark.parametrize(
    ("version", "tp", "width", "logged"),
    [
        ("0.11.0", 1, 2880, 13.47),  # 2,880 is a multiple of 64
        ("0.19.0", 1, 2944, 13.64),  # of 128
        ("0.19.0", 2, 1536, 7.01),  # 1,440 is not
    ],
)
def test_4_bit_experts_are_padded(version: str, tp: int, width: int, logged: float) -> None:
    # gpt-oss-20b: 24 layers of 32 experts of 2,880 x 2,880, three matrices; an 8-bit scale for 32
    # numbers of 4 bits; the residual's 2,880 becomes 3,072. All else stays 16 bit.
    experts = 24 * 32 * 3 * 3072 * width * (4 + 8 / 32) / 8
    heads = 2880 * 64 * (64 + 8 + 8) + 64 * 64 * 2880
    rest = 24 * heads * 2 / tp + 2 * 201_088 * 2880 * 2 / tp + 131_072 * 64 * 2
    found = weight_bytes("openai/gpt-oss-20b", "mxfp4", version, tp=tp)
    assert found == pytest.approx(experts + rest, rel=8e-3)  # biases, norms, rounding
    assert found / 2**30 == pytest.approx(logged, rel=1.6e-2)


def test_a_vision_tower_is_loaded_and_a_draft_is_not() -> None:
    # Qwen3.5-27B: 27,356,728,560 parameters with its tower, 27,781,427,952 with the draft module
    # (files: 55.57 GB); a rotary table of 4 x 262,144 x 64. vLLM 0.28 logged 51.1 GiB.
    by_hand = 2 * (27_356_728_560 + 4 * 262_144 * 64)
    found = weight_bytes("Qwen/Qwen3.5-27B")
    assert by_hand <= found <= by_hand + 64 * 2 * MIB
    assert found / 2**30 == pytest.approx(51.1, rel=1e-3)

"""What a draft's pass reads and computes on one device, by hand from two models' config.json.

Independent of the code: the arithmetic stands beside each figure. A 16-bit number has 2 bytes.
"""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.catalog.formats import find_weight_format
from sizer.catalog.models import find_model
from sizer.estimate import estimate
from sizer.estimate.attached import draft_shard
from sizer.schema.scenario import Draft


def test_a_draft_of_its_own_on_two_ranks() -> None:
    # Llama-3.2-1B: hidden 2048, 16 layers, 32 heads and 8 of keys of 64, MLP 8192, vocabulary
    # 128,256, one table for both ends. A layer's matrices: 2 x 2048^2 (query, output), 2 x 2048 x
    # 512 (key, value), 3 x 2048 x 8192: 60,817,408; of 16 layers 973,078,528. A rank has half of
    # them, of 2 B. Head: 128,256 x 2048 = 262,668,288, half of it of 2 B. Norms are whole:
    # (16 x 2 + 1) x 2048 of 2 B.
    small = find_model("meta-llama/Llama-3.2-1B").value
    draft = Draft("draft_model", 3, small, find_weight_format("bf16"), 2.0)
    found = draft_shard(evolve(deployment("meta-llama/Llama-3.1-70B", tp=2), draft=draft))
    assert found.draft_passes == 3
    assert found.draft_dense_bytes == 973_078_528 + 262_668_288 + 33 * 2048 * 2
    assert found.draft_flops_per_token == 973_078_528 + 33 * 2048
    assert found.draft_head_flops_per_token == 262_668_288
    # 16 layers keep a key and a value of 4 heads of 64 on a rank, of 2 B
    assert found.drafted_full_bytes_per_token == 16 * 2 * 4 * 64 * 2
    assert found.draft_layer_count == 16


def test_a_module_for_multi_token_prediction() -> None:
    # DeepSeek-V3: a layer of 256 experts of 3 x 7168 x 2048 = 44,040,192, 8 for each token. At fp8
    # a weight has 1 B. On 8 ranks each has 32 experts.
    found = draft_shard(
        evolve(deployment("deepseek-ai/DeepSeek-V3", "fp8", tp=8), draft=Draft("mtp", 1))
    )
    assert found.draft_passes == 1
    assert found.draft_expert_bytes == 32 * 44_040_192
    assert found.draft_expert_flops_per_token == 2 * 8 * 44_040_192 / 8
    # one layer keeps 512 + 64 numbers of 2 B, whole on every rank
    assert found.drafted_full_bytes_per_token == (512 + 64) * 2
    assert (found.draft_layer_count, found.draft_mla_layer_count) == (1, 1)


def test_a_block_draft_has_one_pass_and_a_draft_of_the_text_none() -> None:
    small = find_model("meta-llama/Llama-3.2-1B").value
    plain = deployment("meta-llama/Llama-3.1-70B", tp=2)
    block = Draft("dflash", 8, small, find_weight_format("bf16"))
    assert draft_shard(evolve(plain, draft=block)).draft_passes == 1
    assert draft_shard(evolve(plain, draft=Draft("ngram", 8))).draft_passes == 0


def test_a_step_checks_each_drafted_token_of_each_request() -> None:
    # 8 requests that draft 3 tokens: 8 x (1 + 3) = 32 positions, so four times the products
    plain = deployment("meta-llama/Llama-3.1-70B", tp=8)
    drafting = evolve(plain, draft=Draft("ngram", 3, acceptance_length=2.0))
    names = ("step_positions", "product_seconds", "step_seconds", "token_step_seconds")
    found = estimate(grid((plain, drafting)), names)
    assert found["step_positions"].values.tolist() == [8, 32]
    products = found["product_seconds"].values
    assert products[1] == pytest.approx(4 * products[0])
    assert found["token_step_seconds"].values[1] == found["step_seconds"].values[1] / 2.0

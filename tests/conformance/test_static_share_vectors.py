"""SGLang's pools by hand: its static share, tokens, windows and slots for states.

Independent of the code: the arithmetic stands beside each figure. Sizes are in GiB of what
PyTorch tells of a device; 1 GiB is 1,024 MiB.
"""

from __future__ import annotations

import pytest
from scenarios import deployment
from vectors import GIB, started

from sizer.catalog.gpus import find_gpu
from sizer.estimate.device.cache import window_pool_share
from sizer.estimate.device.static_share import captured_prompts, static_pools, static_share
from sizer.estimate.engine.settings import Settings, settings
from sizer.schema.asked.serving import Engine, Speculative

LLAMA = "meta-llama/Llama-3.1-8B"


def used(gpu: str, version: str, **asked: object) -> Settings:
    return settings(Engine("sglang", version, **asked), find_gpu(gpu).value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gpu", "version", "split", "expected"),
    [
        # a share by the number of devices
        ("H100", "0.4.1", {"tp": 4}, 0.85),
        # above 80 GiB: 13 of 139.8 GiB are left
        ("H200", "0.4.6", {}, 1 - 13 / 139.8),
        # 9.5 + 4 x 0.5 of 79.19 GiB
        ("H100", "0.4.9", {"tp": 4}, 1 - 11.5 / 79.19),
        # 512 + 8,192 x 1.5 + 256 x 2 + 128 = 13,440 MiB
        ("H100", "0.5.3", {}, 1 - 13_440 / (79.19 * 1024)),
        # from 0.5.10 also 8 MiB for each of 58 lengths of prompts
        ("H100", "0.5.12", {}, 1 - 13_904 / (79.19 * 1024)),
        # two groups of 4: 512 + 12,288 + 8 x 128 + 512 x 2 + 2 x 512 x 4.5 + 464 = 19,920 MiB
        ("H100", "0.5.12", {"tp": 4, "dp": 2}, 1 - 19_920 / (79.19 * 1024)),
        # 512 + 2,048 x 1.5 + 24 x 2 + 128 + 8 x 42 = 4,096 MiB
        ("RTX-4090", "0.5.12", {}, 1 - 4096 / (23.64 * 1024)),
    ],
)
def test_what_is_static(gpu: str, version: str, split: dict[str, int], expected: float) -> None:
    found = static_share(deployment(LLAMA, **split), used(gpu, version))
    assert found == pytest.approx(expected, abs=5e-4)  # SGLang rounds to three places


def test_lengths_of_prompts_that_are_captured() -> None:
    # 4 to 32 by 4: 8; 48 to 256 by 16: 14; 288 to 512 by 32: 8; 576 to 1,024 by 64: 8
    # 1,280 to 4,096 by 256: 12; 4,608 to 8,192 by 512: 8
    assert captured_prompts(8192) == 8 + 14 + 8 + 8 + 12 + 8
    assert captured_prompts(2048) == 8 + 14 + 8 + 8 + 4


def test_a_model_that_sees_images_has_less() -> None:
    # 460,730,096 weights of the encoder are 1.53 times ViT-L's 12 x 24 x 1,024 x 1,024:
    # 0.95 x (1 - 0.1 x 0.53)
    asked = used("H100", "0.5.12")
    seeing = static_share(deployment("Qwen/Qwen3.6-27B"), asked)
    assert seeing == pytest.approx(0.829 * 0.95 * (1 - 0.0526), rel=1e-3)


def test_tokens_of_a_plain_model() -> None:
    # Llama-3.1-8B, H100, 0.88 asked: (79.19 - 0.75) x 0.88 - 14.99 = 54.04 GiB
    # of 131,072 B a token: 442,700 tokens
    metrics = started(
        LLAMA, gpu="H100", engine="sglang", engine_version="0.5.17", gpu_memory_utilization=0.88
    )
    assert metrics["kv_pool_gib"] == pytest.approx(54.04, abs=0.02)
    assert metrics["kv_capacity_tokens"] == pytest.approx(442_700, rel=1e-3)


def test_windows_have_a_pool_of_their_own() -> None:
    # gpt-oss: 12 full and 12 windowed layers of 2,048 B; 0.8 tokens for windows for each full
    # one: 0.8 / 1.8 of all. A token of 32,768 blocks its part of the full pool: 24,576 x 1.8
    metrics = started(
        "openai/gpt-oss-20b",
        gpu="H100",
        engine="sglang",
        engine_version="0.5.17",
        max_context=32_768,
    )
    asked = used("H100", "0.5.17")
    assert window_pool_share(24_576, 24_576, asked) == pytest.approx(0.8 / 1.8)
    request = 32_768 * 24_576 * 1.8 / GIB
    pool = metrics["kv_pool_gib"]
    assert isinstance(pool, float)
    assert metrics["max_concurrency"] == pytest.approx(pool / request, rel=1e-4)


def test_windows_of_other_models_are_kept_whole() -> None:
    # Gemma-3-27B has no pool for windows: 62 layers of 16 heads of 128 for every token
    metrics = started("google/gemma-3-27b-it", gpu="H200", engine="sglang", engine_version="0.5.17")
    assert metrics["kv_bytes_per_token"] == 62 * 16 * 128 * 2 * 2
    pool = metrics["kv_pool_gib"]
    assert isinstance(pool, float)
    assert metrics["kv_capacity_tokens"] == pytest.approx(pool * GIB / 507_904, rel=1e-4)


def test_slots_by_the_ratio_of_pools() -> None:
    # Qwen3.5-9B on 2 RTX 4090s, 0.8: (23.64 - 0.85) x 0.8 - weights = rest. 9 of 19 parts for
    # states of 24 x 2,146,304 / 2 B, one slot for padding; three slots a request.
    placed = deployment("Qwen/Qwen3.5-9B", tp=2)
    asked = used("RTX-4090", "0.5.12", gpu_memory_utilization=0.8)
    slot = 24 * (32 * 128 * 128 * 4 + 3 * (2 * 16 + 32) * 128 * 2) / 2
    rest = (23.64 - 0.85) * 0.8 * GIB - 8.85 * GIB
    pools = static_pools(placed, asked, 8.85 * GIB)
    assert pools.slot_bytes == slot
    assert pools.slots == int(rest * 9 / 19 / slot) - 1
    assert pools.requests == pools.slots // 3
    # such a start-up logged 186 slots, 62 requests and 327,310 tokens of 16,384 B
    assert pools.slots == pytest.approx(186, rel=0.03)
    tokens = (rest - pools.state_pool_bytes) / (8 * 2 * 256 * 2 * 2)
    assert tokens == pytest.approx(327_310, rel=0.03)


def test_slots_as_asked() -> None:
    # 43 slots and one for padding, of 48 x 3,207,168 B; in numbers of 16 bit, half of it
    placed = deployment("Qwen/Qwen3.6-27B")
    asked = used("A100-SXM4-80GB", "0.5.17", max_mamba_cache_size=43)
    assert static_pools(placed, asked, 0.0).state_pool_bytes == 44 * 48 * 3_207_168
    narrow = used("A100-SXM4-80GB", "0.5.17", max_mamba_cache_size=43, mamba_ssm_dtype="bfloat16")
    # SGLang logged 0.12 and 3.09 GiB
    pool = static_pools(placed, narrow, 0.0).state_pool_bytes
    assert pool / GIB == pytest.approx(0.12 + 3.09, rel=0.025)


def test_report_t11() -> None:
    # Qwen3.6-27B on an A100 of 80 GB, SGLang 0.5.17, 0.92: 51.047 GiB of weights, 10.44 GiB for
    # 171,008 tokens. The report leaves out its draft and its states of 16 bit, about as large as
    # what the default ratio gives to states.
    metrics = started(
        "Qwen/Qwen3.6-27B",
        gpu="A100-SXM4-80GB",
        engine="sglang",
        engine_version="0.5.17",
        gpu_memory_utilization=0.92,
        max_num_seqs=4,
        input_tokens=40_000,
        output_tokens=1000,
        max_context=169_000,
    )
    assert metrics["weights_gib"] == pytest.approx(51.047, rel=0.01)
    assert metrics["kv_pool_gib"] == pytest.approx(10.44, rel=0.1)
    assert metrics["kv_capacity_tokens"] == pytest.approx(171_008, rel=0.1)
    low, high = metrics["kv_pool_gib_low"], metrics["kv_pool_gib_high"]
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low < 10.44 < high


def test_report_t11_with_its_draft() -> None:
    # the same with what the report names: a module that drafts 5 tokens, so 6 are checked at
    # once; 43 slots in numbers of 16 bit. 44 slots, and copies for 4 requests and one more: 44 +
    # 5 x 6. The draft is one layer of cache on top of 16, and loads two tables of its own.
    metrics = started(
        "Qwen/Qwen3.6-27B",
        gpu="A100-SXM4-80GB",
        engine="sglang",
        engine_version="0.5.17",
        gpu_memory_utilization=0.92,
        max_num_seqs=4,
        max_context=169_000,
        max_mamba_cache_size=43,
        mamba_ssm_dtype="bfloat16",
        speculative_method="mtp",
        speculative_tokens=5,
    )
    tokens = metrics["kv_capacity_tokens"]
    assert isinstance(tokens, float)
    assert tokens == pytest.approx(171_008, rel=0.1)
    pool = metrics["kv_pool_gib"]
    assert isinstance(pool, float)
    assert pool == pytest.approx(10.44 + 0.66, rel=0.1)
    assert pool * GIB / tokens == pytest.approx(65_536 * 17 / 16, rel=1e-3)
    # 154,164 tokens are fewer than a request of 169,000 takes, and SGLang starts all the same
    assert tokens < 169_000
    assert metrics["fits"] is True


@pytest.mark.parametrize(
    ("engine", "version", "input_tokens", "expected"),
    [
        ("sglang", "0.5.17", 60_000, True),
        ("sglang", "0.5.17", 200_000, False),
        ("vllm", "0.26.0", 60_000, False),
    ],
)
def test_a_context_longer_than_the_pool(
    engine: str, version: str, input_tokens: int, *, expected: bool
) -> None:
    # Llama-3.1-8B on an L40S: a token takes 131,072 B, so 256,000 tokens take 31.25 GiB, more than
    # either pool (21.7 and 24.2 GiB). vLLM does not start. SGLang starts, and cuts requests to
    # min(context, tokens of the pool) - 1: one of 61,000 tokens takes 7.4 GiB and fits, one of
    # 201,000 takes 24.5 GiB and does not.
    metrics = started(
        LLAMA,
        gpu="L40S",
        engine=engine,
        engine_version=version,
        input_tokens=input_tokens,
        output_tokens=1000,
        max_context=256_000,
    )
    pool = metrics["kv_pool_gib"]
    assert isinstance(pool, float)
    assert pool * GIB < 256_000 * 131_072
    assert metrics["fits"] is expected


def test_copies_of_states_for_a_draft() -> None:
    # 4 requests, and one more, times 6 tokens that are checked at once: SGLang logged 2.11 + 0.04
    # GiB, whose convolution windows overlap
    placed = deployment("Qwen/Qwen3.6-27B")
    asked = used(
        "A100-SXM4-80GB",
        "0.5.17",
        max_num_seqs=4,
        max_mamba_cache_size=43,
        mamba_ssm_dtype="bfloat16",
        speculative=Speculative("mtp", tokens=(5,)),
    )
    pools = static_pools(placed, asked, 0.0)
    assert pools.copies == 30
    assert pools.copies * pools.slot_bytes / GIB == pytest.approx(2.15, rel=0.02)

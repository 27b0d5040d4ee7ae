"""llama.cpp's memory by hand: files, buffers of a micro-batch, slots, layers on the host.

Independent of the code: the arithmetic stands beside each figure.
"""

from __future__ import annotations

import pytest
from scenarios import deployment
from vectors import GIB, MIB, started

from sizer.catalog.formats import find_kv_format
from sizer.catalog.gpus import find_gpu
from sizer.estimate.device.footprint import binding_stage, held_weight_bytes
from sizer.estimate.device.peak import peak
from sizer.estimate.engine.settings import settings
from sizer.schema.answered.report import Value
from sizer.schema.asked.serving import Engine

QWEN = "Qwen/Qwen3.6-27B"
LLAMA = "meta-llama/Llama-3.1-8B"


def number(value: Value) -> float:
    assert isinstance(value, float)
    return value


def files(model: str, weights: str, **asked: int | bool) -> float:
    placed = deployment(model, weights)
    used = settings(Engine("llamacpp", **asked), find_gpu("RTX-3090").value)  # type: ignore[arg-type]
    return held_weight_bytes(placed, binding_stage(placed, used), used)


@pytest.mark.parametrize(
    ("name", "size"), [("q8_0", 34), ("q5_1", 24), ("q5_0", 22), ("q4_1", 20), ("q4_0", 18)]
)
def test_caches_of_blocks_of_32(name: str, size: int) -> None:
    # a 16-bit scale, for _1 a 16-bit offset, for q5 32 bits more, and 32 numbers of 8 or 4 bit
    assert find_kv_format(name).bytes_per_element == size / 32


@pytest.mark.parametrize(
    ("model", "mib"),
    [
        # 512 x (vocabulary + width) numbers of 4 bytes; figures of llama.cpp's logs
        (LLAMA, 258.50),  # 128,256 + 4,096
        ("openai/gpt-oss-20b", 398.38),  # 201,088 + 2,880
        ("Qwen/Qwen3.6-35B-A3B", 489.0),  # 248,320 + 2,048
    ],
)
def test_buffers_of_a_micro_batch(model: str, mib: float) -> None:
    placed = deployment(model)
    used = settings(Engine("llamacpp"), find_gpu("RTX-3090").value)
    found = peak(placed, used, binding_stage(placed, used)).bytes_of(512)
    assert found / MIB == pytest.approx(mib, abs=0.02)


def test_the_input_table_stays_on_the_host() -> None:
    # Llama-3.1-8B in q8_0: 34 bytes for 32 of 6,979,321,856 numbers and of the output's
    # 525,336,576; 65 norms of 4,096 at 32 bit
    by_hand = (6_979_321_856 + 525_336_576) * 34 / 32 + 65 * 4096 * 4
    assert files(LLAMA, "q8_0") == pytest.approx(by_hand, rel=1e-6)


def test_layers_on_the_host() -> None:
    # the output and 16 of 32 layers are on the device: half of the matrices and norms
    by_hand = (6_979_321_856 / 2 + 525_336_576) * 34 / 32 + 33 * 4096 * 4
    assert files(LLAMA, "q8_0", gpu_layers=16) == pytest.approx(by_hand, rel=1e-6)
    # nothing on the device
    assert files(LLAMA, "q8_0", gpu_layers=0) == 0


def test_half_of_the_layers_keep_half_of_the_cache() -> None:
    asked = {"gpu": "RTX-3090", "engine": "llamacpp", "weights": "q8_0", "max_num_seqs": 1}
    whole = started(LLAMA, max_context=8192, **asked)
    half = started(LLAMA, max_context=8192, gpu_layers=16, **asked)
    assert number(whole["kv_cache_gib"]) == pytest.approx(8192 * 131_072 / GIB)
    assert number(half["kv_cache_gib"]) == pytest.approx(8192 * 65_536 / GIB)
    # nobody models times with layers on the host
    assert half["itl_ms"] is None
    assert half["ttft_ms"] is None
    assert half["fits"] is True


def test_a_vision_file_is_16_bit() -> None:
    without, with_it = files(QWEN, "q4_k_m"), files(QWEN, "q4_k_m", mmproj=True)
    assert with_it - without == 460_730_096 * 2


def test_slots_that_are_asked_for_divide_the_context() -> None:
    # 4 slots of 8,192 tokens of 131,072 B; a context of 32,768 is the same, one of 16,384 too short
    asked = {"gpu": "RTX-3090", "engine": "llamacpp", "weights": "q4_k_m", "max_num_seqs": 4}
    plain = started(LLAMA, max_context=8192, **asked)
    assert number(plain["kv_cache_gib"]) == pytest.approx(4 * 8192 * 131_072 / GIB)
    assert plain["max_concurrency"] == 4.0
    same = started(LLAMA, max_context=8192, ctx_size=32_768, **asked)
    assert same["kv_cache_gib"] == plain["kv_cache_gib"]
    short = started(LLAMA, max_context=8192, ctx_size=16_384, **asked)
    assert short["fits"] is False


def test_slots_that_nobody_asks_for_share_it() -> None:
    # four slots over one cache of 32,768: four requests of 8,192, one of 32,768
    asked = {"gpu": "RTX-3090", "engine": "llamacpp", "weights": "q4_k_m", "ctx_size": 32_768}
    found = started(LLAMA, max_context=8192, **asked)
    assert number(found["kv_cache_gib"]) == pytest.approx(32_768 * 131_072 / GIB)
    assert found["max_concurrency"] == 4.0
    assert started(LLAMA, max_context=32_768, **asked)["max_concurrency"] == 1.0


def test_windows_keep_a_micro_batch_more() -> None:
    # gpt-oss-20b, one slot of 32,768: 12 layers of 2,048 B a token whole, 12 of 128 + 512 = 640
    # tokens, which are 3 blocks of 256
    found = started(
        "openai/gpt-oss-20b", gpu="RTX-3090", engine="llamacpp", max_num_seqs=1, max_context=32_768
    )
    by_hand = 12 * 2048 * (32_768 + 3 * 256)
    assert number(found["kv_cache_gib"]) == pytest.approx(by_hand / GIB)


def test_report_t12_on_one_card() -> None:
    # Qwen3.6-27B in Q4_K_M, one slot of 65,536 in q8_0 on an A40: 17.6 GiB in all. The cache is
    # 16 layers x 2 x 4 x 256 x 34 / 32 B a token: 2.125 GiB.
    found = started(
        QWEN,
        gpu="A40",
        engine="llamacpp",
        weights="q4_k_m",
        kv_format="q8_0",
        max_num_seqs=1,
        max_context=65_536,
    )
    states = 48 * 801_792 * 4
    cache = 65_536 * 16 * 2 * 4 * 256 * 34 / 32
    assert number(found["kv_cache_gib"]) == pytest.approx((cache + states) / GIB)
    assert number(found["memory_required_gib"]) == pytest.approx(17.6, rel=0.1)
    on_a_card = started(
        QWEN,
        gpu="RTX-3090",
        engine="llamacpp",
        weights="q4_k_m",
        kv_format="q8_0",
        max_num_seqs=1,
        max_context=65_536,
    )
    assert on_a_card["fits"] is True


def test_report_t12_on_unified_memory() -> None:
    # Qwen3.6-27B in Q8, 262,144 tokens at 16 bit, four slots that share them, an M4 Max: 16,384
    # MiB of cache, 598.5 MiB of states, some 47 GB in all with the vision file
    found = started(
        QWEN,
        gpu="Apple-M4-Max-128GB",
        engine="llamacpp",
        weights="q8_0",
        max_context=262_144,
        ctx_size=262_144,
        mmproj=True,
    )
    cache = number(found["kv_cache_gib"]) * 1024
    assert cache == pytest.approx(16_384 + 598.5, rel=2e-3)
    assert cache - 16_384 == pytest.approx(598.5, rel=0.02)
    assert number(found["memory_required_gib"]) * 1.073_741_824 == pytest.approx(47, rel=0.1)

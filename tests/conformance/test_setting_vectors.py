"""What each setting of an engine does to memory, by hand from one real model's config.json.

Independent of the code: the arithmetic stands beside each figure. A 16-bit number has 2 bytes.
"""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment, grid
from vectors import H100, MIB, held_bytes, request_bytes

from sizer.catalog.calibration import calibration
from sizer.estimate import estimate
from sizer.estimate.device.cache import Layout, layout
from sizer.estimate.device.peak import graph_bytes, peak
from sizer.estimate.device.stages import Stage
from sizer.estimate.engine.settings import settings
from sizer.schema.asked.serving import Engine
from sizer.schema.scenario import Load
from sizer.units import GIB

LLAMA = "meta-llama/Llama-3.1-70B"
MIXTRAL = "mistralai/Mixtral-8x7B-v0.1"
QWEN = "Qwen/Qwen3.6-27B"
POOL = ("kv_pool_gib", "kv_pool_gib_low", "kv_pool_gib_high")


def asked(version: str = "0.19.0", **given: object) -> Engine:
    return evolve(Engine(version=version), **given)


def laid_out(model: str, engine: Engine, kv_format: str = "bf16", **split: int) -> Layout:
    return layout(deployment(model, kv_format=kv_format, **split), settings(engine, H100))


def memory(
    model: str, engine: Engine, gpu: str, context: int = 8192, weights: str = "bf16", **split: int
) -> dict[str, object]:
    load = Load(1024, 256, 1, None, context)
    rows = grid((deployment(model, weights, **split),), (gpu,), (load,), engine)
    table = estimate(rows, (*POOL, "fits", "fits_surely", "max_concurrency"))
    return {name: column.cell(0) for name, column in table.items()}


def test_a_cache_that_is_asked_for_is_exactly_that() -> None:
    # Llama-3.1-70B on 4 H100 of 79.65 GiB: weights, a step and communicators take some 40 GiB.
    found = memory(LLAMA, asked(kv_cache_memory_bytes=20 * GIB), "H100", tp=4)
    assert [found[name] for name in POOL] == [20.0, 20.0, 20.0]
    # 80 layers x 2 heads x 128 x K and V x 2 bytes = 81,920 B a token; 20 GiB hold 262,144 tokens
    assert found["max_concurrency"] == 262_144 / 8192
    assert found["fits"] is found["fits_surely"] is True
    # 45 GiB find no room beside them, whatever share of the memory the engine may take
    large = asked(kv_cache_memory_bytes=45 * GIB, gpu_memory_utilization=0.1)
    assert memory(LLAMA, large, "H100", tp=4)["fits"] is False


def test_the_cache_of_a_report_that_asked_for_49_gib() -> None:
    # vLLM issue 49878, Gemma-4-31B: one request of 262,144 needs 8,192 full blocks and 5 groups of
    # 2,113: x 10 layers x 256 KiB = 45.79 GiB, so 49 GiB hold 1.07
    engine = asked("0.25.1", kv_cache_memory_bytes=49 * GIB, max_num_batched_tokens=32_768)
    need = (8192 + 5 * 2113) * 10 * 256 * 1024
    assert need / GIB == pytest.approx(45.79, abs=0.01)
    gpu = "RTX-PRO-6000-Blackwell-Server"
    found = memory("google/gemma-4-31B", engine, gpu, 262_144, "fp8")
    assert found["max_concurrency"] == pytest.approx(49 * GIB / need, rel=1e-3)
    assert found["fits"] is True


@pytest.mark.parametrize(
    ("given", "sizes"),
    [
        ({"enforce_eager": True}, 0),
        ({"cudagraph_capture_sizes": (1, 2, 4, 8)}, 4),
        ({"max_cudagraph_capture_size": 32}, 3 + 4),  # 1, 2, 4, then 8 to 32 by 8
        ({"max_num_seqs": 16}, 3 + 4),  # twice the largest batch
    ],
)
def test_sizes_that_have_a_graph(given: dict[str, object], sizes: int) -> None:
    assert len(settings(asked("0.21.0", **given), H100).captured_sizes) == sizes


def test_without_graphs_nothing_is_kept_for_them() -> None:
    used = settings(asked("0.21.0", enforce_eager=True), H100)
    assert graph_bytes(deployment(LLAMA, tp=4), used) == 0


def test_larger_blocks_leave_more_of_the_last_one_empty() -> None:
    # 81,920 B a token at tp 4; 100 tokens are 7 blocks of 16, or 2 of 64
    small, large = (laid_out(LLAMA, asked(block_size=size), tp=4) for size in (16, 64))
    assert request_bytes(small, 100) == 7 * 16 * 81_920
    assert request_bytes(large, 100) == 2 * 64 * 81_920


def test_a_block_that_does_not_hold_a_state_grows() -> None:
    # Qwen3.6-27B: a state takes 783 tokens' worth of a full layer: 784; more if more is asked for
    sizes = [laid_out(QWEN, asked(block_size=size)).full_block_tokens for size in (16, 528, 1024)]
    assert sizes == [784, 784, 1024]


def test_layers_of_each_stage() -> None:
    # Llama-3.1-70B in stages of 38 and 42 layers: 8 heads x 128 x K and V x 2 bytes in each layer
    engine = asked(layers_per_stage=(38, 42))
    assert laid_out(LLAMA, engine, pp=2).full_block_bytes == 16 * 42 * 4096
    # a layer: attention and feed-forward of 855,638,016, two norms; behind the 42 a norm and a head
    layer = 2 * (855_638_016 + 2 * 8192)
    table = 128_256 * 8192 * 2
    rotary = 131_072 * 128 * 2
    assert held_bytes(LLAMA, engine=engine, pp=2) == 42 * layer + 2 * 8192 + table + rotary


def test_slots_for_lora_of_a_dense_model() -> None:
    # Llama-3.1-70B at tp 4, widths of a pair of matrices in each layer:
    qkv = 3 * 8192 + 64 * 128 // 4 + 2 * 2 * 128  # three read the residual; 16 heads, K and V of 2
    out = 64 * 128 // 4 + 8192
    gate_up = 2 * 8192 + 2 * 28_672 // 4
    down = 28_672 // 4 + 8192
    slots = 80 * (qkv + out + gate_up + down) * 4 * 16 * 2  # layers x widths x slots x rank x bytes
    assert slots == 854_589_440
    plain, with_slots = (
        held_bytes(LLAMA, engine=asked(max_loras=number, max_lora_rank=16), tp=4)
        for number in (0, 4)
    )
    assert with_slots - plain == slots


def test_the_weights_of_a_report_with_lora() -> None:
    # vLLM issue 15039, a Llama-70B at tp 4 with LoRA on vLLM 0.7: 32.95 GiB of weights on a rank
    found = held_bytes(LLAMA, engine=asked("0.7.3", max_loras=1), tp=4)
    assert found / GIB == pytest.approx(32.95, rel=5e-3)


def test_slots_for_lora_of_experts() -> None:
    # Mixtral-8x7B at tp 2: 8 experts, of each three matrices; their width of 14,336 is divided
    experts = 8 * (2 * (4096 + 7168) + (7168 + 4096))
    qkv = 3 * 4096 + 32 * 128 // 2 + 2 * 4 * 128
    out = 32 * 128 // 2 + 4096
    slots = 32 * (experts + qkv + out) * 1 * 8 * 2
    plain, with_slots = (
        held_bytes(MIXTRAL, engine=asked(max_loras=number, max_lora_rank=8), tp=2)
        for number in (0, 1)
    )
    assert with_slots - plain == slots


def test_a_latent_divided_over_context_ranks() -> None:
    # GLM-5.1, fp8 cache: 78 layers of 656 + 132 B = 61,464 B a token on every rank; of 4 ranks each
    # holds a quarter of a request's tokens: a block of 16 on each holds 64
    whole, shared = (
        laid_out("zai-org/GLM-5.1-FP8", asked(decode_context_parallel_size=number), "fp8", tp=8)
        for number in (1, 4)
    )
    assert whole.full_block_bytes == shared.full_block_bytes == 16 * 61_464
    assert request_bytes(whole, 202_752) == 202_752 * 61_464
    assert request_bytes(shared, 202_752) == 202_752 // 4 * 61_464


def test_a_tower_that_is_not_loaded() -> None:
    # Qwen3.6-27B: 460,730,096 parameters of its vision tower
    both, text = (asked(language_model_only=only) for only in (False, True))
    assert held_bytes(QWEN, engine=both) - held_bytes(QWEN, engine=text) == 460_730_096 * 2
    # no embeddings of images wait for the text: 5,120 x 2 B for each token of a step
    stage = Stage(64, first=True, last=True)
    kept = [peak(deployment(QWEN), settings(each, H100), stage) for each in (both, text)]
    assert kept[0].workspace_bytes_per_token - kept[1].workspace_bytes_per_token == 5120 * 2


def test_prompts_without_images_leave_the_tower_out() -> None:
    # Qwen3.6-27B: 460,730,096 parameters of its tower, at 2 B; vLLM loads it before 0.10.1
    tower = 460_730_096 * 2
    for version, left_out in (("0.19.0", tower), ("0.10.1", tower), ("0.10.0", 0)):
        some, none = (asked(version, images_per_prompt=number) for number in (None, 0))
        assert held_bytes(QWEN, engine=some) - held_bytes(QWEN, engine=none) == left_out
        # the cache of embeddings has room for a step, of 8,192 tokens: x 5,120 x 2 B
        stage = Stage(64, first=True, last=True)
        kept, no = (peak(deployment(QWEN), settings(each, H100), stage) for each in (some, none))
        room = 8192 * (kept.workspace_bytes_per_token - no.workspace_bytes_per_token)
        assert room == 83_886_080


@pytest.mark.parametrize("number", [1, 4, 999])
def test_prompts_with_images_have_room_for_a_step_of_embeddings(number: int) -> None:
    # Qwen3.6-27B: max(max_num_batched_tokens, largest image) embeddings, however few images
    stage = Stage(64, first=True, last=True)
    plain, limited = (
        peak(deployment(QWEN), settings(asked(images_per_prompt=each), H100), stage)
        for each in (None, number)
    )
    assert limited == plain
    # what the tower takes at work is in no fact: nothing fits surely, and less may be left
    free, doubted = (
        memory(QWEN, asked(images_per_prompt=each), "H200-SXM") for each in (None, number)
    )
    assert free["kv_pool_gib"] == doubted["kv_pool_gib"]
    assert free["kv_pool_gib_low"] > doubted["kv_pool_gib_low"]
    assert (free["fits_surely"], doubted["fits_surely"]) == (True, False)


def test_images_of_a_prompt_are_nothing_to_a_model_without_a_tower() -> None:
    both = (memory(LLAMA, asked(images_per_prompt=each), "H100", tp=4) for each in (None, 4))
    assert next(both) == next(both)


def test_weights_on_the_host() -> None:
    # Llama-3.1-70B at tp 4: 10 GiB of each rank's 33 stay on the host
    whole = held_bytes(LLAMA, tp=4)
    assert whole - held_bytes(LLAMA, engine=asked(cpu_offload_gib=10.0), tp=4) == 10 * GIB
    # two tables (each ends in half a segment of 2 MiB), the final norm and the positions never do
    outside = 2 * (128_256 * 8192 // 4 * 2 + MIB) + 8192 * 2 + 131_072 * 128 * 2
    assert held_bytes(LLAMA, engine=asked(cpu_offload_gib=100.0), tp=4) == outside


def test_a_program_that_runs_the_engine_waits_for_no_server() -> None:
    # request handling of vLLM is the constant server_s times its factor; nothing else is spared
    load = Load(1024, 256, 4, None, 8192)
    placed = (deployment(LLAMA, tp=4),)
    names = ("ttft_ms", "itl_ms", "kv_pool_gib")
    behind, inside = (
        estimate(grid(placed, ("H100",), (load,), asked(served_by=each)), names)
        for each in ("http", "in_process")
    )
    spared = calibration().value("server_s", "vllm")
    first = behind["ttft_ms"].values - inside["ttft_ms"].values
    assert first == pytest.approx(spared * 1e3, rel=1e-9)
    assert first == pytest.approx(13.3, abs=0.1)  # 23.81 ms x 0.557
    assert all(behind[name].values == inside[name].values for name in names[1:])

"""What must hold of an engine's settings, whatever the model."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine, Speculative
from sizer.schema.scenario import Draft, Load
from sizer.units import GIB

MODELS = st.sampled_from(
    ["meta-llama/Llama-3.1-8B", "Qwen/Qwen3.6-27B", "google/gemma-3-27b-it", "openai/gpt-oss-20b"]
)
NAMES = ("weights_gib", "kv_pool_gib", "kv_pool_gib_low", "max_concurrency", "overhead_gib")
LOAD = Load(1024, 256, 1, None, 8192)


def memory(model: str, engine: Engine, draft: Draft | None = None) -> dict[str, float]:
    placed = evolve(deployment(model, tp=2), draft=draft)
    rows = grid((placed,), ("H200-SXM",), (LOAD,), engine)
    return {name: float(each.values[0]) for name, each in estimate(rows, NAMES).items()}


@given(model=MODELS, few=st.integers(0, 8), more=st.integers(0, 8), rank=st.integers(1, 128))
def test_more_slots_for_lora_never_leave_more_room(
    model: str, few: int, more: int, rank: int
) -> None:
    fewer, greater = (
        memory(model, Engine(max_loras=slots, max_lora_rank=rank)) for slots in (few, few + more)
    )
    assert greater["weights_gib"] >= fewer["weights_gib"]
    assert greater["kv_pool_gib"] <= fewer["kv_pool_gib"]


@given(model=MODELS, size=st.floats(0, 200))
def test_weights_on_the_host_are_room_for_the_cache(model: str, size: float) -> None:
    plain, freed = (memory(model, Engine(cpu_offload_gib=each)) for each in (0.0, size))
    less = plain["weights_gib"] - freed["weights_gib"]
    assert -1e-9 <= less <= size + 1e-9
    assert abs(freed["kv_pool_gib"] - plain["kv_pool_gib"] - less) < 1e-6


@given(model=MODELS, gib=st.integers(1, 200), share=st.floats(0.1, 1.0))
def test_a_cache_that_is_asked_for_is_what_the_engine_has(
    model: str, gib: int, share: float
) -> None:
    asked = Engine(kv_cache_memory_bytes=gib * int(GIB), gpu_memory_utilization=share)
    found = memory(model, asked)
    assert found["kv_pool_gib"] == found["kv_pool_gib_low"] == gib


@given(model=MODELS, sizes=st.sets(st.integers(1, 512), min_size=1, max_size=40))
def test_fewer_graphs_never_take_more(model: str, sizes: set[int]) -> None:
    eager = memory(model, Engine(enforce_eager=True))
    some = memory(model, Engine(cudagraph_capture_sizes=tuple(sizes)))
    most = memory(model, Engine())
    assert eager["overhead_gib"] <= some["overhead_gib"] <= most["overhead_gib"]


@given(tokens=st.integers(1, 16))
def test_drafted_tokens_never_leave_room_for_more_requests(tokens: int) -> None:
    model = "Qwen/Qwen3.6-27B"
    plain = memory(model, Engine())
    drafting = Engine(speculative=Speculative("mtp", tokens=(tokens,)))
    assert (
        memory(model, drafting, Draft("mtp", tokens))["max_concurrency"] < plain["max_concurrency"]
    )

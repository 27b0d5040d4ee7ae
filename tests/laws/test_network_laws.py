from __future__ import annotations

from attrs import evolve
from candidates import engines, loads, models, one
from hypothesis import given
from hypothesis import strategies as st

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu, Peaks
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Deployment, Load

ROUNDING = 1 + 1e-9
COSTS = ("interconnect_ms", "prompt_wire_seconds", "collective_latency_seconds")
bytes_s = st.floats(1, 2000)
factor = st.floats(1.001, 8)


@st.composite
def linked(draw: st.DrawFn) -> Gpu:
    """Draw an accelerator by its links: a switch, bridges, PCIe with direct copies or without."""
    kind = draw(st.sampled_from(["NVLink4", "xGMI", "PCIe", "ICI"]))
    bridged = kind == "NVLink4" and draw(st.booleans())
    pcie_gb_s = draw(st.floats(8, 64))
    own = st.floats(pcie_gb_s, 900)  # no maker's own link is slower than the PCIe beside it
    return Gpu(
        name="law-gpu",
        vendor="NVIDIA",
        family="Hopper",
        memory_gb=4000.0,
        memory_gib=4000.0,
        bandwidth_gb_s=3000.0,
        peaks=Peaks(fp32=60.0, fp16=900.0, bf16=900.0, fp8=1800.0),
        link=kind,
        link_gb_s=draw(bytes_s if kind == "PCIe" else own),
        domain_size=2 if bridged else None,
        pcie_gb_s=pcie_gb_s,
        peer_to_peer=draw(st.booleans()) if kind == "PCIe" else None,
        host_copy_gb_s=draw(st.floats(1, 30)),
        server_size=8 if bridged else draw(st.sampled_from([4, 8])),  # a half holds two bridges
        node_link_gb_s=draw(st.floats(1, 200)),
    )


def split(model: Model, tp: int = 1, dp: int = 1) -> Deployment:
    """Return a model in bf16, split as given."""
    return Deployment(
        model, find_weight_format("bf16"), find_kv_format("bf16"), tp=tp, dp=dp, ep=dp
    )


def none_cheaper(before: list[float], after: list[float]) -> bool:
    return all(b <= a * ROUNDING for b, a in zip(before, after, strict=True))


@given(models(), linked(), loads(), engines, st.sampled_from([8, 16, 32]))
def test_the_same_ranks_in_more_servers_are_never_cheaper(
    model: Model, gpu: Gpu, load: Load, engine: Engine, tp: int
) -> None:
    halves = evolve(gpu, server_size=(gpu.server_size or 0) // 2)
    few = one(split(model, tp), gpu, load, engine, *COSTS)
    assert none_cheaper(few, one(split(model, tp), halves, load, engine, *COSTS))


@given(models(), linked(), loads(), engines, st.sampled_from([1, 2, 4, 8, 16]))
def test_an_all_reduce_of_more_ranks_is_never_cheaper(
    model: Model, gpu: Gpu, load: Load, engine: Engine, tp: int
) -> None:
    names = ("reduce_latency_s", "reduce_s_per_byte")
    few = one(split(model, tp), gpu, load, engine, *names)
    assert none_cheaper(few, one(split(model, 2 * tp), gpu, load, engine, *names))


@given(models(), linked(), loads(), engines, st.sampled_from([(2, 1), (16, 1), (1, 8), (1, 16)]))
def test_more_bytes_never_take_less_time(
    model: Model, gpu: Gpu, load: Load, engine: Engine, ranks: tuple[int, int]
) -> None:
    tp, dp = ranks
    cut = split(model, tp, dp if model.is_moe else 1)
    fuller = evolve(load, concurrency=2 * (load.concurrency or 1))
    prompt = load.input_tokens + load.output_tokens
    longer = evolve(load, input_tokens=2 * load.input_tokens, max_context=2 * prompt)
    names = ("interconnect_ms", "prompt_wire_seconds")
    here = one(cut, gpu, load, engine, *names)
    assert none_cheaper(here[:1], one(cut, gpu, fuller, engine, *names)[:1])
    assert none_cheaper(here[1:], one(cut, gpu, longer, engine, *names)[1:])


@given(models(), linked(), loads(), engines, st.sampled_from([2, 8, 16]), factor)
def test_a_faster_network_never_costs_time(
    model: Model, gpu: Gpu, load: Load, engine: Engine, tp: int, by: float
) -> None:
    faster = evolve(gpu, node_link_gb_s=(gpu.node_link_gb_s or 0) * by)
    assert none_cheaper(
        one(split(model, tp), faster, load, engine, *COSTS),
        one(split(model, tp), gpu, load, engine, *COSTS),
    )


@given(models(), linked(), loads(), engines, st.sampled_from([2, 4, 8]))
def test_copies_through_the_host_are_never_cheaper_than_direct_ones(
    model: Model, gpu: Gpu, load: Load, engine: Engine, tp: int
) -> None:
    speed = gpu.link_gb_s or 0
    direct = evolve(gpu, link="PCIe", domain_size=None, peer_to_peer=True)
    copied = evolve(direct, peer_to_peer=False, host_copy_gb_s=speed / 4)
    few = one(split(model, tp), direct, load, engine, *COSTS)
    assert none_cheaper(few, one(split(model, tp), copied, load, engine, *COSTS))

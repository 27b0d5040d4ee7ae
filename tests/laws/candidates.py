"""One vocabulary of strategies: models, accelerators, loads and scenarios made by hand."""

from __future__ import annotations

import numpy as np
from attrs import evolve
from hypothesis import strategies as st

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.estimate import estimate
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu, Peaks
from sizer.schema.facts.model import Attention, LayerGroup, Mlp, Model
from sizer.schema.facts.price import Price
from sizer.schema.facts.provenance import Described
from sizer.schema.rows import Listed
from sizer.schema.scenario import Deployment, Load, Scenario

HEAD_DIM = 128
WIDEST_FIRST = ("fp32", "bf16", "fp8", "awq")


def dense(layers: int, heads: int, kv_heads: int, width: int, window: int | None = None) -> Model:
    """Return a dense model whose parameters follow from its shape."""
    hidden = heads * HEAD_DIM
    attention = Attention(
        heads=heads,
        kv_heads=kv_heads,
        head_dim=HEAD_DIM,
        v_head_dim=HEAD_DIM,
        window=window,
        parameters=2 * hidden * hidden + 2 * hidden * kv_heads * HEAD_DIM,
    )
    mlp = Mlp(width=width, dense_parameters=3 * hidden * width)
    group = LayerGroup(layers, attention, mlp, norm_parameters=2 * hidden)
    table = 32_000 * hidden
    return Model("law/dense", "law", hidden, 32_000, 1_000_000, (group,), table, table, Described())


def routed(model: Model, experts: int, per_token: int) -> Model:
    """Return the model with its MLP as one of several experts."""
    (group,) = model.layers
    mlp = Mlp(
        experts=experts,
        experts_per_token=per_token,
        expert_width=group.mlp.width,
        expert_parameters=group.mlp.dense_parameters,
        router_parameters=model.hidden_size * experts,
    )
    return evolve(model, layers=(evolve(group, mlp=mlp),))


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Draw a model whose heads divide by eight: dense or routed, windowed or not."""
    heads = 8 * draw(st.integers(1, 8))
    kv_heads = draw(st.sampled_from([1, 8, heads]))
    window = draw(st.none() | st.integers(64, 8192))
    width = 1024 * draw(st.integers(1, 28))
    made = dense(draw(st.integers(1, 96)), heads, kv_heads, width, window)
    experts = draw(st.none() | st.sampled_from([(8, 2), (64, 6), (128, 8)]))
    return routed(made, *experts) if experts else made


@st.composite
def gpus(draw: st.DrawFn) -> Gpu:
    """Draw an accelerator between a small old one and one that is not built yet."""
    peak = draw(st.floats(10, 5000))
    return Gpu(
        name="law-gpu",
        vendor=draw(st.sampled_from(["NVIDIA", "AMD"])),
        family=draw(st.sampled_from(["Hopper", "Ampere", "CDNA3", "unheard-of"])),
        memory_gb=80.0,
        memory_gib=draw(st.floats(8, 300)),
        bandwidth_gb_s=draw(st.floats(100, 20_000)),
        peaks=Peaks(
            fp32=peak / 4, fp16=peak, bf16=peak, fp8=draw(st.sampled_from([0.0, 2 * peak]))
        ),
        link=draw(st.sampled_from(["NVLink4", "PCIe", "xGMI"])),
        link_gb_s=draw(st.floats(8, 1800)),
        domain_size=draw(st.sampled_from([2, 8, None])),
        pcie_gb_s=draw(st.floats(8, 64)),
    )


@st.composite
def loads(draw: st.DrawFn) -> Load:
    """Draw a load with a fixed concurrency."""
    inputs, outputs = draw(st.integers(1, 32_768)), draw(st.integers(1, 8192))
    return Load(inputs, outputs, draw(st.integers(1, 512)), None, inputs + outputs)


@st.composite
def deployments(draw: st.DrawFn) -> Deployment:
    """Draw a model in some formats and a split that its heads allow."""
    weights = find_weight_format(draw(st.sampled_from(WIDEST_FIRST)))
    kv_format = find_kv_format(draw(st.sampled_from(["bf16", "fp8"])))
    return Deployment(draw(models()), weights, kv_format, draw(st.sampled_from([1, 2, 4, 8])))


engines = st.sampled_from(["vllm", "sglang", "trtllm", "llamacpp", "generic"]).map(Engine)


def one(deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, *names: str) -> list[float]:
    """Return metrics of one candidate."""
    scenario = row(deployment, gpu, load, engine)
    table = estimate(scenario, names)
    return [float(table[name].values[0]) for name in names]


def row(deployment: Deployment, gpu: Gpu, load: Load, engine: Engine) -> Scenario:
    """Return the scenario of one candidate at a price of 2.5 USD."""
    price = Price("law-gpu", "law", 2.5, "2026-01-01")
    index = np.zeros(1, np.int32)
    rows = Listed(index, index, index)
    return Scenario((deployment,), (gpu,), ((price,),), (load,), (engine,), rows)

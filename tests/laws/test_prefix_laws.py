"""A shared prefix is held once: more of it takes less room, more prefixes take more."""

from __future__ import annotations

from attrs import evolve
from candidates import deployments, engines, gpus, loads, one
from hypothesis import given
from hypothesis import strategies as st

from sizer.schema.asked.serving import Engine, Router
from sizer.schema.facts.gpu import Gpu
from sizer.schema.scenario import Deployment, Load

ROUNDING = 1 + 1e-9
routers = st.sampled_from(["affine", "round_robin"])
groups = st.integers(1, 1000)
copies = st.sampled_from([1, 2, 8])


@st.composite
def shared(draw: st.DrawFn) -> Load:
    """Draw a load whose prompts share some of their tokens."""
    load = draw(loads())
    tokens = draw(st.integers(0, load.input_tokens - 1))
    return evolve(load, shared_prefix_tokens=tokens, prefix_groups=draw(groups))


@given(deployments(), gpus(), shared(), engines)
def test_sharing_never_takes_memory_or_room(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    apart = evolve(load, shared_prefix_tokens=0)
    names = ("memory_required_gib", "admitted_requests", "prefill_ms")
    required, admitted, prefill = one(deployment, gpu, load, engine, *names)
    all_required, fewer, slower = one(deployment, gpu, apart, engine, *names)
    assert required <= all_required * ROUNDING
    assert admitted >= fewer
    assert prefill <= slower * ROUNDING


@given(deployments(), gpus(), shared(), engines, routers, groups)
def test_more_prefixes_never_take_less(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, router: Router, more: int
) -> None:
    few = evolve(load, router=router)
    many = evolve(few, prefix_groups=load.prefix_groups + more)
    names = ("memory_required_gib", "admitted_requests", "cached_prompt_share")
    required, admitted, share = one(deployment, gpu, few, engine, *names)
    larger, fewer, less = one(deployment, gpu, many, engine, *names)
    assert required <= larger * ROUNDING
    assert admitted >= fewer
    assert share * ROUNDING >= less


@given(deployments(), gpus(), shared(), engines, copies)
def test_affinity_never_finds_less(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, replicas: int
) -> None:
    copied = evolve(deployment, replicas=replicas)
    fuller = evolve(load, concurrency=(load.concurrency or 0) * replicas)
    shares = [
        one(copied, gpu, evolve(fuller, router=router), engine, "cached_prompt_share")[0]
        for router in ("affine", "round_robin")
    ]
    assert shares[0] >= shares[1]
    assert replicas > 1 or shares[0] == shares[1]


@given(deployments(), gpus(), shared(), engines)
def test_no_more_is_found_than_is_shared(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    (share,) = one(deployment, gpu, load, engine, "cached_prompt_share")
    assert 0 <= share <= load.shared_prefix_tokens / load.input_tokens * ROUNDING

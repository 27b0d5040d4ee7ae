from __future__ import annotations

from math import ceil

import pytest
from attrs import evolve
from candidates import WIDEST_FIRST, deployments, engines, gpus, loads, one
from hypothesis import given
from hypothesis import strategies as st

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.estimate.engine.settings import settings
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.scenario import Deployment, Load
from sizer.units import GIB

more = st.integers(1, 4096)


@given(deployments(), gpus(), loads(), engines, more)
def test_memory_never_falls_with_more_context(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, extra: int
) -> None:
    longer = evolve(load, input_tokens=load.input_tokens + extra)
    (before,) = one(deployment, gpu, load, engine, "memory_required_gib")
    (after,) = one(deployment, gpu, longer, engine, "memory_required_gib")
    assert after >= before


@given(deployments(), gpus(), loads(), engines, more)
def test_memory_never_falls_with_more_requests(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, extra: int
) -> None:
    fuller = evolve(load, concurrency=(load.concurrency or 0) + extra)
    (before,) = one(deployment, gpu, load, engine, "memory_required_gib")
    (after,) = one(deployment, gpu, fuller, engine, "memory_required_gib")
    assert after >= before


@given(deployments(), gpus(), loads(), engines, st.integers(1, 64))
def test_memory_never_falls_with_more_layers(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, extra: int
) -> None:
    (group,) = deployment.model.layers
    taller = evolve(deployment.model, layers=(evolve(group, count=group.count + extra),))
    (before,) = one(deployment, gpu, load, engine, "memory_required_gib")
    (after,) = one(evolve(deployment, model=taller), gpu, load, engine, "memory_required_gib")
    assert after > before


@given(deployments(), gpus(), loads(), engines)
def test_memory_never_falls_with_wider_formats(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    widths = [
        one(evolve(deployment, weights=find_weight_format(name)), gpu, load, engine, "weights_gib")
        for name in WIDEST_FIRST
    ]
    assert widths == sorted(widths, reverse=True)
    caches = [
        one(evolve(deployment, kv_format=find_kv_format(name)), gpu, load, engine, "kv_cache_gib")
        for name in ("bf16", "fp8", "nvfp4")
    ]
    assert caches == sorted(caches, reverse=True)


@given(deployments(), gpus(), loads(), engines)
def test_weights_and_cache_of_a_device_never_rise_with_more_devices(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    held = [
        sum(one(evolve(deployment, tp=tp), gpu, load, engine, "weights_gib", "kv_cache_gib"))
        for tp in (1, 2, 4, 8)
    ]
    assert held == sorted(held, reverse=True)


@given(deployments(), gpus(), loads(), engines)
def test_the_parts_of_memory_sum_to_the_total(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    names = ("weights_gib", "kv_cache_gib", "activations_gib", "overhead_gib")
    totals = ("memory_required_gib", "memory_headroom_gib", "usable_gib")
    required, headroom, usable = one(deployment, gpu, load, engine, *totals)
    assert sum(one(deployment, gpu, load, engine, *names)) == pytest.approx(required)
    assert required + headroom == pytest.approx(usable)
    assert 0 < usable <= gpu.memory_gib


@given(deployments(), gpus(), loads(), engines)
def test_what_fits_leaves_no_negative_headroom_and_a_pool_for_its_cache(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    names = ("fits", "memory_headroom_gib", "kv_pool_gib", "kv_cache_gib")
    fits, headroom, pool, cache = one(deployment, gpu, load, engine, *names)
    assert bool(fits) == (headroom >= 0)
    if fits:
        assert pool >= cache - 1e-9


@given(deployments(), gpus(), loads(), engines)
def test_capacity_holds_what_it_says(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine
) -> None:
    names = ("max_concurrency", "kv_capacity_tokens", "kv_pool_gib", "kv_bytes_per_token")
    concurrency, tokens, pool, each = one(deployment, gpu, load, engine, *names)
    assert tokens == pytest.approx(concurrency * load.max_context)
    if deployment.model.layers[0].attention.window is None:
        assert tokens * each <= pool * GIB * deployment.tp * (1 + 1e-9)
        size = settings(engine, gpu).block_tokens
        if engine.name == "llamacpp":  # which has so many slots, whatever is left
            assert concurrency <= 4
            return
        in_blocks = ceil(load.max_context / size) * size / load.max_context
        assert (tokens * in_blocks + size) * each >= pool * GIB * deployment.tp - each * size

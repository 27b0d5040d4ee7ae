"""The highest rate that conditions allow: they hold there, and one of them fails just beyond."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from attrs import evolve
from candidates import deployments, gpus, loads, row
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.pipeline import question_of
from sizer.pipeline.search.goodput import at_highest, at_rates
from sizer.schema.asked.profile import ModelAsk, Profile, Select
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.scenario import Deployment, Load, Scenario

BOUNDS = ((1e5, 1e4), (3000, 100), (500, 40), (120, 12))
FOUND_TO = 2 ** (1 / 1024)
ROOM = 2000.0
SLOTS = 1.02  # more of them take memory of their own
FEW = settings(max_examples=40, suppress_health_check=list(HealthCheck))
policies = st.sampled_from(BOUNDS)


@cache
def policy(first_token_ms: float, pace_ms: float) -> Policy:
    """Return what bounds both latencies, and lets what fits and keeps up live."""
    where = (f"ttft_ms <= {first_token_ms} and itl_ms <= {pace_ms}",)
    return question_of(
        Profile(1, models=(ModelAsk("Qwen/Qwen2.5-7B"),), select=Select(where))
    ).policy


def asked(deployment: Deployment, gpu: Gpu, load: Load, engine: Engine | None = None) -> Scenario:
    """Return the scenario of one candidate whose highest rate is looked for."""
    return row(deployment, gpu, evolve(load, concurrency=None), engine or Engine())


def goodput(deployment: Deployment, gpu: Gpu, load: Load, bounds: tuple[float, float]) -> float:
    """Return the goodput of one candidate."""
    return figure(at_highest(asked(deployment, gpu, load), policy(*bounds)), "goodput_per_s")


def figure(scenario: Scenario, name: str) -> float:
    """Return a metric of a scenario of one."""
    return float(estimate(scenario, (name,))[name].values[0])


def admits(scenario: Scenario, bounds: tuple[float, float]) -> bool:
    """Whether every condition holds for the candidate of a scenario of one."""
    decides = policy(*bounds)
    table = estimate(scenario, decides.names)
    return all(bool(each.admits[0]) for each in judge(decides, table))


@FEW
@given(deployments(), gpus(), loads(), policies)
def test_every_condition_holds_at_goodput_and_one_fails_beyond(
    deployment: Deployment, gpu: Gpu, load: Load, bounds: tuple[float, float]
) -> None:
    found = at_highest(asked(deployment, gpu, load), policy(*bounds))
    rate = figure(found, "goodput_per_s")
    assume(rate > 0)
    assert admits(found, bounds)
    beyond = at_rates(found, np.array([1.01 * rate]), np.ones(1))
    assert not admits(beyond, bounds)


@FEW
@given(deployments(), gpus(), loads(), policies)
def test_where_no_rate_holds_the_lowest_does_not(
    deployment: Deployment, gpu: Gpu, load: Load, bounds: tuple[float, float]
) -> None:
    found = at_highest(asked(deployment, gpu, load), policy(*bounds))
    assume(figure(found, "goodput_per_s") == 0)
    most = figure(found, "max_request_rate")
    assert not admits(at_rates(found, np.array([most / 1024]), np.ones(1)), bounds)


@FEW
@given(deployments(), gpus(), loads(), policies)
def test_goodput_is_never_above_what_replicas_sustain(
    deployment: Deployment, gpu: Gpu, load: Load, bounds: tuple[float, float]
) -> None:
    found = at_highest(asked(deployment, gpu, load), policy(*bounds))
    rate, most = (figure(found, name) for name in ("goodput_per_s", "max_request_rate"))
    assert math.isnan(rate) == math.isnan(most)
    assert math.isnan(rate) or rate <= most


@FEW
@given(deployments(), gpus(), loads(), policies, st.integers(1, 256), st.floats(1, 4))
def test_goodput_rises_with_slots_and_with_cache(
    deployment: Deployment,
    gpu: Gpu,
    load: Load,
    bounds: tuple[float, float],
    slots: int,
    more: float,
) -> None:
    engines = (Engine(max_num_seqs=slots), Engine(max_num_seqs=slots * 2))
    roomy = evolve(gpu, memory_gib=gpu.memory_gib + ROOM)  # where slots take none of the cache's
    few, many = (at_highest(asked(deployment, roomy, load, e), policy(*bounds)) for e in engines)
    before, after = figure(few, "goodput_per_s"), figure(many, "goodput_per_s")
    assert math.isnan(before) or after * SLOTS >= before
    larger = evolve(gpu, memory_gib=gpu.memory_gib * more)
    before, after = (goodput(deployment, each, load, bounds) for each in (gpu, larger))
    assert math.isnan(before) or after * FOUND_TO >= before


@FEW
@given(
    st.lists(st.tuples(deployments(), gpus(), loads()), min_size=2, max_size=5),
    policies,
    st.integers(1, 4),
)
def test_blocks_of_any_size_find_the_same_rates(
    candidates: list[tuple[Deployment, Gpu, Load]], bounds: tuple[float, float], size: int
) -> None:
    several = together(candidates)
    whole = at_highest(several, policy(*bounds)).by_row["request_rate"]
    parts = [
        at_highest(several.take(slice(start, start + size)), policy(*bounds))
        for start in range(0, len(several), size)
    ]
    assert np.array_equal(whole, np.concatenate([each.by_row["request_rate"] for each in parts]))


def together(candidates: list[tuple[Deployment, Gpu, Load]]) -> Scenario:
    """Return the scenario of several candidates, a row each."""
    alone = [asked(*each) for each in candidates]
    numbers = np.arange(len(alone), dtype=np.int32)
    rows = evolve(alone[0].listed, deployment_of=numbers, gpu_of=numbers, load_of=numbers)
    rows = evolve(rows, engine_of=np.zeros_like(numbers))
    return evolve(
        alone[0],
        deployments=tuple(each.deployments[0] for each in alone),
        gpus=tuple(each.gpus[0] for each in alone),
        prices=tuple(each.prices[0] for each in alone),
        loads=tuple(each.loads[0] for each in alone),
        rows=rows,
    )

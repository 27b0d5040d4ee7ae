"""The fewest replicas that conditions allow are those of a search through every number."""

from __future__ import annotations

from functools import cache

import numpy as np
from attrs import evolve
from candidates import deployments, gpus, loads, row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.pipeline import question_of
from sizer.pipeline.search.fewest import at_fewest, with_replicas
from sizer.schema.asked.profile import ModelAsk, Profile, Select
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.scenario import Deployment, Load, Scenario

MOST = 40
FEW = settings(max_examples=40, suppress_health_check=list(HealthCheck))
CONDITIONS = (
    ("itl_ms <= 40", "ttft_ms <= 1000"),
    ("itl_ms <= 15 and cost_usd_per_hour <= 30",),
    ("cost_usd_per_mtok <= 20", "utilization <= 0.7"),
    ("gpus <= 12", "e2e_ms <= 20000"),
    ("replicas >= 3", "tokens_per_second_per_gpu >= 50"),
)
shares = st.floats(0.05, 30)  # of what one replica sustains


@cache
def policy(where: tuple[str, ...]) -> Policy:
    """Return what lets candidates live that keep some conditions."""
    return question_of(
        Profile(1, models=(ModelAsk("Qwen/Qwen2.5-7B"),), select=Select(where))
    ).policy


def asked(deployment: Deployment, gpu: Gpu, load: Load, share: float, spare: int = 0) -> Scenario:
    """Return the scenario of one candidate at a share of what a replica sustains."""
    table = estimate(row(deployment, gpu, load, Engine()), ("max_request_rate",))
    most = float(np.nan_to_num(table["max_request_rate"].values[0], nan=1.0))
    offered = evolve(load, concurrency=None, request_rate=max(most * share, 1e-6))
    copies = evolve(deployment, replicas=MOST, spare_replicas=spare)
    return evolve(row(copies, gpu, offered, Engine()), fewest=True)


def passing(scenario: Scenario, decides: Policy) -> list[int]:
    """Return every number of replicas at which each condition holds."""
    every = with_replicas(scenario.take(np.zeros(MOST, np.intp)), np.arange(1.0, MOST + 1))
    table = estimate(every, decides.names)
    holds = np.logical_and.reduce([each.admits for each in judge(decides, table)])
    return [int(each) for each in np.flatnonzero(holds) + 1]


@FEW
@given(deployments(), gpus(), loads(), shares, st.sampled_from(CONDITIONS), st.integers(0, 2))
def test_the_fewest_are_those_of_a_search_through_every_number(
    deployment: Deployment, gpu: Gpu, load: Load, share: float, where: tuple[str, ...], spare: int
) -> None:
    scenario, decides = asked(deployment, gpu, load, share, spare), policy(where)
    every = passing(scenario, decides)
    found = at_fewest(scenario, decides).deployments[0].replicas
    if every and every == list(range(every[0], every[-1] + 1)):
        assert found == every[0]


@FEW
@given(deployments(), gpus(), loads(), shares, st.integers(1, 3))
def test_spares_are_bought_and_carry_nothing(
    deployment: Deployment, gpu: Gpu, load: Load, share: float, spare: int
) -> None:
    decides = policy(CONDITIONS[0])
    without, beside = (
        at_fewest(asked(deployment, gpu, load, share, each), decides) for each in (0, spare)
    )
    assert without.deployments[0].replicas == beside.deployments[0].replicas
    names = ("itl_ms", "ttft_ms", "gpus", "cost_usd_per_hour", "replicas")
    one, other = (estimate(each, names) for each in (without, beside))
    for name in ("itl_ms", "ttft_ms"):
        assert np.array_equal(one[name].values, other[name].values, equal_nan=True)
    copies = without.deployments[0].replicas
    share_of = (copies + spare) / copies
    assert np.allclose(other["gpus"].values, one["gpus"].values * share_of)
    assert np.allclose(
        other["cost_usd_per_hour"].values, one["cost_usd_per_hour"].values * share_of
    )


@FEW
@given(
    st.lists(st.tuples(deployments(), gpus(), loads(), shares), min_size=2, max_size=4),
    st.sampled_from(CONDITIONS),
)
def test_a_candidate_of_several_loads_has_what_the_heaviest_asks(
    several: list[tuple[Deployment, Gpu, Load, float]], where: tuple[str, ...]
) -> None:
    deployment, gpu, *_ = several[0]
    alone = [asked(deployment, gpu, load, share) for _, _, load, share in several]
    numbers = np.arange(len(alone), dtype=np.int32)
    same = np.zeros_like(numbers)
    rows = evolve(alone[0].listed, deployment_of=same, gpu_of=same, load_of=numbers, engine_of=same)
    together = evolve(alone[0], loads=tuple(each.loads[0] for each in alone), rows=rows)
    counts = [at_fewest(each, policy(where)).deployments[0].replicas for each in alone]
    found = at_fewest(together, policy(where))
    assert {each.replicas for each in found.deployments} == {max(counts)}

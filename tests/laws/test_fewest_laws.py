"""The fewest replicas of each split are the fewest of all numbers that hold every condition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.pipeline import question_of
from sizer.pipeline.search import resolved
from sizer.pipeline.search.fewest import with_replicas
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile, Select
from sizer.schema.asked.serving import Workload
from sizer.schema.scenario import Scenario

Counts = dict[tuple[int, str, str, tuple[int, int, int, int]], set[int]]
MOST = 24
FEW = settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
CONDITIONS = (
    "ttft_p95_ms <= 300",
    "itl_ms <= 12",
    "utilization <= 0.7",
    "cost_usd_per_hour <= 40",
    "queue_ms <= 5 and tpot_p99_ms <= 30",
)


def profile(rate: float, where: tuple[str, ...], spare: int = 0) -> Profile:
    fleet = Fleet(
        ("H100-SXM5-80GB", "L4"),
        max_gpus_per_replica=2,
        max_gpus=MOST,
        replicas="fewest",
        spare_replicas=spare,
    )
    load = Workload(input_tokens=(1000,), output_tokens=(200,), request_rate=(rate,))
    models = (ModelAsk("Qwen/Qwen2.5-7B"),)
    return Profile(1, models=models, fleet=fleet, workload=load, select=Select(where))


def admitted(scenario: Scenario, policy: Policy) -> list[bool]:
    alive = np.ones(len(scenario), np.bool_)
    for each in judge(policy, estimate(scenario, policy.names)):
        alive &= each.admits
    return alive.tolist()


def passing(scenario: Scenario, policy: Policy) -> Counts:
    """Return for each split on each accelerator the numbers of replicas that hold all."""
    found: Counts = {}
    places = zip(scenario.deployment_of, scenario.gpu_of, admitted(scenario, policy), strict=True)
    for number, gpu, alive in places:
        each = scenario.deployments[number]
        if alive:
            key = (int(gpu), each.weights.name, each.kv_format.name, each.split[:4])
            found.setdefault(key, set()).add(each.replicas)
    return found


def fewest_of(asked: Profile) -> Counts:
    question = question_of(asked)
    return passing(resolved(question).scenario, question.policy)


def exhaustive(asked: Profile) -> Counts:
    """Return the same of every number of replicas, one after the other."""
    question = question_of(asked)
    scenario = resolved(question).scenario
    found: Counts = {}
    for count in range(1, MOST + 1):
        some = with_replicas(scenario, np.full(len(scenario), float(count)))
        for key, counts in passing(some, question.policy).items():
            if count * key[3][0] <= MOST:
                found.setdefault(key, set()).update(counts)
    return found


@FEW
@given(st.floats(0.1, 200), st.lists(st.sampled_from(CONDITIONS), unique=True, min_size=1))
def test_the_fewest_are_those_of_an_exhaustive_search(rate: float, where: list[str]) -> None:
    asked = profile(rate, tuple(where))
    every = exhaustive(asked)
    assert fewest_of(asked) == {key: {min(counts)} for key, counts in every.items()}


@pytest.mark.parametrize("rate", [5.0, 60.0])
def test_a_spare_replica_comes_on_top(rate: float) -> None:
    where = ("utilization <= 0.7",)
    plain = fewest_of(profile(rate, where))
    spared = fewest_of(profile(rate, where, spare=1))
    assert spared
    assert all(plain[key] == counts for key, counts in spared.items())

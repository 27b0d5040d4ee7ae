"""Replicas by the hour: the fewest of each hour, never more than at the peak, and never dearer."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizer import size
from sizer.estimate import estimate
from sizer.expr.check import Policy
from sizer.judge import judge
from sizer.load import Question
from sizer.pipeline import question_of
from sizer.pipeline.search import replicas_by_hour, resolved
from sizer.schema.answered.day import Day
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile, Select
from sizer.schema.asked.serving import Workload
from sizer.schema.scenario import Scenario

MOST = 16
FEW = settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
LATENCIES = ("ttft_p95_ms <= 300", "utilization <= 0.7", "itl_ms <= 25 and queue_ms <= 20")
CONDITIONS = (*LATENCIES, "cost_usd_per_mtok <= 2", "cost_usd_per_month_scaled <= 20_000")
hours = st.lists(st.sampled_from((0.0, 0.2, 1.0, 3.0, 9.0, 20.0)), min_size=24, max_size=24)
days = hours.filter(any)


def profile(day: list[float], where: tuple[str, ...], **fleet: float) -> Profile:
    asked = Fleet(
        ("H100-SXM5-80GB", "L4"),
        max_gpus_per_replica=2,
        max_gpus=MOST,
        **fleet,  # type: ignore[arg-type]
    )
    load = Workload(input_tokens=(1000,), output_tokens=(200,), request_rate_by_hour=tuple(day))
    models = (ModelAsk("Qwen/Qwen2.5-7B"),)
    sort = "cost_usd_per_month_scaled"
    return Profile(1, models=models, fleet=asked, workload=load, select=Select(where, sort))


@cache
def asked(day: tuple[float, ...], where: tuple[str, ...]) -> tuple[Question, Scenario]:
    question = question_of(profile(list(day), where))
    return question, resolved(question).scenario


def admitted(scenario: Scenario, policy: Policy, rate: float, count: int) -> np.ndarray:
    """Return which rows keep every condition at a rate, with so many replicas."""
    by_row = {
        "request_rate": np.full(len(scenario), rate),
        "replicas": np.full(len(scenario), float(count)),
    }
    table = estimate(evolve(scenario, by_row=by_row), policy.names)
    return np.all([each.admits for each in judge(policy, table)], axis=0)


@FEW
@given(days, st.lists(st.sampled_from(LATENCIES), unique=True, min_size=1))
def test_each_hour_has_the_fewest_of_an_exhaustive_search(
    day: list[float], where: list[str]
) -> None:
    question, scenario = asked(tuple(day), tuple(where))
    policy = question.policy
    found = replicas_by_hour(scenario, policy, day, any_load=policy.any_load)
    most = np.array([each.replicas for each in scenario.deployments])[scenario.deployment_of]
    for rate in set(day) - {0.0, max(day)}:
        fewest = np.full(len(scenario), math.inf)
        for count in range(MOST, 0, -1):
            fewest[admitted(scenario, policy, rate, count) & (count <= most)] = count
        held = np.isfinite(fewest)
        assert (found[day.index(rate)][held] == fewest[held]).all()
        assert (found[day.index(rate)] <= most).all()


@FEW
@given(days, st.lists(st.sampled_from(CONDITIONS), unique=True), st.integers(0, 2))
def test_a_scaled_fleet_is_never_larger_and_never_dearer(
    day: list[float], where: list[str], spare: int
) -> None:
    answer = size(profile(day, tuple(where), spare_replicas=spare, headroom=0.2)).answers[0]
    for choice in (*filter(None, (answer.chosen,)), *answer.others, *answer.per_gpu):
        found, metrics = choice.day, choice.metrics
        assert found is not None
        assert max(found.gpus) == found.peak_gpus == metrics["gpus"]
        assert found.gpu_hours_per_day == sum(found.gpus)
        assert found.mean_gpus == pytest.approx(metrics["mean_gpus"])
        assert all(count == 1 for count, rate in zip(found.replicas, day, strict=True) if not rate)
        same(found, metrics["cost_usd_per_month"], metrics["cost_usd_per_month_scaled"])


def same(day: Day, fixed: object, scaled: object) -> None:
    assert day.cost_usd_per_month_fixed == fixed
    assert day.cost_usd_per_month_scaled == scaled
    if fixed is None or scaled is None or day.saving_usd_per_month is None:
        return
    assert day.saving_usd_per_month >= 0.0
    assert day.saving_usd_per_month == pytest.approx(float(str(fixed)) - float(str(scaled)))


@pytest.mark.parametrize("rate", [0.5, 12.0])
def test_a_flat_day_is_a_fixed_fleet(rate: float) -> None:
    where = ("utilization <= 0.7",)
    answer = size(profile([rate] * 24, where)).answers[0]
    assert answer.chosen
    found = answer.chosen.day
    assert found
    assert set(found.replicas) == {answer.chosen.metrics["replicas"]}
    assert found.saving_usd_per_month == 0.0
    assert not found.unmet
    assert found.cost_usd_per_month_scaled == answer.chosen.metrics["cost_usd_per_month"]


def test_a_day_chooses_what_its_busiest_hour_would() -> None:
    day, where = [2.0] * 23 + [20.0], ("ttft_p95_ms <= 300",)
    hourly = profile(day, where)
    load = evolve(hourly.workload, request_rate_by_hour=(), request_rate=(20.0,))
    fleet = evolve(hourly.fleet, replicas="fewest")
    sort = Select(where, "cost_usd_per_month")
    plain = evolve(hourly, workload=load, fleet=fleet, select=sort)
    by_day = size(evolve(hourly, select=sort)).answers[0]
    by_rate = size(plain).answers[0]
    assert by_day.chosen
    assert by_rate.chosen
    assert by_day.chosen.candidate == by_rate.chosen.candidate
    assert by_day.survivors == by_rate.survivors
    assert by_rate.chosen.day is None


def test_what_no_number_of_replicas_mends_is_told_and_keeps_none_up() -> None:
    answer = size(profile([0.05] * 8 + [20.0] * 16, ("cost_usd_per_mtok <= 2",))).answers[0]
    assert answer.chosen
    assert answer.chosen.day
    (unmet,) = answer.chosen.day.unmet
    assert unmet.condition == "cost_usd_per_mtok <= 2"
    assert unmet.hours == tuple(range(8))
    assert set(answer.chosen.day.replicas[:8]) == {1}


def test_a_rule_may_bound_what_the_scaled_fleet_costs() -> None:
    day = [1.0] * 12 + [20.0] * 12
    cheap = size(profile(day, ("utilization <= 0.7",))).answers[0]
    assert cheap.chosen
    scaled = cheap.chosen.metrics["cost_usd_per_month_scaled"]
    assert isinstance(scaled, float)
    bound = f"cost_usd_per_month_scaled < {scaled}"
    none = size(profile(day, ("utilization <= 0.7", bound))).answers[0]
    assert none.chosen is None
    assert none.near_miss
    assert none.near_miss.bounds[0].condition == bound

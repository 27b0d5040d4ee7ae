"""A question in, a simulation of each chosen deployment out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sizer import Failure, Problem, Replay, Requests, replay

FEW = Replay(requests=300)


def asked(**more: Any) -> dict[str, Any]:
    return {
        "models": [{"name": "meta-llama/Llama-3.1-8B"}],
        "fleet": {"gpus": ["H100-SXM5-80GB"], "max_gpus_per_replica": 1, "max_gpus": 2},
        "workload": {
            "input_tokens": 500,
            "output_tokens": 50,
            "output_tokens_spread": 0.5,
            "request_rate": 10.0,
        },
        "select": {"where": ["replicas == 2"]},
        **more,
    }


def test_own_metrics_and_percentiles_are_judged_by_simulated_times() -> None:
    rules = [
        {"id": "half", "require": "half_a_second >= 1"},
        {"id": "tail", "require": "ttft_p99_ms <= 1"},
        {"id": "gaps", "require": "itl_p99_ms <= 100"},
        {"id": "cost", "require": "gpus <= 8", "level": "info"},
    ]
    question = asked(rule=rules, metrics={"half_a_second": "500 / ttft_p95_ms"})
    (found,) = replay(question, FEW)
    ended = {each.label: (each.outcome, each.share) for each in found.attained}
    assert ended["half"] == ("holds", 1.0)
    assert ended["tail"] == ("fails", 0.0)
    assert ended["gaps"] == ("holds", None)
    assert ended["cost"] == ("holds", None)
    assert not found.attains


def test_lost_requests_keep_no_rule() -> None:
    question = asked(rule=[{"id": "slo", "require": "ttft_p95_ms <= 1000"}])
    gone = Replay(requests=300, failures=(Failure(1, 15.0), Failure(2, 15.0)))
    (found,) = replay(question, gone)
    (slo,) = found.attained
    assert slo.outcome == "holds"
    assert slo.share is not None
    assert 0.2 < slo.share < 0.8
    assert not found.attains
    assert found.counts.arrived == found.counts.done + found.counts.lost == 300


def test_the_nearest_miss_is_simulated_where_nothing_survives() -> None:
    question = asked(select={"where": ["replicas == 2", "ttft_ms < 1"]})
    (found,) = replay(question, FEW)
    assert not found.survives
    assert found.counts.done == 300


def test_each_model_has_its_own_and_a_name_that_nobody_has_is_nothing() -> None:
    models = [{"name": "meta-llama/Llama-3.1-8B"}, {"name": "Qwen/Qwen2.5-7B"}]
    found = replay(asked(models=models), FEW)
    assert [each.model for each in found] == ["meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B"]
    assert found[0].served.input_tokens.tolist() == found[1].served.input_tokens.tolist()
    assert replay(asked(), FEW, "nobody") == ()


def test_the_closed_form_is_that_of_the_simulated_load() -> None:
    (usual,) = replay(asked(), FEW)
    (fast,) = replay(asked(), Replay(requests=300, speed=3.0))
    assert usual.source.request_rate == 10
    assert fast.source.request_rate == 30
    for name in ("ttft_p50_ms", "e2e_p99_ms"):
        assert usual.expected[name] < fast.expected[name]  # type: ignore[operator]
        assert usual.metrics[name] < fast.metrics[name]  # type: ignore[operator]


def test_a_trace_of_equal_requests_is_told_by_the_closed_form() -> None:
    count = 500
    lengths = np.full(count, 500), np.full(count, 50)
    trace = Requests(np.arange(count) / 10.0, *lengths)
    (found,) = replay(asked(), Replay(trace=trace, trace_name="mine"))
    assert found.source.trace == "mine"
    for name in ("ttft_p50_ms", "tpot_p50_ms", "e2e_p50_ms"):
        closed, counted = found.expected[name], found.metrics[name]
        assert isinstance(closed, float)
        assert counted == pytest.approx(closed, rel=0.15)


def test_a_replica_that_is_not_there_cannot_fail() -> None:
    with pytest.raises(Problem) as caught:
        replay(asked(), Replay(requests=10, failures=(Failure(7, 1.0),)))
    assert [each.code for each in caught.value.diagnostics] == ["SZ852"]

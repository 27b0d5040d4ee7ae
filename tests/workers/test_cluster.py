"""A Ray cluster that is not there, or not ours."""

from __future__ import annotations

from typing import Any

import pytest
from worker_tasks import square

from sizer.diagnostic import Problem
from sizer.workers import Ray, Workers, run


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(Problem) as caught:
        list(run(square, [1], Workers(Ray())))
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("SZ890", "Ray is not installed")
    assert found.help is not None
    assert "pip install 'fleet-sizer[ray]'" in found.help


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_named() -> None:
    ray = pytest.importorskip("ray")
    ray.shutdown()
    with pytest.raises(Problem) as caught:
        list(run(square, [1], Workers(Ray("127.0.0.1:1"))))
    (found,) = caught.value.diagnostics
    assert found.code == "SZ891"
    assert found.message.startswith("no Ray cluster answers at 127.0.0.1:1")


@pytest.mark.slow
def test_another_sizer_does_no_chunk(small_cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert small_cluster.is_initialized()
    monkeypatch.setattr("sizer.workers.cluster.code", lambda: "another")
    with pytest.raises(Problem) as caught:
        list(run(square, [1], Workers(Ray())))
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("SZ893", "a node of the cluster has another sizer")

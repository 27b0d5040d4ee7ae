"""What cannot keep up is overloaded, and the answer says how many replicas would keep up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import answers, run
from command_line import sizer

from sizer.select.overload import overload_of

QUESTION = """
models = [{ name = "meta-llama/Llama-3.1-8B", weights = "fp8" }]
fleet = { gpus = ["L4"], max_gpus_per_replica = 1, max_gpus = MOST }
workload.request_rate = RATE
"""


def asked(rate: int, most: int) -> str:
    return QUESTION.replace("RATE", str(rate)).replace("MOST", str(most))


def test_the_near_miss_says_what_would_keep_up(tmp_path: Path) -> None:
    code, (answer,) = answers(tmp_path, asked(20, 2))
    assert code == 1
    assert [each["label"] for each in answer["funnel"]] == ["fits", "not overloaded"]
    assert answer["funnel"][-1]["removed"] == answer["candidates"]
    assert answer["funnel"][-1]["unknown"] == 0
    lacking = answer["near_miss"]["overload"]
    assert lacking["request_rate"] == 20
    needed = lacking["replicas_needed"]
    _, out, _ = run(tmp_path, asked(20, 2))
    said = " ".join(out.split())
    assert "overloaded: 20 requests/s arrive, it serves at most" in said
    assert f"{needed} replicas would keep up" in said
    code, (enough,) = answers(tmp_path, asked(20, needed))
    assert code == 0
    assert enough["chosen"]["metrics"]["replicas"] == needed
    assert enough["chosen"]["metrics"]["overloaded"] is False


def test_an_explanation_says_so_too(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text("dsl = 1" + asked(20, 2), "utf-8")
    done = sizer("explain", "--profile", path, "--format", "json")
    (decision,) = json.loads(done.stdout)["decisions"]
    assert decision["overload"]["request_rate"] == 20
    assert "would keep up" in sizer("explain", "--profile", path).stdout


@pytest.mark.parametrize(("rate", "needed"), [(7.0, 3), (9.0, 4), (9.1, 4)])
def test_so_many_replicas_keep_up_and_one_less_does_not(rate: float, needed: int) -> None:
    metrics = {"overloaded": True, "request_rate": rate, "max_request_rate": 3.0, "replicas": 1.0}
    metrics["gpus"] = 2.0
    found = overload_of(metrics)
    assert found is not None
    assert (found.replicas_needed, found.gpus_needed) == (needed, 2 * needed)
    assert overload_of({**metrics, "overloaded": False}) is None
    assert overload_of({**metrics, "max_request_rate": None}) is None


ALONE = """
models = [{ name = "meta-llama/Llama-3.1-8B", weights = "bf16" }]
fleet = { gpus = ["L4"], max_gpus_per_replica = 1 }
workload.request_rate = 1.1
"""


def test_each_step_that_is_proposed_keeps_up_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text("dsl = 1" + ALONE, "utf-8")
    done = sizer("explain", "--profile", path, "--format", "json")
    (decision,) = json.loads(done.stdout)["decisions"]
    relief = decision["relief"]
    assert relief["weights"] == relief["kv_format"] == "fp8"
    assert relief["gpus_per_replica"] == 2
    most = relief["request_rate"]
    assert 0.9 < most / decision["metrics"]["max_request_rate"] < 1
    said = sizer("explain", "--profile", path).stdout
    assert "would keep up with weights in fp8" in said
    assert f"would keep up with at most {most:.4g} requests/s" in said
    steps = [
        ('"bf16"', '"fp8"'),
        ('"bf16" }', '"bf16", kv_format = "fp8" }'),
        ("replica = 1", "replica = 2"),
        ("1.1", f"{most}"),
    ]
    for before, after in steps:
        assert run(tmp_path, ALONE.replace(before, after))[0] == 0, after
    assert run(tmp_path, ALONE)[0] == 1


def test_what_keeps_up_needs_no_relief(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text("dsl = 1" + ALONE.replace("1.1", "0.5"), "utf-8")
    done = sizer("explain", "--profile", path, "--format", "json")
    (decision,) = json.loads(done.stdout)["decisions"]
    assert decision["relief"] is decision["overload"] is None


def test_so_many_replicas_hold_their_requests_too(tmp_path: Path) -> None:
    """By the rate alone two would do, but their requests in flight overflow the cache."""
    asked = ALONE.replace("1.1", "2.05")
    _, (answer,) = answers(tmp_path, asked)
    needed = answer["near_miss"]["overload"]["replicas_needed"]
    assert needed == answer["near_miss"]["overload"]["gpus_needed"] == 3
    assert answer["funnel"][-1]["overload"]["replicas_needed"] == 2
    codes = [
        run(tmp_path, asked.replace("replica = 1", f"replica = 1, max_gpus = {count}"))[0]
        for count in (needed - 1, needed)
    ]
    assert codes == [1, 0]
    path = tmp_path / "p.toml"
    path.write_text("dsl = 1" + asked, "utf-8")
    assert "3 replicas would keep up" in sizer("explain", "--profile", path).stdout

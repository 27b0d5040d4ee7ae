"""Who does a sweep is asked for on the command line, and changes no byte of the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import sizer

SWEEP = f"""
dsl = 1
[[models]]
name = "Qwen/Qwen2.5-7B"
weights = ["bf16", "fp8"]
[fleet]
gpus = ["H100-SXM5-80GB", "H200-SXM-141GB", "B200-180GB", "A100-SXM4-80GB", "L40S", "L4"]
max_gpus = 1024
[workload]
input_tokens = [100, 200, 500, 1000, 2000]
concurrency = {list(range(1, 101))}
[select]
where = ["fits", "ttft_ms < 500"]
load = "any"
[[rule]]
id = "slo.pace"
require = "itl_ms < 30"
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "sweep.toml"
    path.write_text(SWEEP, "utf-8")
    return path


def test_processes_and_a_resumed_run_give_the_same_bytes(profile: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sweep.d"
    options = [[], ["--jobs", "2"], ["--jobs", "2", "--resume", folder], ["--resume", folder]]
    done = [sizer("run", profile, "--format", "json", *each) for each in options]
    assert {each.returncode for each in done} == {0}
    assert len({each.stdout for each in done}) == 1
    assert len(list(folder.glob("*.chunk"))) > 1


def test_a_changed_profile_does_not_go_on(profile: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sweep.d"
    assert sizer("run", profile, "--resume", folder).returncode == 0
    profile.write_text(SWEEP.replace("itl_ms < 30", "itl_ms < 31"), "utf-8")
    done = sizer("run", profile, "--resume", folder)
    assert done.returncode == 2
    assert "error[SZ894]: --resume: the folder has chunks of other work" in done.stderr


@pytest.mark.slow
def test_ray_gives_the_same_bytes(profile: Path) -> None:
    pytest.importorskip("ray")
    alone, cluster = (sizer("run", profile, "--format", "json", *o) for o in ([], ["--ray"]))
    assert alone.stdout == cluster.stdout
    assert cluster.returncode == 0


def test_a_profile_behind_ray_is_no_address(profile: Path) -> None:
    done = sizer("run", "--ray", profile)
    assert done.returncode == 2
    assert "is no address like 10.0.0.1:6379; without one, write --ray last" in done.stderr


@pytest.mark.parametrize("option", ["--jobs=2", "--ray", "--resume=a"])
def test_a_metric_is_explained_by_nobody_else(option: str) -> None:
    done = sizer("explain", "itl_ms", option)
    assert done.returncode == 2
    assert "goes with --profile" in done.stderr

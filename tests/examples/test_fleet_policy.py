"""The worked example of a repository: the very commands of its pipelines, on a pull request."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from command_line import ROOT, environment
from fleet import commit, edit, git

EXAMPLE = ROOT / "tests" / "examples" / "fleet-policy"
NOT_HERE = ("pip install", "gh ", "git fetch")


def commands_of_github() -> list[str]:
    """Return what the workflow runs, in order."""
    workflow: dict[str, Any] = yaml.safe_load(
        (EXAMPLE / ".github" / "workflows" / "sizer.yml").read_text()
    )
    return [step["run"] for step in workflow["jobs"]["policy"]["steps"] if "run" in step]


def commands_of_gitlab() -> list[str]:
    """Return what the job runs, in order."""
    job = yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text())["sizer"]
    return [*job["before_script"], *job["script"]]


@pytest.fixture
def pull_request(tmp_path: Path) -> Path:
    """Clone a repository with a lock, on a branch of the clone."""
    origin = tmp_path / "origin"
    shutil.copytree(EXAMPLE, origin)
    git(origin, "init", "--quiet", "--initial-branch", "main")
    ran = shell("sizer lock profiles", origin)
    assert ran.returncode == 0, ran.stderr
    commit(origin, "policy with its lock")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(origin), str(clone))
    git(clone, "switch", "--quiet", "--create", "topic")
    return clone


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as a runner does, with `sizer` of this source tree."""
    tools = folder.parent / "bin"
    tools.mkdir(exist_ok=True)
    tool = tools / "sizer"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sizer "$@"\n')
    tool.chmod(0o755)
    names = {"GITHUB_BASE_REF": "main", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", command],
        capture_output=True,
        cwd=folder,
        env=environment(PATH=path, **names),
        text=True,
        timeout=120,
        check=False,
    )


def pipeline(commands: list[str], folder: Path) -> list[tuple[str, int]]:
    """Run what can be run here; a pipeline stops at the first command that fails."""
    ended = []
    for command in commands:
        if command.startswith(NOT_HERE):
            continue
        ended.append((command.split()[1], shell(command, folder).returncode))
        if ended[-1][1]:
            break
    return ended


@pytest.mark.parametrize("commands", [commands_of_github(), commands_of_gitlab()])
def test_a_pipeline_passes_and_says_what_a_change_changes(
    pull_request: Path, commands: list[str]
) -> None:
    edit(str(pull_request / "prices.toml"), "0.9", "9.9")
    assert pipeline(commands, pull_request) == [("check", 0), ("test", 0), ("lock", 1)]
    assert shell("sizer lock", pull_request).returncode == 0
    commit(pull_request, "dearer, and the lock renewed")
    assert pipeline(commands, pull_request) == [
        ("check", 0),
        ("test", 0),
        ("lock", 0),
        ("diff", 0),
    ]
    comment = (pull_request / "comment.md").read_text()
    assert comment.startswith("### sizer: 1 of 1 answer changed (origin/main → HEAD)")
    assert "because of price: L40S: 0.9 USD/h" in comment


@pytest.mark.parametrize("commands", [commands_of_github(), commands_of_gitlab()])
def test_a_pipeline_stops_at_a_typo_and_at_a_broken_rule(
    pull_request: Path, commands: list[str]
) -> None:
    rules = pull_request / "rules" / "slo.toml"
    text = rules.read_text()
    rules.write_text(text.replace("itl_ms <=", "itlms <="))
    assert pipeline(commands, pull_request) == [("check", 2)]
    rules.write_text(text.replace("itl_ms <= 50", "itl_ms <= 40"))
    assert pipeline(commands, pull_request) == [("check", 0), ("test", 1)]


def test_gitlab_gets_the_reports_that_it_is_promised(pull_request: Path) -> None:
    job = yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text())["sizer"]
    assert all(code == 0 for _, code in pipeline(commands_of_gitlab(), pull_request))
    reports = job["artifacts"]["reports"]
    assert json.loads((pull_request / reports["codequality"]).read_text()) == []
    junit = ET.fromstring((pull_request / reports["junit"]).read_text())  # noqa: S314  # our own
    assert junit.tag == "testsuites"
    assert all((pull_request / path).is_file() for path in job["artifacts"]["paths"])


def test_hooks_of_the_example_are_hooks_that_there_are() -> None:
    theirs = yaml.safe_load((EXAMPLE / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    ours = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {each["id"] for each in theirs} == {each["id"] for each in ours}


def test_the_example_says_what_is_in_it() -> None:
    text = (EXAMPLE / "README.md").read_text()
    there = {
        path.relative_to(EXAMPLE).as_posix()
        for path in EXAMPLE.rglob("*")
        if path.is_file() and path.name != "README.md"
    }
    listed = {line.split()[0] for line in text.split("```")[1].splitlines() if line.strip()}
    assert listed == {*there, "sizer.lock"}

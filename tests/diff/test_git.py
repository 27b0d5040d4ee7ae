"""`sizer diff` reads a repository that it does not trust: no program of its configuration runs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from fleet import commit, edit, git, write_fleet

from sizer.cli import main
from sizer.diff.git import QUIET

CHAT = "profiles/chat.toml"
RUNS = {
    "core.fsmonitor": "{0}",
    "core.hooksPath": "{1}",
    "core.pager": "{0}",
    "core.sshCommand": "{0}",
    "core.gitProxy": "{0}",
    "core.askPass": "{0}",
    "core.alternateRefsCommand": "{0}",
    "credential.helper": "{0}",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_fleet(tmp_path / "repository")
    monkeypatch.chdir(folder)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "first")
    edit(CHAT, "[1, 8]", "[1, 16]")
    commit(folder, "second")
    return folder


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """Return a program that leaves a file `ran` beside it, under the names of hooks too."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("trap", "post-index-change", "post-checkout", "reference-transaction"):
        program = hooks / name
        program.write_text(f"#!/bin/sh\necho $0 >> {tmp_path / 'ran'}\n")
        program.chmod(0o755)
    return hooks / "trap"


def ran(trap: Path) -> bool:
    return (trap.parents[1] / "ran").exists()


def test_each_key_that_runs_a_program_is_off(here: Path, trap: Path) -> None:
    for key, value in RUNS.items():
        git(here, "config", key, value.format(trap, trap.parent))
    assert {each.partition("=")[0] for each in QUIET} >= set(RUNS)
    edit(CHAT, "[1, 16]", "[1, 32]")
    assert main(["diff", "HEAD~1..HEAD"]) == 0
    assert main(["diff", "HEAD"]) == 0
    assert not ran(trap)
    subprocess.run(["git", "status"], cwd=here, capture_output=True, check=True)  # noqa: S607
    assert ran(trap)


def test_a_bare_repository_among_the_files_of_a_clone_is_none(
    here: Path, trap: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = here / "profiles" / "vendored"
    shutil.copytree(here / ".git", inner)
    (inner / "chat.toml").write_text((here / CHAT).read_text())
    git(here, "config", "--file", str(inner / "config"), "core.worktree", ".")
    git(here, "config", "--file", str(inner / "config"), "core.fsmonitor", str(trap))
    monkeypatch.chdir(inner)
    assert main(["diff", "HEAD"]) == 2
    assert "bare" in capsys.readouterr().err
    assert not ran(trap)
    subprocess.run(["git", "status"], cwd=inner, capture_output=True, check=False)  # noqa: S607
    assert ran(trap)


@pytest.mark.parametrize(
    ("absent", "said"),
    [(f"HEAD~1:{CHAT}", "brings what a partial clone left out"), ("HEAD~1", "no revision")],
)
def test_a_clone_that_lacks_an_object_fetches_none(
    here: Path, trap: Path, capsys: pytest.CaptureFixture[str], absent: str, said: str
) -> None:
    digest = git(here, "rev-parse", absent)
    (here / ".git" / "objects" / digest[:2] / digest[2:]).unlink()
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", f"ext::{trap}"),
        ("protocol.ext.allow", "always"),
    ):
        git(here, "config", key, value)
    assert main(["diff", "HEAD~1..HEAD"]) == 2
    assert said in capsys.readouterr().err
    assert not ran(trap)
    show = ["git", "show", absent]
    subprocess.run(show, cwd=here, capture_output=True, check=False)
    assert ran(trap)

"""The hooks, end to end: pre-commit runs them in a repository made for the test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pre_commit", reason="pre-commit is not installed")
pytest.importorskip("tree_sitter_toml", reason="the formatter's grammar is not installed")

import yaml

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
SHIPPED = ("sizer", "rules", "pyproject.toml", "README.md", "LICENSE", MANIFEST.name)
GOOD = """\
dsl = 1

[[rule]]
id = "slo.pace"
require = "itl_ms <= 50"
"""
BAD = GOOD.replace("itl_ms", "itlms")
UNTIDY = GOOD.replace("itl_ms <= 50", "itl_ms<=50")
CASE = 'dsl = 1\n\n[[case]]\nname = "{0}"\ngiven.itl_ms = {1}\nexpect.passes = ["slo.pace"]\n'


def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which git and pre-commit know nothing of whoever runs the test."""
    foreign = ("GIT_", "PRE_COMMIT")
    usual = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    who = {
        "AUTHOR_NAME": "a",
        "AUTHOR_EMAIL": "a@b.c",
        "COMMITTER_NAME": "a",
        "COMMITTER_EMAIL": "a@b.c",
    }
    return {
        **usual,
        **{f"GIT_{name}": value for name, value in who.items()},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "PYTHONPATH": str(ROOT),
        "NO_COLOR": "1",
    }


def run(where: Path, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(each) for each in command],
        cwd=where,
        env=environment(where.parent) | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def repository(folder: Path, files: Mapping[str, str]) -> Path:
    """Return a git repository with these files in its index."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    run(folder, "git", "init", "--quiet")
    run(folder, "git", "add", "--all")
    return folder


def hooks() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return found


def pre_commit(repo: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run(repo, sys.executable, "-m", "pre_commit", *arguments)


def run_hook(
    tmp_path: Path, hook: str, files: Mapping[str, str], *which: str
) -> subprocess.CompletedProcess[str]:
    """Run a hook of the manifest, with this tree's sizer, on all files or on some."""
    (declared,) = (each for each in hooks() if each["id"] == hook)
    entry = declared["entry"].replace("sizer", f"{sys.executable} -m sizer", 1)
    local = {"repo": "local", "hooks": [{**declared, "entry": entry, "language": "system"}]}
    config = yaml.safe_dump({"repos": [local]})
    repo = repository(tmp_path / "repo", {**files, ".pre-commit-config.yaml": config})
    return pre_commit(repo, "run", hook, *(which or ("--all-files",)))


def test_the_manifest_is_valid() -> None:
    done = run(ROOT, sys.executable, "-m", "pre_commit", "validate-manifest", MANIFEST)
    assert done.returncode == 0, done.stdout
    assert [each["id"] for each in hooks()] == [
        "sizer-check",
        "sizer-fmt",
        "sizer-test",
        "sizer-lock",
    ]


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("profiles/a.toml", True),
        ("teams/ml/rules/slo.toml", True),
        ("fleet.sizer.toml", True),
        ("slo.policy.toml", True),
        ("rules/slo.sizer-test.toml", True),
        ("pyproject.toml", False),
        ("rules/README.md", False),
        ("myrules/a.toml", False),
    ],
)
def test_which_files_the_hooks_take(name: str, *, taken: bool) -> None:
    found = {each["id"]: bool(re.search(each["files"], name)) for each in hooks()}
    del found["sizer-lock"]  # it watches whatever a lock depends on
    assert set(found.values()) == {taken}


def test_check_lets_good_files_pass_and_leaves_others_alone(tmp_path: Path) -> None:
    files = {"rules/good.toml": GOOD, "pyproject.toml": BAD}
    done = run_hook(tmp_path, "sizer-check", files)
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout


def test_check_stops_a_bad_file_at_its_place(tmp_path: Path) -> None:
    done = run_hook(tmp_path, "sizer-check", {"rules/good.toml": GOOD, "rules/bad.toml": BAD})
    assert done.returncode == 1
    assert f"{Path('rules/bad.toml')}:5:12: error[SZ202]: unknown name 'itlms'" in done.stdout
    assert "rules/good.toml" not in done.stdout


def test_check_finds_the_profile_that_a_changed_rule_breaks(tmp_path: Path) -> None:
    profile = 'dsl = 1\nextends = ["../rules/slo.toml"]\n[levels]\n"slo.first" = "info"\n'
    files = {"rules/slo.toml": GOOD, "profiles/p.toml": profile}
    done = run_hook(tmp_path, "sizer-check", files, "--files", "rules/slo.toml")
    assert done.returncode == 1
    assert "profiles/p.toml:4:1: error[SZ507]" in done.stdout


def test_fmt_writes_the_file_and_says_so(tmp_path: Path) -> None:
    done = run_hook(tmp_path, "sizer-fmt", {"rules/untidy.toml": UNTIDY})
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert (tmp_path / "repo/rules/untidy.toml").read_text() == GOOD
    assert pre_commit(tmp_path / "repo", "run", "--all-files", "sizer-fmt").returncode == 0


@pytest.mark.parametrize(("value", "code"), [("50", 0), ("51", 1)])
def test_test_tries_the_rules(tmp_path: Path, value: str, code: int) -> None:
    files = {"rules/slo.toml": GOOD, "rules/slo.sizer-test.toml": CASE.format("pace", value)}
    done = run_hook(tmp_path, "sizer-test", files)
    assert done.returncode == code, done.stdout
    assert ("SZ603" in done.stdout) is bool(code)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a git repository with what users install the hooks from."""
    folder = tmp_path_factory.mktemp("shipped") / "sizer"
    folder.mkdir()
    index = run(folder, sys.executable, "-m", "pip", "download", "--no-deps", "-d", "..", "attrs")
    if index.returncode:
        pytest.skip(f"no package registry answers: {index.stderr.strip().splitlines()[-1]}")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    repository(folder, {})
    run(folder, "git", "commit", "--quiet", "--message", "all")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hook", "files", "code", "said"),
    [
        ("sizer-check", {"rules/good.toml": GOOD}, 0, "Passed"),
        ("sizer-check", {"rules/bad.toml": BAD}, 1, "rules/bad.toml:5:12: error[SZ202]"),
        ("sizer-fmt", {"rules/good.toml": GOOD}, 0, "Passed"),
        ("sizer-fmt", {"rules/untidy.toml": UNTIDY}, 1, "files were modified by this hook"),
        (
            "sizer-test",
            {"rules/slo.toml": GOOD, "rules/slo.sizer-test.toml": CASE.format("pace", "51")},
            1,
            "error[SZ603]",
        ),
    ],
)
def test_the_hooks_as_users_install_them(
    tmp_path: Path, shipped: Path, hook: str, files: Mapping[str, str], code: int, said: str
) -> None:
    repo = repository(tmp_path / "repo", files)
    done = run(
        repo,
        *(
            sys.executable,
            "-m",
            "pre_commit",
            "try-repo",
            shipped,
            hook,
            "--all-files",
            "--verbose",
        ),
        PYTHONPATH="",
        PRE_COMMIT_HOME=str(shipped.parent / "cache"),
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stdout

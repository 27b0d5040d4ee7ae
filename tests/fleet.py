"""A small repository of fleet policy, and ways to change what it rests on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from shutil import which

import pytest
from attrs import evolve

from sizer.catalog.calibration import calibration

CHAT = """dsl = 1
extends = ["../rules/slo.toml"]

[[models]]
name = "Qwen/Qwen2.5-7B"

[[models]]
name = "../models/ours/config.json"

[fleet]
gpus = ["H100", "L4"]

[workload]
concurrency = [1, 8]

[select]
sort = "cost_usd_per_mtok"
"""
BATCH = """dsl = 1

[[models]]
name = "mistralai/Mistral-7B-v0.1"
weights = ["bf16", "fp8"]

[fleet]
gpus = ["L40S", "A100"]
"""
SLO = """dsl = 1
extends = ["limits.toml"]

[[rule]]
id = "slo.first-token"
require = "ttft_ms <= 2000"
"""
LIMITS = """dsl = 1

[levels]
"slo.pace" = "warning"

[[rule]]
id = "slo.pace"
require = "itl_ms <= 5"
"""
GIT = which("git") or "git"
CONFIGS = Path(__file__).parent / "catalog" / "configs"


def write_fleet(folder: Path) -> Path:
    """Write the repository, without a lock, and return its folder."""
    for name, text in (
        ("profiles/chat.toml", CHAT),
        ("profiles/batch.toml", BATCH),
        ("rules/slo.toml", SLO),
        ("rules/limits.toml", LIMITS),
        ("models/ours/config.json", CONFIGS.joinpath("llama-3.1-8b.json").read_text()),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / ".git").mkdir(exist_ok=True)
    return folder


def edit(path: str, old: str, new: str) -> None:
    """Replace a text that stands once in a file."""
    text = Path(path).read_text()
    assert text.count(old) == 1
    Path(path).write_text(text.replace(old, new))


def recalibrate(patch: pytest.MonkeyPatch, factor: float = 0.5) -> None:
    """Let kernels reach another share of an accelerator's bandwidth."""
    constants = calibration().constants
    name = "bandwidth_share"
    changed = evolve(constants[name], value=constants[name].value * factor)
    patch.setitem(constants, name, changed)


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, by no configuration but its own."""
    settings = ("user.name=someone", "user.email=someone@example.org", "commit.gpgsign=false")
    done = subprocess.run(
        [
            GIT,
            "-C",
            str(folder),
            *(part for each in settings for part in ("-c", each)),
            *arguments,
        ],
        capture_output=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(folder: Path, message: str) -> str:
    """Commit everything and return the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")

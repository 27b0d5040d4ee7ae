"""The command as users run it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "sizer")
SPECIAL = {"PYTHONUNBUFFERED", "PYTHONIOENCODING", "SIZER_DEBUG"}
GOOD = """
dsl = 1
[[models]]
name = "Qwen/Qwen2.5-7B"
[fleet]
gpus = ["H100-SXM5-80GB"]
"""


def environment(**more: str) -> Mapping[str, str]:
    """Return the environment in which the command finds this source tree."""
    usual = {name: value for name, value in os.environ.items() if name not in SPECIAL}
    return {**usual, "PYTHONPATH": str(ROOT), **more}


def sizer(
    *arguments: str | Path, given: bytes = b"", **more: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; `given` is its standard input."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=given,
        capture_output=True,
        env=environment(),
        timeout=60,
        check=False,
        **more,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )

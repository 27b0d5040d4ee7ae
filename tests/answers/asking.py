"""Questions as users ask them: a profile's text, and the command or `size`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from command_line import sizer

GATED = "meta-llama/Llama-3.1-70B"


def run(folder: Path, text: str, *more: str) -> tuple[int, str, str]:
    """Return the exit code, answer and conversation of `sizer run`."""
    path = folder / "profile.toml"
    path.write_text(f"dsl = 1\n{text}", "utf-8")
    done = sizer("run", path, *more)
    return done.returncode, done.stdout, done.stderr


def answers(folder: Path, text: str) -> tuple[int, list[dict[str, Any]]]:
    """Return the exit code and the answers of each model, from the JSON."""
    code, out, _ = run(folder, text, "--format", "json")
    return code, json.loads(out)["answers"]

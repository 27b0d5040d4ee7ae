"""Defaults of engines by release and device: one TOML file an engine.

Comes in: the name of an engine. Goes out: what it takes where nobody asks, each value with its
source. It never knows what was asked.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sizer.schema.facts.engine_defaults import EngineDefaults
from sizer.structure.facts import read_facts

__all__ = ["engine_defaults", "engines"]
FOLDER = Path(__file__).parent


@cache
def engine_defaults(engine: str) -> EngineDefaults:
    """Return what an engine takes unasked, by release and device.

    Raises FileNotFoundError for an engine that has no file.
    """
    return read_facts(FOLDER.joinpath(f"{engine}.toml").read_text("utf-8"), EngineDefaults)


def engines() -> tuple[str, ...]:
    """Return the engines that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))

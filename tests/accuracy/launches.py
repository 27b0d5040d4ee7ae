"""Settings of a benchmark's launch scripts that its table of results does not name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "launches.toml"
SOURCE = "inferencex"  # and what others took from it
NAMES = ("engine", "gpu", "weight_dtype")
LENGTHS = ("isl", "osl")


def settings(row: Mapping[str, str], engine: str) -> Mapping[str, str]:
    """Return the columns of a point that the launch of a published row set; none of others."""
    if not row["source"].startswith(SOURCE):
        return {}
    known = {**row, "engine": engine}
    return next((launch["set"] for launch in _tables()["launch"] if _matches(launch, known)), {})


def drafting(row: Mapping[str, str], engine: str) -> Mapping[str, str]:
    """Return the columns of a point that a launch with drafts set; none where nobody says."""
    if not row["source"].startswith(SOURCE):
        return {}
    known = {**row, "engine": engine}
    found = next((each for each in _tables()["draft"] if _matches(each, known)), None)
    if found is None:
        return {}
    tokens = str(found["tokens"])
    drafts = {"speculative_method": "mtp", "speculative_tokens": tokens}
    return {**drafts, **found.get("set", {})}


def _matches(launch: Mapping[str, Any], row: Mapping[str, str]) -> bool:
    return (
        row["model_hf_id"].endswith(launch["model"])
        and all(row[name] == launch[name] for name in NAMES if name in launch)
        and all(float(row[name]) == launch[name] for name in LENGTHS if name in launch)
        and float(row["tp"] or 1) < launch.get("tp_below", float("inf"))
        and float(row["dp"] or 1) > launch.get("dp_above", 0)
    )


@cache
def _tables() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    found: Mapping[str, Sequence[Mapping[str, Any]]] = tomllib.loads(HERE.read_text("utf-8"))
    return found

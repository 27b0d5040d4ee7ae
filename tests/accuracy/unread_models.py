"""How far models are off that no checkpoint was read for, as intervals of memory.

Run with `python tests/accuracy/unread_models.py` and put what it prints at the end of
sizer/catalog/calibration/memory.toml. Few entries are wrong, and those by much, so an interval is
that of a normal error with the same mean square: 1.645 times its root holds 90 %.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from math import log, sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any

FILE = Path(__file__).with_suffix(".toml")
HOLDS = 0.9


def half_width(ratios: list[float], entries: int) -> float:
    """Return the half width of the interval of log(right / entered), most of them 0."""
    spread = sqrt(sum(log(each) ** 2 for each in ratios) / entries)
    return NormalDist().inv_cdf((1 + HOLDS) / 2) * spread


def intervals(found: dict[str, Any]) -> Iterator[str]:
    """Yield the TOML of each interval."""
    entries = found["entries"]
    for name, key in (("unread_weights", "parameters"), ("unread_cache", "cache")):
        width = half_width(list(found[key].values()), entries)
        inside = 1 - sum(abs(log(each)) > width for each in found[key].values()) / entries
        yield f"[intervals.{name}]\nlow = {-width:.4f}\nhigh = {width:.4f}"
        yield f"points = {entries}\ncoverage = {inside:.3f}\n"


if __name__ == "__main__":
    print("\n".join(intervals(tomllib.loads(FILE.read_text("utf-8")))))

"""Start-up: ten runs of two commands in turns with Python itself, and the medians of their ratios.

Modules are compiled once before, as they are in an installed package.

    python tests/benchmarks/bench_startup.py
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

RUNS = 10
ROOT = Path(__file__).parents[2]
PROFILE = "profiles/quickstart.toml"
PAIRS = (
    (("-m", "sizer", "check", PROFILE), ("-c", "pass"), 12),
    (("-m", "sizer", "run", PROFILE), ("-c", "import numpy"), 4),
)


def seconds(arguments: tuple[str, ...], environment: Mapping[str, str]) -> float:
    """Return how long one run of Python takes."""
    start = perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return perf_counter() - start


def medians(
    ours: tuple[str, ...], theirs: tuple[str, ...], environment: Mapping[str, str]
) -> tuple[float, float, float]:
    """Return the medians of both and of their ratio, after one run of each that warms the caches.

    They run in turns, and a ratio is of one turn: a shared machine is now fast and now slow.
    """
    pairs = [(seconds(ours, environment), seconds(theirs, environment)) for _ in range(RUNS + 1)]
    left, right = zip(*pairs[1:], strict=True)
    return median(left), median(right), median(mine / other for mine, other in pairs[1:])


def main() -> None:
    """Print one line for each pair."""
    with TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for ours, theirs, aim in PAIRS:
            ours_s, theirs_s, times = medians(ours, theirs, environment)
            left, right = " ".join(ours[1:]), f"python {theirs[0]} '{theirs[1]}'"
            ratio = f"{times:.1f}x (aim: at most {aim}x)"
            print(f"{left}: {ours_s * 1e3:.0f} ms; {right}: {theirs_s * 1e3:.0f} ms; {ratio}")


if __name__ == "__main__":
    main()

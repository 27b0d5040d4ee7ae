"""`sizer check` beside tools that check one file, and on many files in one call.

    pip install check-jsonschema validate-pyproject
    python tests/benchmarks/bench_check.py

Start-up: twenty runs in turns, of one profile with two rule files; times are medians, and a ratio
is the median of those within each turn, as a shared machine is now fast and now slow. The other
tools check the same profile by `sizer schema`, and this repository's pyproject.toml. Many files:
seconds of processor time for profiles in one call, with findings written as text.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from shutil import copytree
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

RUNS = 20
FILES = (125, 250, 500, 1000)
ROOT = Path(__file__).parents[2]
PROFILE = """\
dsl = 1
extends = ["../rules/latency-slo.toml", "../rules/cost-guardrails.toml"]

[[models]]
name = "Qwen/Qwen2.5-7B"
weights = ["bf16", "fp8"]

[fleet]
gpus = ["H100-SXM5-80GB", "L4"]

[workload]
concurrency = [1, {load}]

[select]
where = ["fits", "itl_ms < 25"]
sort = "tokens_per_second then cost"

[[rule]]
id = "chat.size"
require = "gpus <= 8 and memory_headroom_gib >= 2"
message = "{{gpu}} x{{gpus}}"
"""
Command = tuple[str, ...]


def seconds(arguments: Command, environment: Mapping[str, str], folder: Path) -> float:
    """Return how long one run of Python takes."""
    start = perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return perf_counter() - start


def start_up(commands: Mapping[str, Command], environment: Mapping[str, str], folder: Path) -> None:
    """Print the median of each command and what share of it ours takes."""
    runs: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS + 1):  # the first of each fills the caches
        for name, command in commands.items():
            runs[name].append(seconds(command, environment, folder))
    ours = runs["sizer check"][1:]
    for name, (_, *taken) in runs.items():
        share = median(mine / theirs for mine, theirs in zip(ours, taken, strict=True))
        print(f"{name:<20} {median(taken) * 1e3:6.0f} ms   sizer check takes {share:.2f} of it")


def many(environment: Mapping[str, str], folder: Path) -> None:
    """Print the processor time of one call on ever more profiles."""
    for count in FILES:
        names = [f"profiles/{number}.toml" for number in range(count)]
        for number, name in enumerate(names):
            (folder / name).write_text(PROFILE.format(load=number + 2), "utf-8")
        before = getrusage(RUSAGE_CHILDREN)
        seconds(("-m", "sizer", "check", *names), environment, folder)
        after = getrusage(RUSAGE_CHILDREN)
        taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{count:5} profiles  {taken:6.2f} s   {count / taken:5.0f} files a second")


def commands(folder: Path) -> dict[str, Command]:
    """Return what is compared: ours, Python itself, and the tools that are installed."""
    found = {
        "sizer check": ("-m", "sizer", "check", "profiles/0.toml"),
        "python -c pass": ("-c", "pass"),
    }
    others = {
        "check_jsonschema": ("--schemafile", str(folder / "schema.json"), "profiles/0.toml"),
        "validate_pyproject": (str(ROOT / "pyproject.toml"),),
    }
    for module, arguments in others.items():
        if find_spec(module) is None:
            print(f"{module.replace('_', '-')} is not installed, so it is not compared")
        else:
            found[module.replace("_", "-")] = ("-m", module, *arguments)
    return found


def main() -> None:
    """Print both tables."""
    with TemporaryDirectory() as compiled, TemporaryDirectory() as home:
        folder = Path(home)
        environment = {
            **os.environ,
            "PYTHONPYCACHEPREFIX": compiled,
            "PYTHONPATH": str(ROOT),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        (folder / ".git").mkdir()
        (folder / "profiles").mkdir()
        copytree(ROOT / "rules", folder / "rules")
        (folder / "profiles" / "0.toml").write_text(PROFILE.format(load=8), "utf-8")
        seconds(("-m", "sizer", "schema", "-o", "schema.json"), environment, folder)
        start_up(commands(folder), environment, folder)
        many(environment, folder)


if __name__ == "__main__":
    main()

"""Rules over many rows at once, against plain simpleeval row by row.

Run with `python tests/benchmarks/bench_expr.py [ROWS]`; default 1,000,000. simpleeval is given
every advantage: each rule parsed once, rows as ready dictionaries of floats without unknowns, one
evaluator. Prints ratios and stops when the answers differ; timings are for reading.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from simpleeval import EvalWithCompoundTypes, SimpleEval

from sizer.expr.check.check import compile_condition
from sizer.expr.columns.columns import evaluate
from sizer.expr.language.expression import Expression
from sizer.expr.text.source import plain
from sizer.schema.metrics import registry
from sizer.schema.table import Column

RULES = (
    "itl_ms < 10",
    "ttft_ms <= 500 and memory_headroom_gib >= 2",
    "10 < itl_ms <= 50 or not fits",
    "cost_usd_per_hour < 2.5 * gpus and tokens_per_second / gpus > 400",
    'gpu in ("GPU-1", "GPU-3") and tp in (1, 2, 4)',
    "(itl_ms if fits else ttft_ms) * 2 + 1 < min(80, ttft_ms)",
)
REPEATS = 5
GPUS = tuple(f"GPU-{number}" for number in range(8))
Row = Mapping[str, float | bool | str]


def columns(rows: int) -> dict[str, Column]:
    """Return random columns of usual sizes, all of them known."""
    random = np.random.default_rng(0)
    found = {
        name: Column(random.uniform(0, most, rows))
        for name, most in (
            ("itl_ms", 100),
            ("ttft_ms", 1000),
            ("memory_headroom_gib", 40),
            ("cost_usd_per_hour", 30),
            ("tokens_per_second", 9000),
        )
    }
    for name in ("gpus", "tp"):
        found[name] = Column(2.0 ** random.integers(0, 4, rows))
    found["fits"] = Column(random.integers(0, 2, rows).astype(np.int8))
    found["gpu"] = Column(random.integers(0, len(GPUS), rows).astype(np.int32), GPUS)
    return found


def dictionaries(table: Mapping[str, Column], names: frozenset[str]) -> list[Row]:
    """Return what a rule reads of each row."""
    read = {name: table[name] for name in sorted(names)}
    cells = [[column.cell(row) for row in range(len(column))] for column in read.values()]
    return [dict(zip(read, row, strict=True)) for row in zip(*cells, strict=True)]


def by_simpleeval(text: str, rows: list[Row]) -> int:
    """Return in how many rows a rule holds, as simpleeval out of the box says."""
    kind = EvalWithCompoundTypes if " in (" in text else SimpleEval  # the second is faster
    evaluator = kind(functions={"min": min})
    parsed = evaluator.parse(text)
    held = 0
    for row in rows:
        evaluator.names = row
        held += bool(evaluator.eval(text, previously_parsed=parsed))
    return held


def by_column(expression: Expression, table: Mapping[str, Column]) -> int:
    """Return in how many rows a rule holds by sizer's vectorised evaluation."""
    return int((evaluate(expression, table).values == 1).sum())


def timed(work: Callable[[], int], repeats: int = 1) -> tuple[float, int]:
    """Return the least time of several runs, in seconds, and the answer."""
    least, answer = float("inf"), 0
    for _ in range(repeats):
        start = time.perf_counter()
        answer = work()
        least = min(least, time.perf_counter() - start)
    return least, answer


def main() -> None:
    """Print the times of each rule and how many times faster columns are."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    table = columns(rows)
    ratios = []
    print(f"{rows:,} rows; columns: best of {REPEATS}")
    print(f"{'simpleeval':>13}{'columns':>11}{'ratio':>8}  rule")
    for text in RULES:
        expression = compile_condition(plain(text), registry())
        ready = dictionaries(table, expression.names)
        plainly, held = timed(partial(by_simpleeval, text, ready))
        quickly, same = timed(partial(by_column, expression, table), REPEATS)
        if held != same:
            raise SystemExit(f"{text}: {held} rows hold for simpleeval, {same} for columns")
        ratios.append(plainly / quickly)
        print(f"{plainly:11.2f} s{quickly * 1e3:8.1f} ms{ratios[-1]:7,.0f}x  {text}")
    print(f"ratio: median {np.median(ratios):,.0f}x, least {min(ratios):,.0f}x")


if __name__ == "__main__":
    main()

"""Intervals of the memory terms from the residuals of start-up logs, as TOML.

Run with `python tests/accuracy/memory_intervals.py MEMORY.csv` (the table of score_memory.py) and
put what it prints at the end of sizer/catalog/calibration/memory.toml. An interval holds 90 % of
log(measured / estimated), in GiB of their difference for `reserve_gib`, each model group counting
once: rows of accelerators of one maker, since there are too few of others.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import redirect_stdout
from math import log
from pathlib import Path

import numpy as np
from score_memory import Cells, checkpoints, estimated, measured, noted

from sizer.catalog.models import find_model
from sizer.schema.answered.estimates import Estimate

WIDE = frozenset({"bf16", "fp16", "fp32"})
MAKER = "NVIDIA"
TWO_COPIES = 1.9  # a repository that holds its weights twice, in two layouts
LOW, HIGH = 0.05, 0.95
Residual = tuple[str, str, float]


def residuals(row: Cells, estimate: Estimate) -> Iterator[Residual]:
    """Yield (term, group, residual) of one row."""
    model, said = find_model(row["model_hf_id"]).value, estimate.metrics
    known, group = measured(row, model), noted(row, "group") or row["model_hf_id"]
    sized = {name: value for name, value in said.items() if isinstance(value, float)}
    if "weights_gib" in known:
        term = "weights_wide" if said["weights"] in WIDE else "weights_narrow"
        yield term, group, log(known["weights_gib"] / sized["weights_gib"])
    if {"weights_gib", "kv_pool_gib"} <= set(known):
        usable = sized["memory_required_gib"] + sized["memory_headroom_gib"]
        taken = usable - known["weights_gib"] - known["kv_pool_gib"]
        reserved = sized["activations_gib"] + sized["overhead_gib"]
        yield "reserve_gib", group, taken - reserved
    if {"kv_pool_gib", "max_concurrency"} <= set(known):
        each = known["kv_pool_gib"] / known["max_concurrency"]
        own = sized["kv_pool_gib"] / sized["max_concurrency"]
        yield f"cache_{model.cache}", group, log(each / own)


def intervals(found: list[Residual]) -> Iterator[str]:
    """Yield the TOML of each term's interval."""
    for term in sorted({each[0] for each in found}):
        mine = [each for each in found if each[0] == term]
        sizes: defaultdict[str, int] = defaultdict(int)
        for _, group, _ in mine:
            sizes[group] += 1
        order = sorted((value, 1.0 / sizes[group]) for _, group, value in mine)
        values, weights = (np.array(column) for column in zip(*order, strict=True))
        place = (np.cumsum(weights) - weights / 2) / weights.sum()
        low, high = np.interp([LOW, HIGH], place, values)
        inside = float(((values >= low) & (values <= high)) @ weights / weights.sum())
        yield (
            f"[intervals.{term}]\nlow = {min(low, 0.0):.4f}\nhigh = {max(high, 0.0):.4f}\n"
            f"points = {len(mine)}\ncoverage = {inside:.3f}\n"
        )


def main() -> None:
    """Print the intervals."""
    with Path(sys.argv[1]).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with redirect_stdout(sys.stderr):
        rows = [row for row in rows if not row["gpu"] or MAKER in row["gpu"]]
        clean = [row for row in rows if noted(row, "quality") in {"A", "B"}]
        found = [each for pair in estimated(clean) for each in residuals(*pair)]
        found += [
            ("checkpoint", each.group, log(each.measured / each.estimated))
            for each in checkpoints(rows)
            if each.measured < TWO_COPIES * each.estimated
        ]
    print("\n".join(intervals(found)))


if __name__ == "__main__":
    main()

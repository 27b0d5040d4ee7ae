"""Score the analytic estimator on published measurements.

Run with `python tests/accuracy/score_perf.py PERF.csv`, a table with one measured point a row:
model_hf_id, gpu, engine, scenario, tp, pp, dp, gpu_count, weight_dtype, kv_dtype, isl, osl,
concurrency, flags, quality, group, and itl_ms, ttft_ms, output_tok_s_total where measured.
Points of quality A and B, without speculative decoding, disaggregation, queueing or doubt.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.catalog.models import find_model, knows_model
from sizer.estimate import estimate
from sizer.schema.profile import Engine
from sizer.schema.scenario import Deployment, Load, Scenario

MEASURED = {
    "itl_ms": "itl_ms",
    "ttft_ms": "ttft_ms",
    "tokens_per_second": "output_tok_s_total",
}
FORMATS = {"": "fp16", "fp4": "nvfp4", "int4": "awq"}
ENGINES = {"vllm": "vllm", "sglang": "sglang", "tensorrt": "trtllm"}
LEFT_OUT = ("mtp", "disagg", "suspect")
SCENARIOS = ("concurrency", "single", "batch")
Row = dict[str, str]
Point = tuple[str, str, str, float]


def points(path: Path) -> Iterator[Row]:
    """Yield the rows that a model, an accelerator and a load are known of."""
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            clean = row["quality"] in "AB" and not any(flag in row["flags"] for flag in LEFT_OUT)
            known = row["isl"] and row["osl"] and knows_model(row["model_hf_id"])
            alone = float(row["dp"] or 1) == 1 and row["scenario"] in SCENARIOS
            if clean and known and alone:
                yield row


def scored(rows: list[Row], engine: Engine) -> Iterator[Point]:
    """Yield (metric, scenario, group, log of predicted over measured) of each measured value."""
    gpus = tuple({gpu.name: gpu for gpu in (find_gpu(row["gpu"]).value for row in rows)}.values())
    names = [gpu.name for gpu in gpus]
    index = np.arange(len(rows), dtype=np.int32)
    gpu_of = np.array([names.index(find_gpu(row["gpu"]).value.name) for row in rows], np.int32)
    deployments = tuple(deployment(row, engine.name) for row in rows)
    loads = tuple(load(row) for row in rows)
    prices = (None,) * len(gpus)
    scenario = Scenario(deployments, gpus, prices, loads, (engine,), index, gpu_of, index)
    table = estimate(scenario, MEASURED)
    for number, row in enumerate(rows):
        for metric, column in MEASURED.items():
            said = table[metric].values[number]
            queued = metric == "ttft_ms" and "queueing" in row["flags"]
            if row[column] and not queued and not np.isnan(said):
                yield (
                    metric,
                    row["scenario"],
                    row["group"],
                    float(np.log(said / float(row[column]))),
                )


def deployment(row: Row, engine: str) -> Deployment:
    """Return what was measured; an unsaid split is over all accelerators."""
    model = find_model(row["model_hf_id"]).value
    weights = FORMATS.get(row["weight_dtype"], row["weight_dtype"])
    if model.weights == "mxfp4":
        weights = "mxfp4"
    narrow = row["kv_dtype"] == "fp8" or (engine == "trtllm" and weights in {"fp8", "nvfp4"})
    tp = int(float(row["tp"] or row["gpu_count"] or 1))
    kv_format = find_kv_format("fp8" if narrow else "bf16")
    return Deployment(model, find_weight_format(weights), kv_format, tp, int(float(row["pp"] or 1)))


def load(row: Row) -> Load:
    """Return the measured load; some sources shorten their lengths by a tenth."""
    share = 0.9 if "len_x0.9" in row["flags"] else 1.0
    lengths = [round(share * float(row[name])) for name in ("isl", "osl")]
    return Load(lengths[0], lengths[1], int(float(row["concurrency"] or 1)), None, sum(lengths))


def table(found: list[Point]) -> Iterator[str]:
    """Yield the errors by metric and scenario, by row and by group of model and accelerator."""
    yield "| metric | scenario | points | median error | by group | bias | within 2x |"
    yield "|---|---|---|---|---|---|---|"
    for metric, scenario in sorted({(each[0], each[1]) for each in found}):
        mine = [each for each in found if each[:2] == (metric, scenario)]
        logs = np.array([each[3] for each in mine])
        groups = defaultdict(list)
        for each in mine:
            groups[each[2]].append(abs(np.expm1(each[3])))
        grouped = np.median([np.median(errors) for errors in groups.values()])
        yield (
            f"| {metric} | {scenario} | {len(mine)} | {np.median(abs(np.expm1(logs))):.0%} "
            f"| {grouped:.0%} | {np.expm1(np.median(logs)):+.0%} "
            f"| {np.mean(abs(logs) < np.log(2)):.0%} |"
        )


def main() -> None:
    """Print the table."""
    batches: dict[tuple[str, bool], list[Row]] = defaultdict(list)
    for row in points(Path(sys.argv[1])):
        named = (ours for theirs, ours in ENGINES.items() if theirs in row["engine"].lower())
        batches[next(named, "generic"), row["scenario"] == "batch"].append(row)
    found = [
        point
        for (engine, static), rows in batches.items()
        for point in scored(rows, Engine(name=engine, static_batching=static))
    ]
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()

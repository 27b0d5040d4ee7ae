"""Published measurements in the columns of `sizer score` and `sizer calibrate`.

Run with `python tests/accuracy/published.py PERF.csv -o POINTS.csv`. PERF.csv has one row a
published figure, with its source. `--sample 300` keeps so many rows of sources whose licence lets
this repository hold them, spread over models, accelerators, engines and loads.

Runs of one configuration are one point: the median of what they measured. Rows that have no place
are counted, and named with their reason.
"""

from __future__ import annotations

import csv
import re
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from launches import settings

from sizer.catalog.calibration import releases
from sizer.catalog.formats import find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.catalog.lookup import Unknown
from sizer.schema.asked.names import SERVED, SPLIT

FORMATS = {"": "fp16", "fp4": "nvfp4", "int4": "awq"}
ENGINES = {"vllm": "vllm", "sglang": "sglang", "tensorrt": "trtllm"}
LEFT_OUT = ("mtp", "disagg", "suspect", "local_engine")
SOFTWARE_OF_2024 = {"vllm": "0.6", "trtllm": "0.11"}  # where a source of 2024 names no version
POINT = (
    "model",
    "gpu",
    "gpus",
    *SPLIT,
    *SERVED,
    "concurrency",
    "request_rate",
    "lockstep",
    "input_tokens_spread",
    "output_tokens_spread",
    "max_num_batched_tokens",
    "gpu_memory_utilization",
    "prefill_wait_steps",
    "scheduler_recv_interval",
    "static_batching",
)
MEASURED = (
    "measured_itl_ms",
    "measured_ttft_ms",
    "measured_tokens_per_second",
    "measured_max_tokens_per_second",
)
KEY = (*POINT, "scenario", "group", "source")
ABOUT = ("scenario", "group", "date", "source", "source_ref")
COLUMNS = (*POINT, *MEASURED, *ABOUT)
DRAWN = "len_x0.9"  # lengths drawn evenly from [0.8, 1] of what is stated
LEFT_FOR_CACHE = 0.2
SPREAD = 0.0642  # standard deviation over mean of lengths drawn evenly from [0.8, 1] of one
SPREADS = {"sgl_cookbook": "0.577"}  # drawn evenly from [1, n]: mean n / 2
ONE_LENGTH = ("aiconfigurator_silicon",)  # their users all ask for answers of one length
FREE = (  # Apache-2.0, and BSD-3-Clause for the Argonne figures
    "accelmark",
    "aiconfigurator_silicon",
    "anl_llm_inference_bench",
    "inferencex_via_aiconfigurator",
    "rocm_vllm_validation",
    "trtllm_online_serving",
    "trtllm_perf_overview",
)
SCENARIOS = ("batch", "concurrency", "offline", "single")
KIND = ("group", "scenario", "engine", "weights", "source")
Row = dict[str, str]


def points(path: Path, left_out: Counter[str]) -> list[Row]:
    """Return each configuration of good quality once, and count rows by why they are left out."""
    found: dict[tuple[str, ...], list[Row]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            reason = unfit(row)
            if reason is None:
                try:
                    placed = point(row)
                    found.setdefault(tuple(placed[name] for name in KEY), []).append(placed)
                except (Unknown, ValueError) as fault:
                    reason = f"no place: {fault}"
            if reason is not None:
                left_out[reason] += 1
    return [merged(rows) for rows in found.values()]


def unfit(row: Row) -> str | None:
    """Return why a row is not fitted to: speculation, disaggregation, known faults, its engine."""
    if row["quality"] not in {"A", "B"}:
        return f"quality {row['quality'] or 'not stated'}"
    flag = next((flag for flag in LEFT_OUT if flag in row["flags"]), None)
    if flag is not None:
        return f"flag {flag}"
    if engine_of(row) == "generic":
        return f"engine {row['engine'] or 'not stated'}"
    return None if row["isl"] and row["osl"] else "no lengths"


def merged(rows: Sequence[Row]) -> Row:
    """Return runs of one configuration as one, measured at their median; the newest names it."""
    newest = max(rows, key=lambda row: row["date"])
    medians = {name: [float(row[name]) for row in rows if row[name]] for name in MEASURED}
    return newest | {name: f"{median(each):.6g}" for name, each in medians.items() if each}


def sampled(rows: Iterable[Row], most: int) -> list[Row]:
    """Return at most so many rows, as many of each scenario as of the others."""
    free = [row for row in rows if row["source"] in FREE and any(row[name] for name in MEASURED)]
    return [
        row
        for scenario in SCENARIOS
        for row in spread([row for row in free if row["scenario"] == scenario], most)
    ]


def spread(rows: Iterable[Row], most: int) -> list[Row]:
    """Return the middle row of each kind, then the middle of what is left on either side."""
    kinds: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        kinds.setdefault(tuple(row[name] for name in KIND), []).append(row)
    kept: list[Row] = []
    parts = 2
    while len(kept) < most // len(SCENARIOS) and parts <= max(map(len, kinds.values())):
        for kind in sorted(kinds):
            members = kinds[kind]
            new = [members[len(members) * place // parts] for place in range(1, parts, 2)]
            kept += [row for row in new if row not in kept]
        parts *= 2
    return kept[: most // len(SCENARIOS)]


def point(row: Row) -> Row:
    """Return a published row as a point with its measurements."""
    engine = engine_of(row)
    rated = row["scenario"] == "server" and not row["concurrency"]
    said = {
        "model": row["model_hf_id"],
        "gpu": row["gpu"],
        "gpus": row["gpu_count"],
        "tp": row["tp"],
        "pp": row["pp"],
        "ep": row["ep"],
        "dp": row["dp"],
        "weights": weights_of(row),
        "kv_format": "fp8" if narrow_cache(row, engine) else "bf16",
        "engine": engine,
        "engine_version": version_of(row, engine),
        "input_tokens": tokens(row, "isl"),
        "output_tokens": tokens(row, "osl"),
        "concurrency": row["concurrency"],
        "request_rate": row["request_rate"] if rated else "",
        "lockstep": "true" if in_step(row) else "",
        **lengths(row),
        "max_num_batched_tokens": row["max_num_batched_tokens"],
        "gpu_memory_utilization": "",
        **held_back(row, engine),
        "static_batching": "true" if row["scenario"] == "batch" else "",
    }
    found = (
        said | dict(settings(row, engine)) | measurements(row) | {name: row[name] for name in ABOUT}
    )
    return per_replica(row, found) if row["source"].startswith("mlperf") else found


def per_replica(row: Row, found: Row) -> Row:
    """Return an MLPerf system, whose split is not published, as one replica of it.

    Those who submit take the smallest split that leaves a fifth of the memory for the cache.
    """
    need = float(row["params_b"]) * find_weight_format(found["weights"]).linear_bytes
    each = find_gpu(row["gpu"]).value.memory_gb * (1.0 - LEFT_FOR_CACHE)
    tp = next(size for size in (1, 2, 4, 8, 16, 32) if size * each >= need)
    devices = float(row["gpu_count"])
    total = found["measured_max_tokens_per_second"]
    rate = f"{float(total) * tp / devices:.6g}" if total and tp <= devices else ""
    split = {"tp": str(tp), "gpus": str(tp), "scenario": f"mlperf {row['scenario']}"}
    return found | split | {"measured_max_tokens_per_second": rate}


def measurements(row: Row) -> Row:
    """Return what was measured; an overloaded first token measures the overload."""
    offline = row["scenario"] == "offline"
    total = row["output_tok_s_total"]
    return {
        "measured_itl_ms": row["itl_ms"],
        "measured_ttft_ms": "" if "queueing_ttft" in row["flags"] else row["ttft_ms"],
        "measured_tokens_per_second": "" if offline else total,
        "measured_max_tokens_per_second": total if offline else "",
    }


def engine_of(row: Row) -> str:
    """Return the engine as sizer names it."""
    named = (ours for theirs, ours in ENGINES.items() if theirs in row["engine"].lower())
    return next(named, "generic")


def version_of(row: Row, engine: str) -> str:
    """Return the engine's version; without one, what sources of 2024 ran, else that of its day."""
    found = re.search(r"\d+\.\d+[\w.]*", row["engine_version"] or "")
    if engine == "generic" or (found and not row["engine_version"].startswith("TensorRT")):
        return found[0] if found else ""
    if row["date"] < "2025":
        return SOFTWARE_OF_2024.get(engine, "") if row["date"] else ""
    days = releases()[engine].days.items() if engine in releases() else ()
    return next((version for version, day in reversed(days) if day <= row["date"]), "")


def weights_of(row: Row) -> str:
    """Return the weight format; gpt-oss checkpoints exist in mxfp4 alone."""
    if "gpt-oss" in row["model_hf_id"]:
        return "mxfp4"
    return FORMATS.get(row["weight_dtype"], row["weight_dtype"])


def narrow_cache(row: Row, engine: str) -> bool:
    """Whether the cache has 8 bits: said, or as TensorRT-LLM takes it with narrow weights."""
    narrow = engine == "trtllm" and weights_of(row) in {"fp8", "nvfp4"}
    return row["kv_dtype"] == "fp8" or narrow


def in_step(row: Row) -> bool:
    """Whether users of a closed loop stay in step, as all their answers have one length."""
    return row["scenario"] == "concurrency" and row["source"] in ONE_LENGTH


def lengths(row: Row) -> Row:
    """Return the spreads of lengths."""
    spread = str(SPREAD) if DRAWN in row["flags"] else SPREADS.get(row["source"], "")
    return {"input_tokens_spread": spread, "output_tokens_spread": spread}


def held_back(row: Row, engine: str) -> Row:
    """Return for how many steps prompts wait; SGLang looks for new ones at intervals instead."""
    steps, interval = row["prefill_wait_steps"], ""
    if steps and engine == "sglang":
        steps, interval = "", str(round(2 * float(steps)))
    return {"prefill_wait_steps": steps, "scheduler_recv_interval": interval}


def tokens(row: Row, name: str) -> str:
    """Return a mean length; some sources draw it from [0.8, 1] of what they state."""
    share = 0.9 if DRAWN in row["flags"] else 1.0
    return str(max(1, round(share * float(row[name]))))


def main() -> None:
    """Write the points."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("measured", type=Path, metavar="PERF.csv")
    parser.add_argument("-o", "--output", type=Path, metavar="POINTS.csv")
    parser.add_argument("--sample", type=int, metavar="N", help="keep so many rows")
    arguments = parser.parse_args()
    left_out = Counter[str]()
    rows = points(arguments.measured, left_out)
    kept = rows if arguments.sample is None else sampled(rows, arguments.sample)
    where = arguments.output.open("w", newline="", encoding="utf-8") if arguments.output else None
    with where or sys.stdout as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(kept)
    for reason, count in left_out.most_common():
        print(f"left out {count:,}: {reason}", file=sys.stderr)
    print(f"{len(rows):,} configurations", file=sys.stderr)


if __name__ == "__main__":
    main()

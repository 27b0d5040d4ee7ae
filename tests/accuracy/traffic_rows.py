"""Measured percentiles as points of sizer: what a row says, and what its source says of all runs.

A row that has no place is counted under its reason. What a source does not state in its table
stands in traffic.toml, with where it was read.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from attrs import frozen
from published import Row, engine_of, narrow_cache, version_of, weights_of

SETTINGS = Path(__file__).parent / "traffic.toml"
DATES = {  # when a source measured; versions that it does not name are those of that day
    "mlperf_v4.1": "2024-08",
    "mlperf_v5.1": "2025-09",
    "accelmark": "2026-04",
    "ml_energy_v3": "2026-02",
    "gpustack_lab": "2026-08",
    "vllm_recipes": "2026-05",
    "sgl_cookbook": "2026-05",
}
FORMATS = {
    "bfloat16": "bf16",
    "BF16": "bf16",
    "float16": "fp16",
    "compressed-tensors": "",
    "gptq": "",
    "UNSET": "?",
    "int4": "gptq",
}
LEFT_OUT = ("spec_decode", "gpu_unknown")
LIMITS = {  # a flag, and the column that it gives
    "max_num_seqs": "max_num_seqs",
    "max_batch": "max_num_seqs",
    "max_num_tokens": "max_num_batched_tokens",
    "max_num_batched_tokens": "max_num_batched_tokens",
}
BEGINS = ("source", "model")
EQUAL = ("gpu", "engine", "version", "lengths", "weights")
RANGE = re.compile(r"p1-p99 ([\d.]+)-([\d.]+) / ([\d.]+)-([\d.]+)")
WIDTH = 2 * 2.3263  # standard deviations of a normal one between its 1st and 99th percentile
SPLITS = (1, 2, 4, 8, 16)


@frozen
class Run:
    """A measured row and its point; `splits` are the points of other splits, if none is stated."""

    row: Row
    point: Mapping[str, str]
    splits: tuple[Mapping[str, str], ...] = ()

    @property
    def gpus_per_replica(self) -> int:
        """Accelerators of one replica, as the point says."""
        return int(self.point["tp"]) * int(self.point["pp"] or 1) * int(self.point["dp"] or 1)

    def measured(self, name: str) -> float:
        """Return a measured value, NaN where the row has none that is of its load."""
        scored = name not in self.point.get("not_scored", "").split()
        return float((scored and self.row[name]) or "nan") or float("nan")  # 0 ms is no time


def runs(path: Path, left_out: Counter[str]) -> Iterator[Run]:
    """Yield every row that can be placed; the others are counted by their reason."""
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            reason = unfit(row)
            if reason is None:
                yield run(row)
            else:
                left_out[reason] += 1


def run(row: Row) -> Run:
    """Return a row with its point; the first of several splits stands for all at first."""
    said = stated(row)
    if said["tp"]:
        return Run(row, said)
    gpus = int(row["gpus"])
    splits = tuple(said | {"tp": str(tp)} for tp in SPLITS if tp <= gpus and gpus % tp == 0)
    return Run(row, splits[0], splits)


def unfit(row: Row) -> str | None:
    """Return why a row has no place."""
    flag = next((flag for flag in LEFT_OUT if flag in row["flags"]), None)
    if flag is not None:
        return f"flag {flag}"
    if not row["gpu"] or row["gpu"] in {"N/A", "mixed"}:
        return "no accelerator, or several"
    said = stated(row)
    missing = {
        "no engine": said["engine"] == "generic",
        "no lengths": not said["input_tokens"] or not said["output_tokens"],
        "weights not stated": said["weights"] == "?",
        "no number of accelerators": not said["tp"] and not row["gpus"],
    }
    return next((reason for reason, holds in missing.items() if holds), None)


def stated(row: Row) -> dict[str, str]:
    """Return the columns of a point that a row and its source give."""
    published = as_published(row)
    engine = engine_of(published)
    said = {
        "model": row["model"],
        "gpu": row["gpu"],
        "gpus": row["gpus"] if systems(row) else "",
        "tp": row["tp"],
        "pp": row["pp"] or "1",
        "ep": "",
        "dp": "",
        "weights": FORMATS.get(row["weights"], row["weights"]),
        "kv_format": "fp8" if narrow_cache(published, engine) else "",
        "engine": engine,
        "engine_version": version_of(published, engine),
        "input_tokens": whole(row["isl"]),
        "output_tokens": whole(row["osl"]),
        **ranges(row["lengths"]),
        **limits(row["flags"]),
    }
    if row["weights"] and said["weights"] not in {"", "?"}:
        said["weights"] = weights_of(published)
    known = source_of(row)
    limited = [name for name in LIMITS.values() if said.get(name)]
    return said | {name: known[name] for name in known if name not in limited}


def systems(row: Row) -> bool:
    """Whether a row's accelerators are those of all replicas: MLPerf's, or no split is stated."""
    return row["source"].startswith("mlperf") or not row["tp"] or row["ep"] not in {"", "1"}


def as_published(row: Row) -> Row:
    """Return a row in the columns that published.py reads."""
    named = {
        "model_hf_id": row["model"],
        "engine": row["engine"],
        "engine_version": row["version"],
        "date": DATES.get(row["source"], "2026-01"),
        "weight_dtype": FORMATS.get(row["weights"], row["weights"]),
        "source": row["source"],
    }
    return defaultdict(str, named)


def source_of(row: Row) -> dict[str, str]:
    """Return what traffic.toml knows of a row's run: the first entry counts for each column."""
    found: dict[str, str] = {}
    for each in _known():
        if _matches(each, row):
            found = each["set"] | found
    return found


def limits(flags: str) -> dict[str, str]:
    """Return the engine's limits that a row's flags name."""
    pairs = (part.partition("=") for part in re.split(r"[|;]", flags))
    return {LIMITS[name]: value for name, _, value in pairs if name in LIMITS}


def ranges(lengths: str) -> dict[str, str]:
    """Return the spreads of lengths that are known by their 1st and 99th percentile."""
    found = RANGE.match(lengths)
    if not found:
        return {}
    ends = [float(each) for each in found.groups()]
    pairs = chain(zip(ends[::2], ends[1::2], strict=True))
    spreads = [(high - low) / WIDTH / ((low + high) / 2) for low, high in pairs]
    names = ("input_tokens_spread", "output_tokens_spread")
    return {name: f"{each:.3f}" for name, each in zip(names, spreads, strict=True)}


def whole(text: str) -> str:
    """Return a number of tokens as a whole one, nothing for nothing."""
    return str(max(1, round(float(text)))) if text else ""


def _matches(known: Mapping[str, Any], row: Row) -> bool:
    return (
        all(row[name].startswith(known.get(name, "")) for name in BEGINS)
        and all(row[name] == known.get(name, row[name]) for name in EQUAL)
        and known.get("path", "") in row["ref"]
    )


@cache
def _known() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(SETTINGS.read_text("utf-8"))["run"]
    return found

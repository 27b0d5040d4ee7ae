"""Measured runs of prompts that were read apart, as points and as what was measured of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sizer.load.points import read_points
from sizer.resolve.points import Placed, catalog_places, placed, scenario_of_points
from sizer.schema.scenario import Scenario
from sizer.structure.files.csv_document import CsvTable

Row = Mapping[str, str]
Numbers = NDArray[np.float64]
DUMP = "db-dump"
MODELS = {"deepseek-ai/DeepSeek-V3": "deepseek-ai/DeepSeek-R1"}  # what the benchmark's config names
WEIGHTS = {"fp4": "nvfp4"}
# InferenceX draws lengths evenly from 0.8 to 1 of the nominal ones (its --random-range-ratio)
MEAN, SPREAD = 0.9, 0.2 / 12**0.5 / 0.9
SIDE = ("num_workers", "tp_size", "pp_size", "attention_dp_size", "moe_ep_size")


@frozen
class Side:
    """Workers of one side, and how each is split."""

    workers: int
    tp: int
    pp: int
    dp: int
    ep: int

    @classmethod
    def of(cls, row: Row, side: str) -> Side:
        """Return a side of a row."""
        return cls(*(int(row[f"{side}_{name}"]) for name in SIDE))

    @property
    def gpus(self) -> int:
        """Accelerators of all workers."""
        return self.workers * self.tp * self.pp * self.dp


@frozen(eq=False)
class Runs:
    """Runs that have a place, in the order of their rows."""

    rows: Sequence[Row]
    points: Sequence[Placed]
    scenario: Scenario = field(init=False)

    @scenario.default
    def _of_points(self) -> Scenario:
        return scenario_of_points(self.points)

    def of(self, column: str) -> Numbers:
        """Return a numeric column of the rows."""
        return np.array([float(row[column]) for row in self.rows])

    def words(self, *columns: str) -> NDArray[np.str_]:
        """Return some columns of each row as one text."""
        return np.array([" ".join(row[name] for name in columns) for row in self.rows])

    @property
    def gpus(self) -> Numbers:
        """Accelerators of both sides."""
        sides = ((Side.of(row, "prefill"), Side.of(row, "decode")) for row in self.rows)
        return np.array([float(prefill.gpus + decode.gpus) for prefill, decode in sides])


def is_whole(row: Row) -> bool:
    """Whether a row of the dump names both sides and its load."""
    return row["source"].startswith(DUMP) and bool(
        row["prefill_num_workers"] and row["decode_num_workers"] and row["concurrency"]
    )


def runs(path: Path) -> Runs:
    """Return the runs of a table that can be placed."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if is_whole(row)]
    points = [_point(row) for row in rows]
    columns = tuple(dict.fromkeys(name for each in points for name in each))
    cells = tuple(tuple(each[name] for name in columns) for each in points)
    read = (each.point for each in read_points(CsvTable(path.name, columns, cells)))
    found = placed(read, catalog_places())
    kept = [(row, at) for row, at in zip(rows, found, strict=True) if isinstance(at, Placed)]
    return Runs([row for row, _ in kept], [at for _, at in kept])


def _point(row: Row) -> dict[str, str]:
    prefill, decode = Side.of(row, "prefill"), Side.of(row, "decode")
    values = {
        "model": MODELS.get(row["model"], row["model"]),
        "gpu": row["gpu"],
        "engine": row["engine"],
        "weights": WEIGHTS.get(row["weights"], row["weights"]),
        "kv_format": "fp8",
        "concurrency": row["concurrency"],
        "input_tokens": round(int(row["isl"]) * MEAN),
        "output_tokens": round(int(row["osl"]) * MEAN),
        "input_tokens_spread": SPREAD,
        "output_tokens_spread": SPREAD,
        "gpus": prefill.gpus + decode.gpus,
        **{name: getattr(decode, name) for name in ("tp", "pp", "dp", "ep")},
        "prefill_replicas": prefill.workers,
        **{f"prefill_{name}": getattr(prefill, name) for name in ("tp", "pp", "dp", "ep")},
    }
    return {name: str(value) for name, value in values.items()}

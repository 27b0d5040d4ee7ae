"""Measured power as points: which rows have a place, and what was measured of each.

ENERGY.csv has one row a run, with its source. Power of accelerators and power at the wall are two
tables: `power_scope` says which of them a row belongs to.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.resolve.points import Placed, placed, scenario_of_points
from sizer.schema.asked.point import Point
from sizer.schema.scenario import Scenario

Row = Mapping[str, str]
Values = NDArray[np.float64]
FORMATS = {"bfloat16": "bf16", "fp8": "fp8", "mxfp4": "mxfp4"}
ENGINE_VERSION = "0.11.1"  # as ML.ENERGY's other rows of the same day name it (perf.csv)
ASSUMED_PROMPT = 250  # no source states it; answers of 400 to 10,000 tokens hardly depend on it
UNPLACED = "sourcegraph-fim"  # files as prompts, of a length that no source states
WALL = "wall"
VARIANT = re.compile("-(?:Instruct|Thinking)-2507(?:-FP8)?$")  # of one structure


@frozen(eq=False)
class Measured:
    """Rows that have a place, and their figures, all of shape (rows,)."""

    rows: list[Row]
    points: list[Placed]

    @property
    def scenario(self) -> Scenario:
        """Return the scenario of all rows."""
        return scenario_of_points(self.points)

    @property
    def groups(self) -> NDArray[np.str_]:
        """Return the pair of structure and accelerator of each row: variants are one model."""
        return np.array([f"{VARIANT.sub('', row['model'])}@{row['gpu']}" for row in self.rows])

    @property
    def families(self) -> NDArray[np.str_]:
        """Return the family of each row's accelerator."""
        return np.array([point.gpu.family for point in self.points])

    @property
    def gpus(self) -> NDArray[np.str_]:
        """Return the accelerator of each row."""
        return np.array([point.gpu.name for point in self.points])

    def figures(self, column: str) -> Values:
        """Return a column as numbers."""
        return np.array([float(row[column]) for row in self.rows])

    def take(self, scenario: str) -> Measured:
        """Return the rows of one kind of work."""
        kept = [number for number, row in enumerate(self.rows) if row["scenario"] == scenario]
        return Measured([self.rows[each] for each in kept], [self.points[each] for each in kept])


def of_accelerators(path: Path, *, unplaced: bool = False) -> Measured:
    """Return the rows of accelerators' power; with `unplaced` those of prompts nobody states."""
    rows = [row for row in read(path, wall=False) if (row["scenario"] == UNPLACED) is unplaced]
    found = list(zip(rows, placed(map(point, rows)), strict=True))
    kept = [(row, each) for row, each in found if isinstance(each, Placed)]
    return Measured([row for row, _ in kept], [each for _, each in kept])


def read(path: Path, *, wall: bool) -> Iterator[Row]:
    """Yield the rows of one scope of power."""
    with path.open(newline="", encoding="utf-8") as file:
        yield from (row for row in csv.DictReader(file) if (WALL in row["power_scope"]) is wall)


def point(row: Row) -> Point:
    """Return a row as a point; its experts are split over as many ranks as its heads."""
    flags = dict(each.split("=") for each in row["flags"].split("|") if "=" in each)
    return Point(
        model=row["model"],
        gpu=row["gpu"],
        gpus=int(row["gpus"]),
        ep=int(row["ep"]),
        weights=FORMATS[row["weights"]],
        kv_format="bf16",
        engine="vllm",
        engine_version=ENGINE_VERSION,
        input_tokens=ASSUMED_PROMPT,
        output_tokens=round(float(row["osl"])),
        concurrency=max(1, round(float(row["concurrency"]))),
        max_num_seqs=int(flags["max_num_seqs"]),
    )

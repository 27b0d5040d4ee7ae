"""Power at the wall against MLPerf Power's, which are a few servers under a power limit.

Power of accelerators is taken at the rate of tokens that was measured, and no more than the limit
that the submission's configuration sets. Nothing is fitted to these rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from energy_fit import READ, power_w
from energy_rows import Measured, Row, read

from sizer.catalog.calibration import power_calibration
from sizer.estimate.analytic import ANALYTIC
from sizer.estimate.engine.power import host_w_per_gpu
from sizer.estimate.power import draw
from sizer.resolve.points import Placed, placed
from sizer.schema.asked.energy import NO_ENERGY
from sizer.schema.asked.point import Point

LENGTHS = {  # means of MLPerf's data sets, as in perf.csv
    "meta-llama/Llama-2-70b-chat-hf": (222, 294),
    "mistralai/Mixtral-8x7B-Instruct-v0.1": (427, 145),
}
LIMIT_W = 500.0  # power_limit of closed/NVIDIA/configs/*/*/__init__.py, H200_SXM_141GBx8_MaxQ
REQUESTS_A_REPLICA = 512


def wall_lines(path: Path) -> Iterator[str]:
    """Yield each row with what is estimated, nothing where there is none."""
    rows = list(read(path, wall=True))
    if not rows:
        return
    found = zip(rows, placed(map(wall_point, rows)), strict=True)
    kept = [(row, each) for row, each in found if isinstance(each, Placed)]
    data = Measured([row for row, _ in kept], [each for _, each in kept])
    table = ANALYTIC.estimate(data.scenario, READ)
    columns = {name: table[name].values for name in READ}
    rate = data.figures("output_tok_s")
    free = power_w(columns, data.families, power_calibration(), rate)
    limited = np.minimum(free, LIMIT_W * columns["gpus"])
    host = np.array([host_w_per_gpu(each.gpu, NO_ENERGY) or np.nan for each in data.points])
    walls = draw.wall_power_w(limited, host, columns["gpus"], np.ones_like(host))
    yield "\nPower at the wall, which nothing is fitted to; accelerators at their limit:\n"
    yield "| model | scenario | measured, W | estimated, W | of which accelerators, W | error |"
    yield "|---|---|--:|--:|--:|--:|"
    for row, wall, drawn in zip(data.rows, walls, limited, strict=True):
        truth = float(row["avg_power_w"])
        yield (
            f"| {row['model']} | {row['scenario']} | {truth:,.0f} | {wall:,.0f} | {drawn:,.0f} "
            f"| {wall / truth - 1:+.1%} |"
        )


def wall_point(row: Row) -> Point:
    """Return a server as replicas of one accelerator each, all of them full."""
    inputs, outputs = LENGTHS[row["model"]]
    gpus = int(row["gpus"])
    return Point(
        model=row["model"],
        gpu=row["gpu"],
        gpus=gpus,
        tp=1,
        weights="fp8",
        kv_format="fp8",
        engine="trtllm",
        input_tokens=inputs,
        output_tokens=outputs,
        concurrency=gpus * REQUESTS_A_REPLICA,
    )

"""Measured latencies of loads, as rows beside those of published.py.

Run with `python tests/accuracy/percentile_points.py POINTS.csv PERCENTILES.csv -o BOTH.csv`.
`sizer calibrate BOTH.csv` then fits constants to the first rows, and makes intervals of percentiles
and of latencies at a request rate from the others. Runs at a rate are those with a steady state, as
score_percentiles.py tells them; those of POINTS.csv are dropped, as it does not say how long they
lasted. Of runs at so many requests at once only percentiles are taken: their means are in
POINTS.csv.
"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from measured_runs import OPEN, Measured, Truths, is_known
from percentile_estimates import split
from score_percentiles import Score
from traffic_rows import runs

from sizer.schema.asked.point import MEASURED
from sizer.schema.metrics import PERCENTILES

MEANS = {"ttft_ms": "ttft_mean", "itl_ms": "tpot_mean"}
NAMES = {metric.name: metric.name.removesuffix("_ms") for metric in PERCENTILES}


def rows(measured: Measured, steady: Truths) -> Iterator[Mapping[str, str]]:
    """Yield the rows of runs at a steady rate, and of closed loops."""
    rated = measured.among("arrival", OPEN) & steady
    closed = measured.among("arrival", ("closed",))
    every = {name: measured.of(column) for name, column in (MEANS | NAMES).items()}
    for number, run in enumerate(measured.runs):
        here = {name: values[number] for name, values in every.items()}
        load = {}
        if rated[number]:
            load = {"request_rate": run.row["request_rate"], "arrivals": run.row["arrival"]}
        elif closed[number]:
            load = {"concurrency": concurrency(run.row), "requests": run.row["requests"]}
            here = {name: here[name] for name in NAMES}
        known = {f"{MEASURED}{name}": f"{value:.6g}" for name, value in here.items() if value > 0}
        if load and known:
            about = {"group": measured.groups[number], "scenario": "percentiles"}
            yield {**run.point, **load, **known, **about, "source": run.row["source"]}


def concurrency(row: Mapping[str, str]) -> str:
    """Return requests in flight as a point has them."""
    return str(max(1, round(float(row["concurrency"]))))


def main() -> None:
    """Write all rows."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("points", type=Path, metavar="POINTS.csv")
    parser.add_argument("percentiles", type=Path, metavar="PERCENTILES.csv")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="BOTH.csv")
    arguments = parser.parse_args()
    found = runs(arguments.percentiles, Counter())
    measured = Measured([run for run in split(list(found)) if is_known(run)])
    with arguments.points.open(newline="", encoding="utf-8") as file:
        first = [row for row in csv.DictReader(file) if not row["request_rate"]]
    both = [*first, *rows(measured, Score.of(measured).steady)]
    columns = dict.fromkeys(name for row in both for name in row)
    with arguments.output.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(columns), "", lineterminator="\n")
        table.writeheader()
        table.writerows(both)


if __name__ == "__main__":
    main()

"""How long `sizer import --trace` takes, and how much memory.

    python tests/benchmarks/bench_import.py --rows 10000000 --format csv

A log of --rows requests is drawn first (Poisson arrivals under a daily tide, log-normal lengths,
sessions), then read in a process of its own. `--format jsonl` has hashes of blocks too.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

import duckdb

COLUMNS = """
    SELECT row_number() OVER () AS number,
      CAST(1e6 * (range + 0.3 * sin(range / 86400.0) + random()) / 50.0 AS BIGINT) AS us,
      CAST(ceil(exp(6.6 + 0.9 * sqrt(-2 * ln(1 - random())) * cos(6.2832 * random()))) AS BIGINT)
        AS input_tokens,
      CAST(ceil(exp(5.0 + 0.8 * sqrt(-2 * ln(1 - random())) * cos(6.2832 * random()))) AS BIGINT)
        AS output_tokens,
      CAST(range / 5 AS BIGINT) AS session
    FROM range({rows})
"""
TIME = "strftime(make_timestamp(1700000000000000 + us), '%Y-%m-%d %H:%M:%S.%f')"
CSV = (
    "COPY (SELECT {time} AS timestamp, input_tokens, output_tokens, session FROM ({log})) "
    "TO '{path}'"
)
JSONL = (
    "COPY (SELECT {time} AS timestamp, input_tokens, output_tokens, session, "
    "list_transform(range(1 + input_tokens // 512), lambda block: session * 1000 + block) "
    "AS hash_ids FROM ({log})) TO '{path}' (FORMAT json)"
)
PARQUET = CSV + " (FORMAT parquet)"


def write(path: Path, rows: int) -> None:
    """Draw a log; the same number of rows has the same size, not the same bytes."""
    copy = {".csv": CSV, ".jsonl": JSONL, ".parquet": PARQUET}[path.suffix]
    with duckdb.connect() as connection:
        connection.execute(copy.format(time=TIME, log=COLUMNS.format(rows=rows), path=path))


def main() -> None:
    """Draw a log, read it, and print time and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--format", choices=["csv", "jsonl", "parquet"], default="csv")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        log = Path(folder) / f"log.{asked.format}"
        write(log, asked.rows)
        command = ["import", "--trace", str(log), "-o", str(log.with_suffix(".toml"))]
        start = time.monotonic()
        run([sys.executable, "-m", "sizer", *command], check=True)
        seconds = time.monotonic() - start
        size_mb = log.stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
    print(f"{asked.rows:,} rows, {size_mb:,.0f} MB of {asked.format}, {os.cpu_count()} cores:")
    print(f"{seconds:.1f} s, {asked.rows / seconds:,.0f} rows/s, {peak:,.0f} MB at most")


if __name__ == "__main__":
    main()

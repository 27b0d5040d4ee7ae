"""How long simulated requests take: a trace, and a million drawn ones.

Run with `python tests/benchmarks/bench_simulate.py [TRACE.csv]`; Azure's trace of conversations
(AzurePublicDataset, 2023) is the one that issue 18 asks about. The engine is an 8B model on one
H100 in round numbers. Prints seconds of the processor, memory and growth: those of a request among
a million over those among 125,000.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np
from attrs import evolve

from sizer.imports.request_trace import read_trace
from sizer.schema.facts.requests import Requests
from sizer.schema.facts.step_times import StepTimes
from sizer.schema.scenario import Load
from sizer.simulate import Statistics, requests_of, run

H100 = StepTimes(
    decode_s=tuple(6e-3 + 25e-6 * number for number in range(513)),
    cached_token_s=4e-8,
    prompt_token_s=21e-6,
    squared_token_s=2e-11,
    cache_blocks=27_000,
)
LOAD = Load(665, 205, None, 8.0, 8192, input_tokens_spread=1.3, output_tokens_spread=0.95)
COUNTS = (125_000, 250_000, 500_000, 1_000_000)
MIB = 1024.0  # of KiB, as Linux counts


def timed(requests: Requests, times: StepTimes) -> tuple[float, float, int]:
    """Return seconds of the run and of its statistics, and how many were taken out of the cache."""
    begun = time.process_time()
    record = run(times, requests)
    served = time.process_time()
    found = Statistics(record, times)
    found.metrics()
    found.course()
    return served - begun, time.process_time() - served, sum(record.evictions.values())


def shown(name: str, requests: Requests, times: StepTimes = H100) -> float:
    """Print a line of figures and return seconds a request."""
    seconds, statistics, evictions = timed(requests, times)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    print(
        f"{name}: {len(requests):,} requests in {seconds:.2f} s, statistics {statistics:.2f} s, "
        f"{evictions:,} evictions, {peak:,.0f} MiB so far"
    )
    return seconds / len(requests)


def main() -> None:
    """Print the figures."""
    for path in sys.argv[1:]:
        shown(Path(path).name, read_trace(Path(path)))
    each = {count: shown("drawn", requests_of(LOAD, 1, 16, count=count)) for count in COUNTS}
    print(f"growth: {each[COUNTS[-1]] / each[COUNTS[0]]:.2f} of a request's time at an eighth")
    full = requests_of(LOAD, 1, 16, count=COUNTS[0])
    hurried = Requests(full.arrival_s * 0.2, full.input_tokens, full.output_tokens)
    shown("overloaded, a small cache", hurried, evolve(H100, cache_blocks=10_000))
    shared = Requests(
        full.arrival_s,
        full.input_tokens,
        full.output_tokens,
        prefixes=tuple(
            (number % 100, 100 + number % 1000) if tokens > 64 else ()
            for number, tokens in enumerate(full.input_tokens.tolist())
        ),
        prefix_tokens=32,
    )
    shown("with prefixes", shared)
    users = Requests(
        np.zeros(0), full.input_tokens, full.output_tokens, users=64, think_s=np.zeros(len(full))
    )
    shown("64 users", users)


if __name__ == "__main__":
    main()

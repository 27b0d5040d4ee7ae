"""First tokens of a fleet behind a router, by request rate: measured and estimated, and the knee.

Run with `python tests/accuracy/llm_d.py`. What was measured stands in llm_d.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from percentile_estimates import Told, estimates

MEASURED = Path(__file__).parent / "llm_d.toml"
TIMES = ("ttft_ms", "ttft_p90_ms", "ttft_p90_ms_low", "ttft_p90_ms_high")
HEAD = (
    "| request/s | utilization | mean | measured | p90 | its interval | measured |\n|" + "--:|" * 7
)
KNEE = 10.0  # times the p90 of the lowest rate


def tables() -> Iterator[str]:
    """Yield a table for each router, and where its knee is."""
    facts = tomllib.loads(MEASURED.read_text("utf-8"))
    rates: Sequence[float] = facts["measured"]["request_rate"]
    for router in ("affine", "round_robin"):
        points = [{**facts["point"], "router": router, "request_rate": str(rate)} for rate in rates]
        told = estimates(points, ("utilization", "overloaded", *TIMES))
        yield from table(router, rates, told, facts["measured"][router])


def table(
    router: str, rates: Sequence[float], told: Told, measured: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the table of one router; times are in milliseconds."""
    yield f"\n{router}:\n"
    yield HEAD
    for place, rate in enumerate(rates):
        over = told["overloaded"][place] == 1
        mean, *p90 = (cell(told[name][place], over=over) for name in TIMES)
        found = measured["mean_ms"][place], measured["p90_ms"][place]
        load = f"{told['utilization'][place]:.2f}"
        first, ends = f"{mean} | {found[0]:,}", " to ".join(p90[1:])
        yield f"| {rate} | {load} | {first} | {p90[0]} | {ends} | {found[1]:,} |"
    beyond = [p90 >= KNEE * measured["p90_ms"][0] for p90 in measured["p90_ms"]]
    bent = [rate for rate, is_beyond in zip(rates, beyond, strict=True) if is_beyond]
    full = [rate for rate, over in zip(rates, told["overloaded"], strict=True) if over == 1]
    most = rates[-1] / told["utilization"][-1]
    yield ""
    yield (
        f"Measured p90 is {KNEE:.0f} times that of the lowest rate from {bent[0]} on; estimated to "
        f"be overloaded from {full[0] if full else 'no rate'} on, sustained up to {most:.1f}."
    )


def cell(value_ms: float, *, over: bool) -> str:
    """Return a time as a table has it."""
    if over:
        return "overloaded"
    return "unknown" if np.isnan(value_ms) else f"{value_ms:,.0f}"


if __name__ == "__main__":
    print("\n".join(tables()))

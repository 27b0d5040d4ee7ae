"""How far percentiles at a request rate are from measured ones.

Run with `python tests/accuracy/score_percentiles.py PERCENTILES.csv`. Three things are scored
apart, because an error of one hides another's: the step at the number of requests that ran, whether
a rate is sustained, and how long the tail is for a given median. Then all from the rate alone. No
constant is fitted to these rows. An error is exp(median |log(estimated / measured)|) - 1 of a group
of one model on one accelerator; the median over groups counts models alike. A row that ran and is
called overloaded is wrong.

Of rows that state no split the one that fits and answers the most requests is taken.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from attrs import frozen
from finite_runs import first_tokens
from measured_runs import OPEN, Measured, Numbers, Truths, is_known
from percentile_estimates import (
    IN_LOOP,
    LAWS,
    MEANS,
    SCORED,
    Told,
    at_rate,
    estimates,
    in_loop,
    paced_rates,
    split,
    step_paces,
)
from percentile_tables import COVERED, Part, covered, table
from traffic_rows import runs

STEADY = 0.8  # of what is sustained: above it runs of some hundred requests have no steady state
FEW = 1000
MANY = 100  # requests at once that show what is sustained
FACTORS = {
    "ttft": 2.27,
    "tpot": 1.13,
    "itl": 2.1,
}  # p99 over p50, the median of open loops below saturation
BANDS = {"below 0.7": (0.0, 0.7), "0.7 to 0.9": (0.7, 0.9), "from 0.8 on": (0.8, np.inf)}
RIGHT = "| what | rows | right | overloaded | right | sustained | right |\n" + "|---|" + "--:|" * 6


@frozen(eq=False)
class Score:
    """Measured runs: what is `told` at their rate, and `paced` with steps as long as measured."""

    measured: Measured
    steps: Numbers
    told: Told
    paced: Told

    @classmethod
    def of(cls, measured: Measured) -> Score:
        """Return the score of some runs."""
        told = at_rate(measured, measured.of("request_rate"))
        return cls(measured, step_paces(measured), told, at_rate(measured, paced_rates(measured)))

    @property
    def steady(self) -> Truths:
        """Which runs have a steady state.

        One of few requests has it only well below capacity, and if it lasts for some lives of one.
        """
        many = ~(self.measured.sent < FEW)
        calm = (self.told["utilization"] < STEADY) & np.isfinite(self.measured.in_flight)
        return (many | calm) & ~self.measured.overloaded

    def logs(self, told: Numbers, name: str, chosen: Truths) -> Numbers:
        """Return logarithms of estimated over measured of the chosen rows, NaN of the others."""
        return np.where(chosen, np.log(told / self.measured.of(name)), np.nan)

    def parts(self, label: str, logs: Numbers) -> Iterator[Part]:
        """Yield a part, and that of each source."""
        whole = Part(label, logs, self.measured.groups)
        yield whole
        for source, mine in self.measured.sources.items():
            yield whole.of(mine, f"{label}: {source}")

    def step(self) -> Iterator[Part]:
        """Yield errors of the pace at the number of requests that ran."""
        label, logs = "pace at the number that ran", np.log(self.steps / self.measured.paces)
        for loop, arrivals in {"open": OPEN, "closed": ("closed",)}.items():
            mine = self.measured.among("arrival", arrivals)
            yield Part(label, logs, self.measured.groups).of(mine, f"{label}, {loop} loops")
        yield from self.parts(label, logs)

    def sustained(self) -> Iterator[str]:
        """Yield how many runs are rightly called sustained or overloaded.

        Some benchmarks call a run overloaded where its first tokens miss a limit: both are asked.
        """
        yield RIGHT
        over = self.told["overloaded"] == 1
        known = np.isfinite(self.told["utilization"]) | over
        missed = over | (self.told["ttft_p99_ms"] > self.measured.limits)
        surely = (self.told["utilization_low"] >= 1.0) | (self.told["utilization_high"] < 1.0)
        calls = {
            "overloaded": (over, known),
            "overloaded, of which the interval is sure": (over, known & surely),
            "overloaded or limit missed": (missed, known),
            "overloaded, short runs simulated": (self._in_short_runs(over), known),
        }
        for label, (called, asked) in calls.items():
            for source, mine in {"all": asked, **self.measured.sources}.items():
                if (mine & asked).any():
                    pair = called[mine & asked], self.measured.overloaded[mine & asked]
                    yield right(f"{label}: {source}", *pair)

    def _in_short_runs(self, called: Truths) -> Truths:
        """Return calls, but of short runs whether a simulation misses the limit."""
        short = (self.measured.sent < FEW) & np.isfinite(self.measured.limits)
        first = first_tokens(self.measured, short)
        return np.where(np.isfinite(first), first > self.measured.limits, called)

    def capacity(self) -> Iterator[Part]:
        """Yield errors of the most that is answered, where more was asked for."""
        most = estimates([run.point for run in self.measured.runs], ["max_tokens_per_second"])
        for label, arrivals in {"overloaded": OPEN, "all at once": ("batch",)}.items():
            flooded = self.measured.among("arrival", arrivals) & (self.measured.sent >= MANY)
            flooded &= self.measured.overloaded | (arrivals != OPEN)
            logs = self.logs(most["max_tokens_per_second"], "output_tok_s", flooded)
            yield from self.parts(f"most tokens a second, {label}", logs)

    def tails(self) -> Iterator[Part]:
        """Yield errors of p99 over p50 with as many requests running as measured."""
        for law in LAWS:
            yield from self.ratios(law, self.paced, self.steady)

    def ratios(self, law: str, told: Told, chosen: Truths) -> Iterator[Part]:
        """Yield errors of a law's p99 over its p50, and those of a fixed factor on these rows."""
        high, middle = told[f"{law}_p99_ms"], told[f"{law}_p50_ms"]
        ratio = np.where(np.isinf(high), np.inf, high / np.where(np.isinf(middle), 1.0, middle))
        found = self.measured.of(f"{law}_p99") / self.measured.of(f"{law}_p50")
        logs = np.where(chosen, np.log(ratio / found), np.nan)
        yield from self.parts(f"{law} p99 over p50", logs)
        fixed = np.where(np.isnan(logs), np.nan, np.log(FACTORS[law] / found))
        yield from self.parts(f"{law} p99, {FACTORS[law]} x p50", fixed)

    def rates(self, below: float) -> Iterator[Part]:
        """Yield errors from the rate alone, of rows whose utilization is below some value."""
        mine = (self.told["utilization"] < below) & self.steady
        for law, percentile in SCORED:
            name = f"{law}_{percentile}"
            logs = self.logs(self.told[f"{name}_ms"], name, mine)
            yield from self.parts(f"{law} {percentile}", logs)
            if percentile == "p99":
                fixed = self.logs(self.told[MEANS[law]] * FACTORS[law], name, ~np.isnan(logs))
                label = f"{law} p99, {FACTORS[law]} x the mean"
                yield Part(label, fixed, self.measured.groups)

    def closed(self) -> Iterator[Part]:
        """Yield errors in closed loops, where the requests in flight are given."""
        loops = self.measured.among("arrival", ("closed",))
        running = np.where(loops, self.measured.of("concurrency"), np.nan)
        told = in_loop(self.measured, running, IN_LOOP, finite=True)
        for law in (*LAWS, "itl"):
            for percentile in ("p50", "p99"):
                name = f"{law}_{percentile}"
                yield from self.parts(name, self.logs(told[f"{name}_ms"], name, loops))
            yield from self.ratios(law, told, loops)

    def coverage(self) -> Iterator[str]:
        """Yield how many measured percentiles lie in the 90 % intervals.

        They were made from these rows: what they hold of unseen groups stands beside them in
        sizer/catalog/calibration/default.toml. An end that is unknown where overload may begin
        reaches to all that is slower.
        """
        yield COVERED
        yield from self._covered_at_rates()
        yield from self._covered_at_once()

    def _covered_at_rates(self) -> Iterator[str]:
        load = self.told["utilization"]
        for law, percentile in SCORED:
            name = f"{law}_{percentile}"
            found = self.measured.of(name)
            low, high = (self.told[f"{name}_ms_{end}"] for end in ("low", "high"))
            inside = (found >= low) & ~(found > high)
            for label, (least, most) in BANDS.items():
                mine = (load >= least) & (load < most) & self.steady
                mine &= np.isfinite(found) & np.isfinite(low)
                if mine.any():
                    groups = self.measured.groups[mine]
                    yield covered(f"{law} {percentile}, {label}", inside[mine], groups)

    def _covered_at_once(self) -> Iterator[str]:
        loops = self.measured.among("arrival", ("closed",))
        running = np.where(loops, self.measured.of("concurrency"), np.nan)
        names = [f"{name}_{end}" for name in IN_LOOP for end in ("low", "high")]
        told = in_loop(self.measured, running, names, finite=True)
        for name in IN_LOOP:
            found = self.measured.of(name.removesuffix("_ms"))
            inside = (found >= told[f"{name}_low"]) & (found <= told[f"{name}_high"])
            mine = loops & np.isfinite(found) & np.isfinite(told[f"{name}_low"])
            if mine.any():
                label = f"{name.removesuffix('_ms').replace('_', ' ')}, closed loops"
                yield covered(label, inside[mine], self.measured.groups[mine])


def right(label: str, called: Truths, was: Truths) -> str:
    """Return one line: how many of all, of overloaded and of sustained runs are called so."""
    hits = called == was
    over, kept = int(was.sum()), int((~was).sum())
    return (
        f"| {label} | {len(was)} | {np.mean(hits):.0%} | {over} | {int(hits[was].sum())} "
        f"| {kept} | {int(hits[~was].sum())} |"
    )


def report(path: Path) -> Iterator[str]:
    """Yield all tables."""
    left_out = Counter[str]()
    score = Score.of(Measured([run for run in split(list(runs(path, left_out))) if is_known(run)]))
    for reason, count in left_out.most_common():
        print(f"left out {count:,}: {reason}", file=sys.stderr)
    yield "Step:\n"
    yield from table(score.step())
    yield "\nSustained or overloaded:\n"
    yield from score.sustained()
    yield ""
    yield from table(score.capacity())
    yield "\nTail, for steps as long as measured:\n"
    yield from table(score.tails())
    for below in (0.7, 0.9):
        yield f"\nFrom the rate alone, utilization below {below}:\n"
        yield from table(score.rates(below))
    yield "\nClosed loops:\n"
    yield from table(score.closed())
    yield "\nInside the 90 % interval:\n"
    yield from score.coverage()


def main() -> None:
    """Print the tables."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("measured", type=Path, metavar="PERCENTILES.csv")
    print("\n".join(report(parser.parse_args().measured)))


if __name__ == "__main__":
    main()

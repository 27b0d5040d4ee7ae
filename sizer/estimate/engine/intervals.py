"""How far metrics may be off: the ends of the calibration's intervals, over the estimate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp
from statistics import NormalDist

from attrs import evolve

from sizer.schema.facts.calibration import Calibration, Interval
from sizer.schema.facts.gpu import Gpu
from sizer.schema.metrics import MEASURED, PERCENTILES, PERCENTS

CALIBRATED = 0.9  # the share of measurements that the calibration's intervals hold
ADAPTED = 2.0  # times as wide are intervals of times with LoRA
AT_RATE = "_at_rate"
MEANS = {"ttft": "ttft_ms", "tpot": "itl_ms", "itl": "itl_ms", "e2e": "itl_ms"}
LATENCIES = ("ttft_ms", "itl_ms", *(metric.name for metric in PERCENTILES))
AT_RATES = tuple(f"{name}{AT_RATE}" for name in LATENCIES)
RATIOS = tuple(
    f"{name}_{end}_ratio"
    for name in dict.fromkeys((*MEASURED, *LATENCIES, *AT_RATES))
    for end in ("low", "high")
)

# how far repeats of one configuration moved that InferenceX ran one to seven months apart, nearly
# always to the faster side: 12 % in the pace and 47 % in the first token, in the median
FASTER_PACE, FASTER_FIRST_TOKEN = 1.0 - 0.12, 1.0 - 0.47
FASTER = {
    **{
        f"{name}_low_ratio": FASTER_FIRST_TOKEN if name.startswith("ttft") else FASTER_PACE
        for name in (*LATENCIES, *AT_RATES)
    },
    "tokens_per_second_high_ratio": 1.0 / FASTER_PACE,
    "max_tokens_per_second_high_ratio": 1.0 / FASTER_PACE,
}


def ratios(
    calibration: Calibration,
    core: str,
    gpu: Gpu,
    confidence: float | None,
    *,
    newer: bool = False,
    adapted: bool = False,
) -> dict[str, float | None]:
    """Return low and high of each bounded metric over its value; None where nobody measured.

    A release that is `newer` than all that were measured may be faster still. Ends of what is
    `adapted` by LoRA, which few measured, are twice as far.
    """
    seen = gpu.family in calibration.families and core in calibration.engines
    found = ends(dict(_intervals(calibration)), confidence, seen=seen)
    faster = FASTER if newer else {}
    return {
        **dict.fromkeys(RATIOS),
        **{
            name: (ratio * faster.get(name, 1.0)) ** (ADAPTED if adapted else 1.0)
            for name, ratio in found.items()
        },
    }


def ends(
    intervals: Mapping[str, Interval], confidence: float | None, *, seen: bool
) -> dict[str, float]:
    """Return low and high of each metric that has an interval, over its value.

    Other confidences than the intervals' own scale them as normal ones.
    """
    wider = widened(confidence)
    found = {}
    for name, interval in intervals.items():
        low, high = interval.ends(seen=seen)
        found[f"{name}_low_ratio"] = exp(min(low, 0.0) * wider)
        found[f"{name}_high_ratio"] = exp(max(high, 0.0) * wider)
    return found


def widened(confidence: float | None) -> float:
    """Return how much wider an interval of another confidence is; 1 for None."""
    return deviations(confidence or CALIBRATED) / deviations(CALIBRATED)


def deviations(confidence: float) -> float:
    """Return how many standard deviations an interval reaches on either side."""
    return NormalDist().inv_cdf((1.0 + confidence) / 2.0)


def _intervals(calibration: Calibration) -> Iterator[tuple[str, Interval]]:
    """Yield the interval of each metric, and of each latency at a rate.

    A percentile that nobody measured has the interval of its mean; at a rate it has the one of a
    load of so many requests at once.
    """
    known, rated = calibration.intervals, calibration.rate_intervals
    at_once = {name: known[mean] for name, mean in _means() if mean in known}
    at_once |= dict(_percentiles(known))
    at_rates = at_once | {mean: rated[mean] for mean in MEANS.values() if mean in rated}
    at_rates |= dict(_percentiles(rated))
    yield from (known | at_once).items()
    yield from ((f"{name}{AT_RATE}", each) for name, each in at_rates.items())


def _means() -> Iterator[tuple[str, str]]:
    """Yield each latency with its mean."""
    return ((name, MEANS[name.partition("_")[0]]) for name in LATENCIES)


def _percentiles(known: Mapping[str, Interval]) -> Iterator[tuple[str, Interval]]:
    """Yield the interval of each percentile that was measured, or lies above one that was.

    Ends rise with the percentile, as what they are ends of: each reaches as low as those above it,
    and as high as those below it.
    """
    for law in MEANS:
        names = [f"{law}_p{percent}_ms" for percent in PERCENTS]
        for place, name in enumerate(names):
            below = [known[each] for each in names[: place + 1] if each in known]
            above = [known[each] for each in names[place:] if each in known]
            if below:
                yield name, _spanning([below[-1], *above], below)


def _spanning(lower: Sequence[Interval], upper: Sequence[Interval]) -> Interval:
    """Return an interval from the lowest of some low ends to the highest of some high ends."""
    lows = [each.ends(seen=seen)[0] for seen in (True, False) for each in lower]
    highs = [each.ends(seen=seen)[1] for seen in (True, False) for each in upper]
    return evolve(
        lower[0],
        low=min(lows[: len(lower)]),
        high=max(highs[: len(upper)]),
        unseen_low=min(lows),
        unseen_high=max(highs),
    )

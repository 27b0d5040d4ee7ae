"""The load that a summary of a log makes: the rate to carry, its lengths, its bursts, its hits."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from sizer.schema.answered.assumption import LoggedLoad
from sizer.schema.asked.serving import OF_LOG, Workload
from sizer.schema.asked.traffic import (
    PLAIN_QUANTILE,
    PLAIN_WINDOW_S,
    LengthSummary,
    Traffic,
    Window,
)
from sizer.schema.facts.lengths import JointLengths

OFFERED = ("request_rate", "users", "concurrency")
MOST_HITS = 0.99
MOST_SPREAD = 10.0
LEAST_BURSTINESS, MOST_BURSTINESS = 0.01, 1000.0


@frozen(slots=False)
class Design:
    """A log whose load is asked about, and the windows of it that give the rate to carry.

    There is no window where the profile names a load of its own: the log gives lengths alone.
    """

    traffic: Traffic
    quantile: float
    window: Window | None = field(default=None)

    @property
    def rate_per_s(self) -> float | None:
        """Requests a second to carry, None where the profile names its load."""
        return None if self.window is None else self.window.rate(self.quantile)

    @cached_property
    def lengths(self) -> JointLengths:
        """Lengths of the log's requests."""
        return joint_lengths(self.traffic.lengths)

    @property
    def hit_share(self) -> float | None:
        """Share of prompt tokens that were sent before, as far as a load can have it."""
        prefixes = self.traffic.prefixes
        return None if prefixes is None else min(MOST_HITS, prefixes.hit_share)

    @property
    def burstiness(self) -> float:
        """Gamma shape of gaps inside a window: over long, counts then have its dispersion."""
        dispersion = 1.0 if self.window is None else self.window.dispersion_within
        return min(MOST_BURSTINESS, max(LEAST_BURSTINESS, 1.0 / max(dispersion, 1e-9)))

    @property
    def load(self) -> LoggedLoad:
        """What an answer says of the log."""
        window, lengths = self.window, self.lengths
        return LoggedLoad(
            source=self.traffic.source,
            requests=self.traffic.requests,
            mean_per_s=self.traffic.rate_per_s,
            peak_per_s=None if window is None else window.peak_per_s,
            window_s=None if window is None else window.window_s,
            windows=None if window is None else window.windows,
            quantile=self.quantile,
            rate_per_s=self.rate_per_s,
            input_tokens=lengths.input_tokens,
            output_tokens=lengths.output_tokens,
            hit_share=self.hit_share,
        )


def designed(work: Workload, traffic: Traffic, given: Collection[str]) -> Design:
    """Return the design that a workload asks for, whose table has the `given` keys."""
    quantile = PLAIN_QUANTILE if work.quantile is None else work.quantile
    if names_load(work, given):
        return Design(traffic, quantile)
    return Design(traffic, quantile, traffic.window(chosen_window_s(work, traffic)))


def names_load(work: Workload, given: Collection[str]) -> bool:
    """Return whether a workload says itself how much arrives, or is in flight."""
    return bool(work.day) or any(name in given for name in OFFERED)


def chosen_window_s(work: Workload, traffic: Traffic) -> int:
    """Return the window asked for, else the plain one, else the longest that a short log has."""
    if work.window is not None:
        return work.window
    shorter = (each.window_s for each in traffic.windows if each.window_s <= PLAIN_WINDOW_S)
    return max(shorter, default=PLAIN_WINDOW_S)


def carried(work: Workload, design: Design, given: Collection[str]) -> Workload:
    """Return a workload with the load of its log; what its table has `given` stays."""
    lengths, rate = design.lengths, design.rate_per_s
    found: dict[str, Any] = {
        "input_tokens": (max(1, round(lengths.input_tokens)),),
        "output_tokens": (max(1, round(lengths.output_tokens)),),
        "input_tokens_spread": min(MOST_SPREAD, lengths.input_tokens_spread),
        "output_tokens_spread": min(MOST_SPREAD, lengths.output_tokens_spread),
        "max_context": design.traffic.lengths.longest_tokens,
    }
    if design.hit_share is not None and "turns" not in given:
        found["prefix_hit_share"] = design.hit_share
    if rate is not None:
        found["request_rate"] = () if work.request_rate_by_hour else (rate,)
        if "arrivals" not in given:
            found["burstiness"] = design.burstiness
    asked = evolve(work, **{name: value for name, value in found.items() if name not in given})
    return evolve(asked, request_rate_by_hour=_day(asked, design))


def _day(work: Workload, design: Design) -> tuple[float, ...]:
    """Return the day of a workload; of a log its busiest hour has the rate to carry."""
    rate = design.rate_per_s
    if rate is None or work.request_rate_by_hour != OF_LOG:
        return work.day
    hours = design.traffic.rate_by_hour_per_s
    return tuple(rate * each / max(hours) for each in hours)


def joint_lengths(summary: LengthSummary) -> JointLengths:
    """Return the lengths of a summary, with the moments that were summed request by request."""
    whole = sum(each.share for each in summary.joint)
    pairs = tuple(
        (each.input_tokens, each.output_tokens, each.share / whole) for each in summary.joint
    )
    powers = enumerate(summary.input_power_means, start=1)
    answers = enumerate(summary.output_power_means, start=1)
    exact = [(k, 0, mean**k) for k, mean in powers]
    exact += [(0, k, mean**k) for k, mean in answers]
    return JointLengths(pairs, (*exact, (1, 1, summary.mean_product)))

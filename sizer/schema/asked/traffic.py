"""`traffic.toml`: a log of requests in figures, small enough to review.

`sizer import --trace` writes it, a profile names it with `[workload] traffic`.
"""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sizer.schema.asked.key import key

MOST_TOKENS = 100_000_000
MOST_PER_S = 1e9
SHARES = {0.5: "p50", 0.9: "p90", 0.95: "p95", 0.99: "p99", 0.999: "p99_9", 1.0: "peak"}
PLAIN_QUANTILE = 0.99
PLAIN_WINDOW_S = 10


@frozen
class Window:
    """`[[windows]]`: how many requests arrived in each window of one length, from the first on.

    Windows are whole: what is left at the end of the log is not counted. A quantile is the rate
    that at least such a share of windows keeps to.
    """

    window_s: int = key("length of each window", unit="s", least=1, most=10**9)
    windows: int = key("how many there are", least=1, most=10**12)
    mean_per_s: float = key("mean rate over them", unit="request/s", above=0, most=MOST_PER_S)
    p50_per_s: float = key(
        "rate that half of them keep to", unit="request/s", least=0, most=MOST_PER_S
    )
    p90_per_s: float = key(
        "rate that 90 % of them keep to", unit="request/s", least=0, most=MOST_PER_S
    )
    p95_per_s: float = key(
        "rate that 95 % of them keep to", unit="request/s", least=0, most=MOST_PER_S
    )
    p99_per_s: float = key(
        "rate that 99 % of them keep to", unit="request/s", least=0, most=MOST_PER_S
    )
    p99_9_per_s: float = key(
        "rate that 99.9 % of them keep to", unit="request/s", least=0, most=MOST_PER_S
    )
    peak_per_s: float = key("rate of the busiest", unit="request/s", above=0, most=MOST_PER_S)
    peak_over_mean: float = key("rate of the busiest over the mean", least=1, most=1e12)
    dispersion: float = key(
        "variance over mean of their counts: 1 is Poisson, more is burstier", least=0, most=1e12
    )
    dispersion_within: float = key(
        "the same of counts in tenths of a window, around its own mean", least=0, most=1e12
    )

    def rate(self, quantile: float) -> float | None:
        """Return the rate in requests/s that a share of windows keeps to, None where unknown."""
        name = SHARES.get(quantile)
        return None if name is None else float(getattr(self, f"{name}_per_s"))


@frozen
class LengthShare:
    """A bucket of lengths: the mean prompt and answer of its requests, and their share of all.

    Edges of buckets are half powers of two: 1, 2, 3, 4, 6, 8, 12, 16, 23, 32 tokens and so on.
    """

    input_tokens: float = key("mean prompt", unit="token", least=1, most=MOST_TOKENS, repeats=True)
    output_tokens: float = key("mean answer", unit="token", least=1, most=MOST_TOKENS)
    share: float = key("share of requests", above=0, most=1)


@frozen
class LengthSummary:
    """`[lengths]`: prompts and answers together.

    Power means are (E[S^k])^(1/k) of all requests one by one, k from 1 on: the first is the mean.
    """

    longest_tokens: int = key(
        "longest prompt with its answer", unit="token", least=2, most=2 * MOST_TOKENS
    )
    input_power_means: tuple[float, ...] = key(
        "power means of prompts, from the mean on",
        unit="token",
        repeats=True,
        least=1,
        most=MOST_TOKENS,
    )
    output_power_means: tuple[float, ...] = key(
        "power means of answers, from the mean on",
        unit="token",
        repeats=True,
        least=1,
        most=MOST_TOKENS,
    )
    mean_product: float = key(
        "mean of a prompt's tokens times its answer's", unit="token^2", least=1, most=1e16
    )
    joint: tuple[LengthShare, ...] = key("one line for each bucket that has requests")


@frozen
class Prefixes:
    """`[prefixes]`: what of prompts was sent before, by the hashes of their blocks.

    The cache is one that forgets nothing: a real one finds at most this.
    """

    hit_share: float = key("share of prompt tokens in blocks sent before", least=0, most=1)
    block_tokens: int | None = key(
        "tokens of a block", unit="token", default=None, least=1, most=MOST_TOKENS
    )


@frozen
class Sessions:
    """`[sessions]`: requests of one conversation each."""

    sessions: int = key("how many there are", least=1, most=10**12)
    turns_mean: float = key("mean requests of a session", least=1, most=1e12)
    turns_p90: int = key("requests that 90 % of sessions keep to", least=1, most=10**12)
    turns_most: int = key("requests of the longest session", least=1, most=10**12)
    history_share: float = key(
        "share of prompt tokens that the turn before can have left in a cache, at most",
        least=0,
        most=1,
    )


@frozen(kw_only=True)
class Traffic:
    """A summary of a log: who wrote it when, its rates, its lengths, what prompts share."""

    traffic: Literal[1] = key("version of this format, 1")
    source: str = key("name of the log")
    requests: int = key("requests that were counted", least=1, most=10**15)
    left_out: int = key(
        "rows without a prompt or an answer, which are not counted", default=0, least=0, most=10**15
    )
    started: str | None = key("first arrival (UTC), where the log has times of day", default=None)
    span_s: float | None = key(
        "from the first arrival to the last", unit="s", default=None, above=0, most=1e12
    )
    rate_per_s: float | None = key(
        "mean rate over the span", unit="request/s", default=None, above=0, most=MOST_PER_S
    )
    gaps_squared_cv: float | None = key(
        "squared coefficient of variation of gaps between arrivals: 1 is Poisson",
        default=None,
        least=0,
        most=1e12,
    )
    rate_by_hour_per_s: tuple[float, ...] = key(
        "mean rate in each hour of the day (UTC), of a log of a day or longer",
        unit="request/s",
        default=(),
        repeats=True,
        least=0,
        most=MOST_PER_S,
    )
    prefixes: Prefixes | None = key("what of prompts was sent before", default=None)
    sessions: Sessions | None = key("requests by conversation", default=None)
    windows: tuple[Window, ...] = key("rates by windows, shortest first")
    lengths: LengthSummary = key("lengths of prompts and answers")

    def window(self, window_s: int) -> Window | None:
        """Return the rates by windows of one length, None where there are none."""
        return next((each for each in self.windows if each.window_s == window_s), None)

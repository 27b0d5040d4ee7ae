"""A summary from the counts of a log: whole numbers to rates, lengths and shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from itertools import accumulate
from typing import Any

from sizer.schema.asked.traffic import (
    LengthShare,
    LengthSummary,
    Prefixes,
    Sessions,
    Traffic,
    Window,
)
from sizer.traffic.logs.counts import HOUR_US, SECOND_US, WINDOWS_S

DIGITS = 6
FEWEST_WINDOWS = 10  # of one length, for a quantile of them to be told
FIRST_CLOCK_US = 10**15  # September 2001: a smaller time is counted from the log's own start
DAY_US = 24 * HOUR_US
INPUT_POWERS, OUTPUT_POWERS = 6, 2
Counted = Mapping[str, list[tuple[int, int, int, int, int, int]]]


def grouped(rows: Iterable[tuple[Any, ...]]) -> Counted:
    """Return rows of counts by what they count; numbers that a warehouse lacks are 0."""
    found: defaultdict[str, list[tuple[int, int, int, int, int, int]]] = defaultdict(list)
    for what, *numbers in rows:
        x, y, n, sum_x, sum_y, sum_xy = (int(each or 0) for each in numbers)
        found[what].append((x, y, n, sum_x, sum_y, sum_xy))
    return found


def summary(counted: Counted, source: str, rows: int | None = None) -> Traffic:
    """Return the summary of a log that has requests; `rows` are all that it has, if known."""
    ((first_us, last_us, requests, _, _, _),) = counted["span"]
    span_us = last_us - first_us
    return Traffic(
        traffic=1,
        source=source,
        requests=requests,
        left_out=0 if rows is None else rows - requests,
        started=_day(first_us) if first_us >= FIRST_CLOCK_US else None,
        span_s=_short(span_us, SECOND_US) if span_us else None,
        rate_per_s=_short(requests * SECOND_US, span_us) if span_us else None,
        gaps_squared_cv=_gaps(counted, requests, span_us),
        rate_by_hour_per_s=tuple(_by_hour(counted, first_us, last_us)),
        windows=tuple(_windows(counted, span_us)),
        prefixes=_prefixes(counted),
        sessions=_sessions(counted),
        lengths=_lengths(counted, requests),
    )


def _gaps(counted: Counted, requests: int, span_us: int) -> float | None:
    """Mean of squares over square of the mean, less 1."""
    if not span_us:
        return None
    squares = counted["gaps"][0][5]
    return _short(squares * (requests - 1) - span_us**2, span_us**2)


def _by_hour(counted: Counted, first_us: int, last_us: int) -> Iterator[float]:
    """Yield the mean rate in each hour of the day, over the seconds of it that the log covers."""
    if first_us < FIRST_CLOCK_US or last_us - first_us < DAY_US:
        return
    requests = {hour: n for hour, _, n, *_ in counted["hours"]}
    for hour in range(24):
        covered_us = _covered_us(last_us, hour) - _covered_us(first_us, hour)
        yield _short(requests.get(hour, 0) * SECOND_US, covered_us)


def _covered_us(end_us: int, hour: int) -> int:
    """Return how long one hour of the day lasted, over all days up to an end."""
    days, rest_us = divmod(end_us, DAY_US)
    return days * HOUR_US + min(HOUR_US, max(0, rest_us - hour * HOUR_US))


def _windows(counted: Counted, span_us: int) -> Iterator[Window]:
    for window_s in WINDOWS_S:
        count = span_us // (window_s * SECOND_US)
        if count >= FEWEST_WINDOWS:
            windows = {x: n for x, _, n, *_ in counted[f"windows {window_s}"]}
            tenths = {x: n for x, _, n, *_ in counted[f"tenths {window_s}"]}
            yield _window(window_s, count, windows, tenths)


def _window(
    window_s: int, count: int, windows: Mapping[int, int], tenths: Mapping[int, int]
) -> Window:
    """Return the rates of windows by how many of them have so many requests; the rest have none."""
    requests = sum(x * n for x, n in windows.items())
    squares = sum(x * x * n for x, n in windows.items())
    within = 10 * sum(x * x * n for x, n in tenths.items()) - squares
    peak = max(windows)
    rates = {
        name: _short(_quantile(windows, count, share), window_s)
        for name, share in (
            ("p50_per_s", Fraction(1, 2)),
            ("p90_per_s", Fraction(9, 10)),
            ("p95_per_s", Fraction(19, 20)),
            ("p99_per_s", Fraction(99, 100)),
            ("p99_9_per_s", Fraction(999, 1000)),
        )
    }
    return Window(
        window_s=window_s,
        windows=count,
        mean_per_s=_short(requests, count * window_s),
        peak_per_s=_short(peak, window_s),
        peak_over_mean=_short(peak * count, requests),
        dispersion=_short(squares * count - requests**2, count * requests),
        dispersion_within=_short(within, 9 * requests),
        **rates,
    )


def _quantile(windows: Mapping[int, int], count: int, share: Fraction) -> int:
    """Return the fewest requests that a share of all windows does not go beyond."""
    beyond = count - sum(windows.values())
    sizes = sorted(windows)
    reached = accumulate((windows[each] for each in sizes), initial=beyond)
    return next(
        size for size, up_to in zip((0, *sizes), reached, strict=True) if up_to >= share * count
    )


def _lengths(counted: Counted, requests: int) -> LengthSummary:
    joint = sorted(counted["lengths"])
    return LengthSummary(
        longest_tokens=counted["longest"][0][0],
        input_power_means=_power_means(counted["input"], INPUT_POWERS),
        output_power_means=_power_means(counted["output"], OUTPUT_POWERS),
        mean_product=_short(sum(row[5] for row in joint), requests),
        joint=tuple(
            LengthShare(_short(sum_x, n), _short(sum_y, n), _short(n, requests))
            for _, _, n, sum_x, sum_y, _ in joint
        ),
    )


def _power_means(
    counted: list[tuple[int, int, int, int, int, int]], most: int
) -> tuple[float, ...]:
    """Return (E[S^k])^(1/k) of lengths by how many requests have each, k from 1 to most."""
    requests = sum(n for _, _, n, *_ in counted)
    means = (
        Fraction(sum(n * x**k for x, _, n, *_ in counted), requests) for k in range(1, most + 1)
    )
    return tuple(
        float(f"{float(mean) ** (1.0 / k):.{DIGITS + 3}g}") for k, mean in enumerate(means, start=1)
    )


def _prefixes(counted: Counted) -> Prefixes | None:
    if not counted.get("blocks") or not counted["blocks"][0][2]:
        return None
    _, _, different, _, _, _ = counted["blocks"][0]
    named = counted["blocks"][0][1]
    size, tokens = counted["block size"][0][0], counted["span"][0][3]
    return Prefixes(_short((named - different) * size, tokens), size)


def _sessions(counted: Counted) -> Sessions | None:
    turns = {x: n for x, _, n, *_ in counted.get("turns", ())}
    if not turns:
        return None
    sessions, requests = sum(turns.values()), sum(x * n for x, n in turns.items())
    _, _, _, history, tokens, _ = counted["history"][0]
    return Sessions(
        sessions=sessions,
        turns_mean=_short(requests, sessions),
        turns_p90=_quantile(turns, sessions, Fraction(9, 10)),
        turns_most=max(turns),
        history_share=_short(history, tokens),
    )


def _short(over: int, under: int) -> float:
    """Return a quotient at the digits that a reviewer reads."""
    return float(f"{float(Fraction(over, under)):.{DIGITS}g}")


def _day(time_us: int) -> str:
    moment = datetime.fromtimestamp(time_us // SECOND_US, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

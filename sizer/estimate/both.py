"""Two estimators as one: ours, and aiconfigurator where its tables hold the same run.

The pace is the geometric mean of the two, and throughput and cost follow from it. First tokens are
ours alone: on published rows those of aiconfigurator are early by a quarter, and a mean with them
was farther off (27 % instead of 21 %; the pace came from 14 to 9 %).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sizer.estimate import analytic
from sizer.estimate.aiconfigurator import estimator as second_opinion
from sizer.estimate.columns.estimator import Estimator
from sizer.estimate.columns.graph import by_name
from sizer.estimate.columns.inputs import Inputs
from sizer.estimate.columns.quantity import (
    Count,
    Milliseconds,
    Numbers,
    RequestsPerSecond,
    Seconds,
    Term,
    Tokens,
    TokensPerSecond,
)
from sizer.estimate.engine.intervals import CALIBRATED, deviations
from sizer.estimate.time import bounds, prefill
from sizer.schema.scenario import Scenario
from sizer.schema.table import Column, Values

# of the two errors: tests/accuracy/score_aiconfigurator.py POINTS.csv --both, groups left out
CORRELATION = 0.5
BLOCK_ROWS = 1024  # as aiconfigurator's: it takes milliseconds for a candidate
GIVES = ("other_itl_ms", "other_low_ratio", "other_high_ratio", "interval_deviations")
RUNNING = ("running", "replicas", "dp")
OTHERS = ("itl_ms", "itl_ms_low_ratio", "itl_ms_high_ratio")


def own_itl_ms(token_seconds: Seconds) -> Milliseconds:
    """Mean time between output tokens of one request, by the analytic estimator."""
    return prefill.itl_ms(token_seconds)


def disagreement(own_itl_ms: Milliseconds, other_itl_ms: Milliseconds) -> Count:
    """Logarithm of aiconfigurator's pace over ours; unknown where it has none."""
    return np.log(other_itl_ms / own_itl_ms)


def itl_ms(own_itl_ms: Milliseconds, disagreement: Count) -> Milliseconds:
    """Geometric mean of both paces; ours where aiconfigurator has none."""
    return own_itl_ms * np.exp(np.nan_to_num(disagreement) / 2.0)


def cycle_seconds(
    prefill_seconds: Seconds,
    itl_ms: Milliseconds,
    token_seconds: Seconds,
    token_step_seconds: Seconds,
    output_tokens: Tokens,
) -> Seconds:
    """How long a request is held: its prompt, all tokens but one at the pace of both, and a rest.

    Others' prompts delay it once for each token, the first one included.
    """
    return (
        prefill_seconds
        + output_tokens * itl_ms / 1e3
        - token_step_seconds * itl_ms / 1e3 / token_seconds
    )


def scale_factor(
    disagreement: Count,
    itl_ms_low_ratio: Count,
    itl_ms_high_ratio: Count,
    other_low_ratio: Count,
    other_high_ratio: Count,
    interval_deviations: Count,
) -> Count:
    """How much wider an interval is as two figures disagree by more than they should.

    The scale factor of the Particle Data Group (Review of Particle Physics, 5.2.2; Birge, 1932):
    the disagreement over its expected standard deviation, and at least 1.
    """
    own = np.log(itl_ms_high_ratio / itl_ms_low_ratio)
    other = np.log(other_high_ratio / other_low_ratio)
    expected = _spread(own, other, -CORRELATION) / (2.0 * interval_deviations)
    return np.where(np.isnan(disagreement), 1.0, np.maximum(np.abs(disagreement) / expected, 1.0))


def itl_ms_low(
    itl_ms: Milliseconds,
    disagreement: Count,
    scale_factor: Count,
    itl_ms_low_ratio: Count,
    other_low_ratio: Count,
) -> Milliseconds:
    """Low end of the interval of the mean pace, wider by `scale_factor`."""
    return itl_ms * _end(disagreement, scale_factor, itl_ms_low_ratio, other_low_ratio)


def itl_ms_high(
    itl_ms: Milliseconds,
    disagreement: Count,
    scale_factor: Count,
    itl_ms_high_ratio: Count,
    other_high_ratio: Count,
) -> Milliseconds:
    """High end of the interval of the mean pace, wider by `scale_factor`."""
    return itl_ms * _end(disagreement, scale_factor, itl_ms_high_ratio, other_high_ratio)


def tokens_per_second_low(
    tokens_per_second: TokensPerSecond, tokens_per_second_low_ratio: Count, scale_factor: Count
) -> TokensPerSecond:
    """Low end of throughput: ours, wider as the paces disagree."""
    return tokens_per_second * tokens_per_second_low_ratio**scale_factor


def tokens_per_second_high(
    tokens_per_second: TokensPerSecond,
    tokens_per_second_high_ratio: Count,
    scale_factor: Count,
    request_rate: RequestsPerSecond,
    output_tokens: Tokens,
) -> TokensPerSecond:
    """High end of throughput: ours, wider as the paces disagree, and no more than arrives."""
    ratio = tokens_per_second_high_ratio**scale_factor
    return bounds.tokens_per_second_high(tokens_per_second, ratio, request_rate, output_tokens)


def _end(disagreement: Count, scale_factor: Count, own: Count, other: Count) -> Count:
    """Return an end of the interval of the mean of two logarithms, over the mean's value.

    It is no farther than ours unless they disagree: who agrees makes nobody less sure.
    """
    alone = np.log(own)
    joint = np.minimum(_spread(alone, np.log(other), CORRELATION) / 2.0, np.abs(alone))
    ratio = np.exp(np.copysign(joint * scale_factor, alone))
    return np.where(np.isnan(disagreement), own, ratio)


def _spread(one: Numbers, two: Numbers, correlation: float) -> Numbers:
    """Return the standard deviation of a sum of two errors from theirs."""
    found: Numbers = np.sqrt(one**2 + two**2 + 2.0 * correlation * one * two)
    return found


TERMS: Mapping[str, Term] = by_name(
    (
        *analytic.TERMS.values(),
        own_itl_ms,
        disagreement,
        itl_ms,
        cycle_seconds,
        scale_factor,
        itl_ms_low,
        itl_ms_high,
        tokens_per_second_low,
        tokens_per_second_high,
    )
)


def columns(inputs: Inputs, concurrency: Values) -> dict[str, Column]:
    """Return aiconfigurator's pace with its interval, and how far intervals reach.

    It knows no wait for a place, so it is asked for the requests that run by our estimate.
    """
    at_once = analytic.ANALYTIC.computed(inputs, RUNNING, Column(concurrency))
    running, replicas, ranks = (at_once[name].values for name in RUNNING)
    told = second_opinion().base(
        inputs, np.where(np.isnan(concurrency), np.nan, running * replicas * ranks)
    )
    confidence = inputs.scenario.confidence or CALIBRATED
    reach = Column(np.full(len(concurrency), deviations(confidence)))
    return dict(zip(GIVES, (*(told[name] for name in OTHERS), reach), strict=True))


def source(scenario: Scenario) -> str:
    """Return what both figures come from."""
    return f"{analytic.source(scenario)}, {second_opinion().source(scenario)}"


BOTH = Estimator(
    TERMS,
    source,
    columns,
    frozenset(GIVES),
    again=analytic.AGAIN,
    block_rows=BLOCK_ROWS,
    chunk_blocks=1,
)


def estimator() -> Estimator:
    """Return the estimator. Raises Problem (SZ303) when the extra is not installed."""
    second_opinion()
    return BOTH

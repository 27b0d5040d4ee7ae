"""Terms that show the parts of a decode step in milliseconds, and which of them is the longest."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import Code, Milliseconds, Seconds, Truth

MS = 1e3


def decode_step_ms(step_seconds: Seconds) -> Milliseconds:
    """Time of one decode step without other requests' prefill."""
    return step_seconds * MS


def compute_ms(compute_seconds: Seconds) -> Milliseconds:
    """Arithmetic of a decode step."""
    return compute_seconds * MS


def bandwidth_ms(bandwidth_seconds: Seconds) -> Milliseconds:
    """Memory traffic of a decode step."""
    return bandwidth_seconds * MS


def interconnect_ms(interconnect_seconds: Seconds) -> Milliseconds:
    """Collectives of a decode step."""
    return interconnect_seconds * MS


def engine_ms(engine_seconds: Seconds) -> Milliseconds:
    """Launches and scheduling of a decode step."""
    return engine_seconds * MS


def compute_bound(compute_seconds: Seconds, bandwidth_seconds: Seconds) -> Truth:
    """Whether arithmetic takes longer than memory traffic in a decode step."""
    unknown = np.isnan(compute_seconds) | np.isnan(bandwidth_seconds)
    return np.where(unknown, -1, compute_seconds > bandwidth_seconds).astype(np.int8)


def bottleneck(
    compute_seconds: Seconds,
    bandwidth_seconds: Seconds,
    interconnect_seconds: Seconds,
    engine_seconds: Seconds,
) -> Code:
    """The part of a decode step that takes the longest, as a code of the registry's members."""
    parts = np.stack((compute_seconds, bandwidth_seconds, interconnect_seconds, engine_seconds))
    longest = np.argmax(parts, axis=0)
    return np.where(np.isnan(parts).any(axis=0), -1, longest).astype(np.int32)


TERMS = (
    decode_step_ms,
    compute_ms,
    bandwidth_ms,
    interconnect_ms,
    engine_ms,
    compute_bound,
    bottleneck,
)

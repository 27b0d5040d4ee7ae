"""Terms of a cache beside the accelerators: what memory and disks still have, and reading it.

All that is computed is written there too, and leaves it least recently used first. It is read where
that is quicker than computing it again; each accelerator reads its own part, one prompt at a time.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import (
    Bytes,
    BytesPerSecond,
    Count,
    Flops,
    FlopsPerSecond,
    Numbers,
    RequestsPerSecond,
    Seconds,
    Tokens,
)
from sizer.estimate.columns.visits import found_share
from sizer.estimate.time.kernel import overlap_seconds

HALVINGS = 40  # of what is found, to a part in 10**12


def cpu_hits(
    turns: Count,
    history_share: Count,
    turn_rate: RequestsPerSecond,
    think_time_s: Seconds,
    places_of_session: Count,
    idle_bytes: Bytes,
    held_bytes: Bytes,
    cpu_cache_bytes: Bytes,
    tp: Count,
    pp: Count,
    dp: Count,
) -> Count:
    """Share of the histories that the host's memory has, what runs among it."""
    asked = turns, history_share, turn_rate, think_time_s, places_of_session, idle_bytes
    return found_share(*asked, cpu_cache_bytes / (tp * pp * dp) - held_bytes)


def disk_hits(
    turns: Count,
    history_share: Count,
    turn_rate: RequestsPerSecond,
    think_time_s: Seconds,
    places_of_session: Count,
    idle_bytes: Bytes,
    held_bytes: Bytes,
    disk_cache_bytes: Bytes,
    tp: Count,
    pp: Count,
    dp: Count,
) -> Count:
    """Share of the histories that a disk has, what runs among it."""
    asked = turns, history_share, turn_rate, think_time_s, places_of_session, idle_bytes
    return found_share(*asked, disk_cache_bytes / (tp * pp * dp) - held_bytes)


def cpu_prefix_hits(
    cpu_cache_bytes: Bytes,
    mean_request_bytes: Bytes,
    prefixes: Count,
    tp: Count,
    pp: Count,
    dp: Count,
) -> Count:
    """Share of requests whose shared prefix the host's memory has, as `prefix_hits`."""
    passing = prefixes * np.maximum(mean_request_bytes, 1.0) * tp * pp * dp
    return np.minimum(cpu_cache_bytes / passing, 1.0)


def disk_prefix_hits(
    disk_cache_bytes: Bytes,
    mean_request_bytes: Bytes,
    prefixes: Count,
    tp: Count,
    pp: Count,
    dp: Count,
) -> Count:
    """Share of requests whose shared prefix a disk has, as `prefix_hits`."""
    passing = prefixes * np.maximum(mean_request_bytes, 1.0) * tp * pp * dp
    return np.minimum(disk_cache_bytes / passing, 1.0)


def cpu_more_share(
    history_share: Count,
    history_hits: Count,
    cpu_hits: Count,
    prefix_share: Count,
    prefix_hits: Count,
    cpu_prefix_hits: Count,
) -> Count:
    """Share of a prompt that the host's memory has and the accelerators have not."""
    prefix = prefix_share * np.maximum(cpu_prefix_hits - prefix_hits, 0.0)
    return prefix + history_share * np.maximum(cpu_hits - history_hits, 0.0)


def disk_more_share(
    history_share: Count,
    history_hits: Count,
    cpu_hits: Count,
    disk_hits: Count,
    prefix_share: Count,
    prefix_hits: Count,
    cpu_prefix_hits: Count,
    disk_prefix_hits: Count,
) -> Count:
    """Share of a prompt that a disk has, and neither the accelerators nor the host's memory."""
    nearer, closer = np.maximum(cpu_hits, history_hits), np.maximum(cpu_prefix_hits, prefix_hits)
    prefix = prefix_share * np.maximum(disk_prefix_hits - closer, 0.0)
    return prefix + history_share * np.maximum(disk_hits - nearer, 0.0)


def prompt_bytes(idle_bytes: Bytes, input_tokens: Tokens, sequence_tokens: Tokens) -> Bytes:
    """Cache of a whole prompt on one accelerator, in the mean."""
    return idle_bytes * input_tokens / sequence_tokens


def token_flops(
    flops_per_token: Flops,
    expert_flops_per_token: Flops,
    expert_rate: Count,
    dense_kept_share: Count,
    experts_kept_share: Count,
) -> Flops:
    """Operations of one token of a prompt beside attention, at the speed of dense products."""
    experts = expert_flops_per_token / (expert_rate * experts_kept_share)
    return flops_per_token / dense_kept_share + experts


def cpu_seconds_per_share(prompt_bytes: Bytes, cpu_read_bytes_s: BytesPerSecond) -> Seconds:
    """Time in which an accelerator copies its part of a whole prompt from the host's memory."""
    return prompt_bytes / cpu_read_bytes_s


def disk_seconds_per_share(
    prompt_bytes: Bytes, disk_read_bytes_s: BytesPerSecond, tp: Count, pp: Count, dp: Count
) -> Seconds:
    """Time to read a whole prompt from a disk, whose speed a replica shares."""
    return prompt_bytes * tp * pp * dp / disk_read_bytes_s


def lone_work_seconds(
    input_tokens: Tokens, token_flops: Flops, prompt_flops_s: FlopsPerSecond
) -> Seconds:
    """Arithmetic of a whole prompt beside attention."""
    return input_tokens * token_flops / prompt_flops_s


def cpu_read_share(
    cpu_more_share: Count,
    cpu_seconds_per_share: Seconds,
    turn_rate: RequestsPerSecond,
    lone_work_seconds: Seconds,
    near_share: Count,
    lone_step_seconds: Seconds,
    sharpness: Count,
) -> Count:
    """Share of a prompt that is read from the host's memory: as much as is quicker."""
    work = lone_work_seconds * (1.0 - near_share)
    alone = lone_work_seconds, work, lone_step_seconds, sharpness
    return _worth(cpu_more_share, cpu_seconds_per_share, turn_rate, *alone)


def disk_read_share(
    disk_more_share: Count,
    disk_seconds_per_share: Seconds,
    turn_rate: RequestsPerSecond,
    lone_work_seconds: Seconds,
    near_share: Count,
    cpu_read_share: Count,
    lone_step_seconds: Seconds,
    sharpness: Count,
) -> Count:
    """Share of a prompt that is read from a disk: as much as is quicker."""
    work = lone_work_seconds * (1.0 - near_share - cpu_read_share)
    alone = lone_work_seconds, work, lone_step_seconds, sharpness
    return _worth(disk_more_share, disk_seconds_per_share, turn_rate, *alone)


def read_share(cpu_read_share: Count, disk_read_share: Count) -> Count:
    """Share of a prompt that is read from the host's memory or a disk."""
    return cpu_read_share + disk_read_share


def found_tip(
    history_share_square: Count, history_hits: Count, offload_reach: Count, read_share: Count
) -> Count:
    """Share of a prompt's attention that histories spare, and what is read beside them."""
    return history_share_square * history_hits + offload_reach * read_share


def offloaded_hit_share(
    read_share: Count, cpu_cache_bytes: Bytes, disk_cache_bytes: Bytes
) -> Count:
    """The same; unknown where no cache is asked for there."""
    return np.where(cpu_cache_bytes + disk_cache_bytes > 0, read_share, np.nan)


def offload_read_seconds(
    cpu_read_share: Count,
    cpu_seconds_per_share: Seconds,
    disk_read_share: Count,
    disk_seconds_per_share: Seconds,
    turn_rate: RequestsPerSecond,
) -> Seconds:
    """Time to read what is found beside the accelerators, before the rest of a prompt."""
    cpu = _read_seconds(cpu_read_share, cpu_seconds_per_share, turn_rate)
    return cpu + _read_seconds(disk_read_share, disk_seconds_per_share, turn_rate)


def handling_seconds(server_s: Seconds, offload_read_seconds: Seconds) -> Seconds:
    """What passes before a prompt is read: a server's handling, and what it finds elsewhere."""
    return server_s + offload_read_seconds


def _read_seconds(share: Numbers, seconds: Numbers, rate: Numbers) -> Numbers:
    """Return the time to read a share of a prompt, others' reads between: 1 / (1 - load)."""
    alone = np.where(share > 0, share * seconds, 0.0)
    free = 1.0 - rate * alone
    return np.where(free > 0, alone / np.where(free > 0, free, 1.0), np.inf)


def _worth(
    more: Numbers,
    seconds: Numbers,
    rate: Numbers,
    whole: Numbers,
    work: Numbers,
    step: Numbers,
    sharpness: Numbers,
) -> Numbers:
    """Return how much of what is found is read: all, or as much as takes no longer than it spares.

    What is spared of a prompt alone is concave, and reading is convex. Attention is left out of
    the `work`: with it more is spared.
    """
    unknown = np.isnan(more) | ((more > 0) & np.isnan(seconds))
    found = np.where(unknown, np.nan, 0.0)
    rows = np.flatnonzero((more > 0) & ~unknown)
    low, high = np.zeros(len(rows)), more[rows]
    tried = high
    each = seconds[rows], rate[rows], whole[rows], work[rows], step[rows], sharpness[rows]
    for _ in range(HALVINGS if len(rows) else 0):
        good = _spared(tried, *each) >= 0.0
        low, high = np.where(good, tried, low), np.where(good, high, tried)
        tried = (low + high) / 2.0
    found[rows] = low
    return found


def _spared(
    share: Numbers,
    seconds: Numbers,
    rate: Numbers,
    whole: Numbers,
    work: Numbers,
    step: Numbers,
    sharpness: Numbers,
) -> Numbers:
    rest = np.maximum(work - share * whole, 0.0)
    spared = overlap_seconds(work, step, sharpness) - overlap_seconds(rest, step, sharpness)
    return spared - _read_seconds(share, seconds, rate)


TERMS = (
    cpu_hits,
    disk_hits,
    cpu_prefix_hits,
    disk_prefix_hits,
    cpu_more_share,
    disk_more_share,
    prompt_bytes,
    token_flops,
    cpu_seconds_per_share,
    disk_seconds_per_share,
    lone_work_seconds,
    cpu_read_share,
    disk_read_share,
    read_share,
    found_tip,
    offloaded_hit_share,
    offload_read_seconds,
    handling_seconds,
)

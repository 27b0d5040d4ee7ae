"""Metrics of a cache that is found again: what of a prompt it holds, and where."""

from __future__ import annotations

from sizer.schema.metrics.metric import number

CHE = "Che, Tung and Wang, Hierarchical web caching systems, IEEE JSAC 20(7), 2002"

SESSIONS = (
    number(
        "session_hit_share",
        "1",
        "higher",
        "share of a prompt that earlier `turns` left in the cache of the accelerators; "
        "unknown without `turns`",
        CHE,
    ),
    number(
        "offloaded_hit_share",
        "1",
        "higher",
        "share of a prompt that is read from `cpu_cache_gib` or `disk_cache_gib`; unknown "
        "without them",
        CHE,
    ),
)

"""Columns that nothing of a question asks for: they have one value, and their terms are not run."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from types import MappingProxyType

import numpy as np

from sizer.estimate.columns.axes import Axes

NO_TURNS: Mapping[str, float] = MappingProxyType(
    {"history_hits": 0.0, "kept_history_share": 0.0, "session_hit_share": nan}
)
NO_OFFLOAD: Mapping[str, float] = MappingProxyType(
    {"read_share": 0.0, "offload_read_seconds": 0.0, "offloaded_hit_share": nan}
)
NEITHER: Mapping[str, float] = MappingProxyType({**NO_TURNS, **NO_OFFLOAD, "found_tip": 0.0})
NOTHING: Mapping[str, float] = MappingProxyType({})


def idle(axes: Axes) -> Mapping[str, float]:
    """Return the columns that have one value in every row, with that value."""
    alone = not (axes.column("turns").values > 1.0).any()
    caches = ("cpu_cache_bytes", "disk_cache_bytes")
    near = not any(np.any(axes.column(name).values > 0.0) for name in caches)
    if alone and near:
        return NEITHER
    if alone:
        return NO_TURNS
    return NO_OFFLOAD if near else NOTHING

from __future__ import annotations

import numpy as np
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.schema.metrics import METRICS
from sizer.schema.scenario import Load

SCENARIO = grid(
    (deployment("Qwen/Qwen2.5-7B", "bf16", tp=1), deployment("Qwen/Qwen2.5-7B", "fp8", tp=2)),
    ("H100-SXM5-80GB", "L4", "T4"),
    (*(Load(1024, 256, c, None, 8448) for c in (1, 64)), Load(512, 64, None, 0.5, 8448)),
)


def test_an_estimate_does_not_depend_on_which_rows_differ_by_their_load_alone() -> None:
    rows, names = np.arange(len(SCENARIO)), [metric.name for metric in METRICS]
    by_load = rows[np.argsort(SCENARIO.load_of, kind="stable")]
    together = estimate(SCENARIO.take(np.sort(by_load)), names)
    apart = estimate(SCENARIO.take(by_load), names)
    assert not SCENARIO.listed.begins.all()
    for name in names:
        assert together[name].take(by_load).values.tobytes() == apart[name].values.tobytes()

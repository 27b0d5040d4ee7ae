"""Facts of a scenario's axes are tabulated once for all of its parts."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from sizer.catalog.calibration import calibration
from sizer.estimate.columns.axes import axes
from sizer.estimate.columns.inputs import Inputs

from scenarios import deployment, grid  # isort: skip


def test_parts_of_a_scenario_share_its_axes() -> None:
    whole = grid((deployment("Qwen/Qwen2.5-7B"),))
    assert axes(whole.take(slice(0, 1))) is axes(whole)


def test_other_constants_and_confidences_have_axes_of_their_own() -> None:
    whole = grid((deployment("Qwen/Qwen2.5-7B"),))
    others = (evolve(whole, calibration=calibration("priors")), evolve(whole, confidence=0.5))
    assert all(axes(other) is not axes(whole) for other in others)


def test_equal_axes_of_other_objects_are_not_shared() -> None:
    first, second = (grid((deployment("Qwen/Qwen2.5-7B"),)) for _ in range(2))
    assert axes(first) is not axes(second)


def test_another_calibration_shares_what_it_leaves_alone() -> None:
    whole = axes(grid((deployment("Qwen/Qwen2.5-7B"),)))
    other = whole.recalibrated(calibration("priors"))
    assert other.column("weight_bytes") is whole.column("weight_bytes")
    assert other.column("layer_launch_s") is not whole.column("layer_launch_s")


def test_columns_of_rows_are_those_of_the_whole_in_their_order() -> None:
    whole = grid((deployment("Qwen/Qwen2.5-7B"), deployment("Qwen/Qwen2.5-7B", tp=2)))
    rows = np.arange(len(whole))[::-1]
    every, turned = Inputs.of(whole), Inputs.of(whole.take(rows))
    for name in ("tp", "gpu", "max_num_seqs", "weight_bytes", "compute_share", "peak_flops"):
        assert np.array_equal(turned.column(name).values, every.column(name).values[rows])

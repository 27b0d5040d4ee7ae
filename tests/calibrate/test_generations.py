"""An engine's earlier generation is not faster than its present one, unless points say so."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from measurements import measured, rows

from sizer.calibrate.misfit import Misfit
from sizer.calibrate.parameters import LEAST_SPREAD, Parameters
from sizer.calibrate.solve import loss, normal_equations
from sizer.catalog.calibration import calibration
from sizer.load.points import Row
from sizer.pipeline.calibrations import calibrate, misfit_of
from sizer.schema.facts.calibration import Calibration

PRIOR = calibration("priors")
PARAMETERS = Parameters(PRIOR)


def under(**factors: float) -> Calibration:
    """Return the priors with factors of vLLM's present generation on some constants."""
    changed = {
        name: evolve(PRIOR.constants[name], by={**PRIOR.constants[name].by, "vllm": factor})
        for name, factor in factors.items()
    }
    return evolve(PRIOR, constants={**PRIOR.constants, **changed})


def moved(name: str, tag: str, by: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    vector = np.zeros(len(PARAMETERS.names))
    vector[PARAMETERS.names.index((name, tag))] = by
    return vector


@pytest.mark.parametrize(
    ("name", "tag", "by", "faster"),
    [
        ("bandwidth_share", "vllm_v0", 0.2, True),
        ("bandwidth_share", "vllm_v0", -0.2, False),
        ("bandwidth_share", "vllm", -0.2, True),
        ("layer_launch_s", "trtllm_v0", -0.2, True),
        ("layer_launch_s", "trtllm_v0", 0.2, False),
        ("layer_launch_s", "sglang", 0.2, False),
    ],
)
def test_which_way_is_faster(name: str, tag: str, by: float, *, faster: bool) -> None:
    above = PARAMETERS.order @ moved(name, tag, by) > 0
    assert np.sum(above) == (1 if faster else 0)


@pytest.fixture(scope="module")
def points() -> list[Row]:
    return rows()


@pytest.fixture(scope="module")
def misfit(points: list[Row]) -> Misfit:
    return misfit_of(points, measured(points, PRIOR), None, PRIOR)[0]


def test_a_wrong_order_costs_as_much_as_a_prior(misfit: Misfit) -> None:
    """0.2 on a factor that is expected within 0.15 of 1, and out of order by 0.2."""
    vector = moved("bandwidth_share", "vllm_v0", 0.2)
    found = loss(misfit, np.zeros_like(misfit.noise), vector, misfit.weights)
    spread = PARAMETERS.spreads[PARAMETERS.names.index(("bandwidth_share", "vllm_v0"))]
    assert found == pytest.approx((0.2 / spread) ** 2 + (0.2 / LEAST_SPREAD) ** 2)


@pytest.mark.parametrize("by", [0.2, -0.2])
def test_the_step_is_along_the_slope_of_the_loss(misfit: Misfit, by: float) -> None:
    vector, there = moved("layer_launch_s", "vllm_v0", by), np.zeros_like(misfit.noise)
    slopes = np.zeros((len(there), len(vector)))
    _, right = normal_equations(misfit, slopes, there, vector, misfit.weights)
    place = PARAMETERS.names.index(("layer_launch_s", "vllm_v0"))
    step = 1e-6
    ends = [
        loss(misfit, there, vector + moved("layer_launch_s", "vllm_v0", end), misfit.weights)
        for end in (-step, step)
    ]
    assert (ends[1] - ends[0]) / (2 * step) == pytest.approx(2 * right[place], rel=1e-6)


def test_a_generation_that_nobody_measured_is_no_faster_than_the_next(points: list[Row]) -> None:
    seen = measured(points, under(bandwidth_share=0.7, layer_launch_s=2.0))
    fitted = calibrate(points, seen, None, PRIOR, ("made", "a test")).calibration.constants
    share, launch = fitted["bandwidth_share"].by, fitted["layer_launch_s"].by
    assert share["vllm"] < 1.0
    assert launch["vllm"] > 1.0
    assert share["vllm_v0"] < 1.0
    assert launch["vllm_v0"] > 1.0
    assert share["trtllm_v0"] == 1.0

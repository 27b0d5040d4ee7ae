from __future__ import annotations

import numpy as np
import pytest
from measurements import measured, rows, truth

from sizer.catalog.calibration import calibration
from sizer.pipeline.calibrations import Calibrated, calibrate
from sizer.schema.facts.calibration import Calibration
from sizer.structure.facts import read_facts, write_facts

PRIOR = calibration("priors")


@pytest.fixture(scope="module")
def found() -> Calibrated:
    points = rows()
    seen = measured(points, truth(bandwidth_share=0.6, layer_launch_s=8e-5))
    return calibrate(points, seen, None, PRIOR, ("made", "a test"))


def test_measurements_move_the_constants_that_explain_them(found: Calibrated) -> None:
    fitted = found.calibration.constants
    assert fitted["bandwidth_share"].value < PRIOR.constants["bandwidth_share"].value
    assert fitted["layer_launch_s"].value > PRIOR.constants["layer_launch_s"].value
    assert np.median(np.abs(found.fitted)) < 0.02


def test_what_no_measurement_moves_stays_as_it_was_expected(found: Calibrated) -> None:
    for name in ("latency_xgmi_s", "exchange_latency_s", "conversion_launch_s"):
        constant = found.calibration.constants[name]
        assert constant.points == 0
        assert constant.value == PRIOR.constants[name].value


def test_measured_constants_are_surer_than_expected_ones(found: Calibrated) -> None:
    constant = found.calibration.constants["layer_launch_s"]
    assert constant.points > 0
    assert constant.spread < PRIOR.constants["layer_launch_s"].spread


def test_a_group_that_took_no_part_is_farther_off(found: Calibrated) -> None:
    assert np.mean(np.abs(found.unseen)) >= np.mean(np.abs(found.fitted))


def test_a_calibration_says_what_it_has_seen(found: Calibrated) -> None:
    assert set(found.calibration.families) == {"Hopper", "Ampere", "Ada"}
    assert found.calibration.engines == {"vllm": len(rows())}
    interval = found.calibration.intervals["itl_ms"]
    near, far = interval.ends(seen=True), interval.ends(seen=False)
    assert far[0] <= near[0] <= near[1] <= far[1]


def test_the_same_measurements_give_the_same_bytes(found: Calibrated) -> None:
    points = rows()
    seen = measured(points, truth(bandwidth_share=0.6, layer_launch_s=8e-5))
    again = calibrate(points, seen, None, PRIOR, ("made", "a test"))
    assert write_facts(again.calibration) == write_facts(found.calibration)


def test_a_calibration_survives_its_file(found: Calibrated) -> None:
    assert read_facts(write_facts(found.calibration), Calibration) == found.calibration


def test_rows_without_a_fitted_metric_are_refused() -> None:
    with pytest.raises(ValueError, match="no row with a concurrency has a measurement of itl_ms"):
        calibrate(rows(), {"weights_gib": [1.0] * len(rows())}, None, PRIOR, ("made", ""))

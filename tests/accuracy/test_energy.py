"""Power against measured rows that this repository may hold: constants and figures stay."""

from __future__ import annotations

import os
from pathlib import Path

from energy_fit import fitted
from energy_rows import of_accelerators
from score_energy import lines

from sizer.catalog.calibration import power_calibration
from sizer.structure.facts import write_facts

HERE = Path(__file__).parent
TABLE = HERE / "energy.csv"
FIGURES = HERE / "energy.md"


def test_power_is_as_far_from_measured_rows_as_before() -> None:
    said = "\n".join(lines(TABLE)) + "\n"
    if os.environ.get("SIZER_UPDATE_GOLDEN"):
        FIGURES.write_text(said, "utf-8")
    assert said == FIGURES.read_text("utf-8")


def test_shipped_constants_are_what_the_rows_give() -> None:
    """Run `python tests/accuracy/calibrate_energy.py` where times have changed."""
    anew, shipped = fitted(of_accelerators(TABLE)).calibration, power_calibration()
    assert write_facts(anew) == write_facts(shipped)

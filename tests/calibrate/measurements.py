"""Measurements that the estimator itself makes up, under constants that a test chooses."""

from __future__ import annotations

from attrs import evolve

from sizer.catalog.calibration import calibration
from sizer.estimate.analytic import ANALYTIC
from sizer.load.points import Row, read_points
from sizer.resolve.points import Placed, placed, scenario_of_points
from sizer.schema.facts.calibration import Calibration
from sizer.structure.files.csv_document import CsvTable

COLUMNS = ("model", "gpu", "tp", "weights", "input_tokens", "output_tokens", "concurrency")
MODELS = ("meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B", "meta-llama/Llama-3.1-70B")
GPUS = ("H100", "A100-80GB", "L40S")


def rows() -> list[Row]:
    """Return points of three models on three accelerators, from one request to 64."""
    cells = tuple(
        (model, gpu, tp, "fp8", "1000", "500", concurrency)
        for model in MODELS
        for gpu in GPUS
        for tp in ("4", "8")
        for concurrency in ("1", "8", "64")
    )
    return read_points(CsvTable("made.csv", COLUMNS, cells))


def truth(**constants: float) -> Calibration:
    """Return the priors with some constants replaced."""
    prior = calibration("priors")
    changed = {
        name: evolve(prior.constants[name], value=value) for name, value in constants.items()
    }
    return evolve(prior, constants={**prior.constants, **changed})


def measured(points: list[Row], under: Calibration) -> dict[str, list[float | None]]:
    """Return what a machine with these constants would show."""
    here = [each for each in placed(row.point for row in points) if isinstance(each, Placed)]
    predict = ANALYTIC.predictor(scenario_of_points(here), ("itl_ms", "ttft_ms"))
    return {name: [float(value) for value in column] for name, column in predict(under).items()}

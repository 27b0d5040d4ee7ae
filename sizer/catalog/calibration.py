"""Reader of the estimator's constants."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from sizer.schema.calibration import Calibration
from sizer.schema.held import Held
from sizer.structure.facts import read_facts

SHIPPED = ("default", "priors")


@cache
def calibration(name: str = "default") -> Calibration:
    """Return a shipped set of constants.

    Raises FileNotFoundError when no set has this name.
    """
    text = files("sizer.catalog").joinpath("calibration", f"{name}.toml").read_text("utf-8")
    return read_facts(text, Calibration)


@cache
def held_constants() -> Held:
    """Return the constants of what an engine holds beside weights and cache."""
    text = files("sizer.catalog").joinpath("calibration", "memory.toml").read_text("utf-8")
    return read_facts(text, Held)

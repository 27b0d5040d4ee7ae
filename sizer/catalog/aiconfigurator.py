"""What sizer's names are called in aiconfigurator, the other estimator."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from attrs import frozen

from sizer.schema.facts.calibration import Interval
from sizer.structure.facts import read_facts


@frozen
class Names:
    """Accelerators, engines and formats by sizer's name; what is not named is unknown there.

    `dense` and `experts` are weight formats of matrices and of routed experts. `intervals` say
    how far published times of whole servers were from its figures.
    """

    systems: dict[str, str]
    engines: dict[str, str]
    dense: dict[str, str]
    experts: dict[str, str]
    kv: dict[str, str]
    intervals: dict[str, Interval]


@cache
def names() -> Names:
    """Return the names of the pinned release."""
    return read_facts(Path(__file__).with_suffix(".toml").read_text("utf-8"), Names)

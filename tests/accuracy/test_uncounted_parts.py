"""What is not counted widens memory by what such parts take where they are counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from uncounted_parts import high_end, indices, towers

from sizer.catalog.calibration import held_constants
from sizer.catalog.models import find_model, model_names
from sizer.schema.facts.model import Model

Measure = Callable[[list[Model]], list[float]]


@pytest.mark.parametrize(("name", "measured"), [("weights", towers), ("cache", indices)])
def test_the_widening_is_what_such_parts_take(name: str, measured: Measure) -> None:
    known = held_constants().intervals[f"uncounted_{name}"]
    found = measured([find_model(each).value for each in model_names()])
    assert known.low == 0
    assert known.high == pytest.approx(high_end(found), rel=0.1)

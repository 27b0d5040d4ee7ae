"""No share of a datasheet is above 1, whatever engine, device and measurements come together."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizer.catalog.calibration import calibration
from sizer.catalog.gpus import find_gpu, gpu_names
from sizer.estimate.engine.constants import gpu_constants
from sizer.schema.facts.calibration import is_share, odds, of_odds, scaled

shares = st.floats(1e-6, 1 - 1e-6)
factors = st.floats(1e-3, 1e3)


@pytest.mark.parametrize("name", ["default", "priors"])
def test_no_combination_of_an_engine_and_a_device_beats_a_sheet(name: str) -> None:
    known = calibration(name)
    cores = {tag for each in known.constants.values() for tag in each.by} | {"generic"}
    gpus = [find_gpu(each).value for each in gpu_names()]
    for core, gpu in product(sorted(cores), gpus):
        found = gpu_constants(known, core, gpu)
        above = {each: found[each] for each in found if is_share(each) and not 0 < found[each] <= 1}
        assert not above, (core, gpu.name)


@given(shares, factors, factors)
def test_factors_of_a_share_keep_it_below_one_and_their_order(
    share: float, few: float, many: float
) -> None:
    low, high = sorted([few, many])
    assert 0 < scaled("a_share", share, low) <= scaled("a_share", share, high) < 1


@given(shares)
def test_odds_and_shares_are_the_same_thing(share: float) -> None:
    assert of_odds(odds(share)) == pytest.approx(share)

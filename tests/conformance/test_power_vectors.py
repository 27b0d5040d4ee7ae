"""Power and energy by hand: shares of the TDP, the wall, a token, a kilowatt hour."""

from __future__ import annotations

import numpy as np
import pytest

from sizer.catalog.gpus import find_gpu
from sizer.estimate.engine.power import host_w_per_gpu
from sizer.estimate.power import busy, draw, energy
from sizer.schema.asked.energy import NO_ENERGY, Energy


def column(value: float) -> np.ndarray:
    return np.array([value])


SHARES = tuple(map(column, (0.15, 0.40, 0.20, 0.60)))  # idle, busy, traffic, arithmetic


def test_a_request_keeps_an_accelerator_busy_for_its_part_of_steps_and_its_prompt() -> None:
    # 256 steps of 20 ms that 32 requests share are 160 ms, and 40 ms of prompt
    steps = busy.request_steps(column(256.0), column(32.0))
    assert busy.request_busy_seconds(steps, column(0.020), column(0.040)) == pytest.approx(0.200)
    # 5 requests/s: all of the time. 4 replicas of 2 groups share 40 requests/s of 257 tokens
    rate = busy.group_request_rate(column(40 * 257.0), column(257.0), column(4.0), column(2.0))
    assert rate == pytest.approx(5.0)
    assert busy.busy_share(rate, column(0.200)) == pytest.approx(1.0)
    assert busy.busy_share(rate, column(0.300)) == 1.0


def test_shares_of_the_tdp_add_up_to_it_at_most() -> None:
    # 0.15 + 0.5 x 0.40 + 0.4 x 0.20 + 0.1 x 0.60 = 0.49
    worked = tuple(map(column, (0.5, 0.4, 0.1)))
    assert draw.tdp_share(*worked, *SHARES) == pytest.approx(0.49)
    # 0.15 + 0.40 + 0.20 + 0.60 = 1.35: the device throttles
    full = tuple(map(column, (1.0, 1.0, 1.0)))
    assert draw.tdp_share(*full, *SHARES) == 1.0


def test_replicas_to_spare_are_idle() -> None:
    # 4 of 700 W at 0.49 and 2 idle at 0.15: 1,372 + 210 W
    drawn = draw.power_w(*map(column, (0.49, 0.15, 700.0, 6.0, 4.0)))
    assert drawn == pytest.approx(1582.0)


def test_a_server_has_its_part_in_power_at_the_wall_and_the_building_on_top() -> None:
    # (1,582 + 6 x 362.25) x 1.2
    at_wall = draw.wall_power_w(*map(column, (1582.0, 362.25, 6.0, 1.2)))
    assert at_wall == pytest.approx(4506.6)
    # DGX H100: (10,200 - 8 x 700) x 0.63 / 8; what the profile says goes before it, over 8 devices
    h100 = find_gpu("H100-SXM5-80GB").value
    assert host_w_per_gpu(h100, NO_ENERGY) == pytest.approx(362.25)
    assert host_w_per_gpu(h100, Energy(host_w=2000.0)) == 250.0
    assert host_w_per_gpu(find_gpu("L4").value, NO_ENERGY) is None


def test_energy_of_a_token_its_price_and_its_carbon() -> None:
    # 1,582 W over 2,000 tokens/s: 0.791 J, and 1e6 x 0.791 / 3.6e6 = 0.2197 kWh a million
    joules = energy.joules_per_output_token(column(1582.0), column(2000.0))
    assert joules == pytest.approx(0.791)
    kwh = energy.kwh_per_mtok(joules)
    assert kwh == pytest.approx(0.219722, rel=1e-5)
    # 4.5066 kW x 0.10 USD
    assert energy.energy_usd_per_hour(column(4506.6), column(0.10)) == pytest.approx(0.45066)
    # at the wall 2.84867 times as much: 0.62592 kWh x 300 g
    wall = energy.wall_ratio(*map(column, (1582.0, 362.25, 6.0, 1.2)))
    assert energy.gco2_per_mtok(kwh, wall, column(300.0)) == pytest.approx(187.775, rel=1e-4)

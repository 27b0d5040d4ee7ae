"""Power of candidates: idle and loaded, spare, of families that nobody measured, at the wall."""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.catalog.calibration import power_calibration
from sizer.catalog.gpus import find_gpu
from sizer.estimate import estimate
from sizer.estimate.engine.power import SHARES, power_columns
from sizer.schema.asked.energy import NO_ENERGY, Energy
from sizer.schema.scenario import Load

CHAT = deployment("meta-llama/Llama-3.1-8B", "fp8")


def watts(*loads: Load, spare_replicas: int = 0) -> list[float]:
    scenario = grid((evolve(CHAT, spare_replicas=spare_replicas),), loads=loads)
    return [float(each) for each in estimate(scenario, ("power_w",))["power_w"].values]


def at(rate: float) -> Load:
    return Load(1024, 256, None, rate, 1280)


def test_power_rises_from_idle_with_the_rate_of_a_replica() -> None:
    found = watts(at(1e-4), at(1.0), at(4.0))
    idle = power_calibration().value("idle_power_share", "Hopper") * 700.0
    assert found == sorted(found)
    assert found[0] == pytest.approx(idle, rel=1e-3)
    assert found[-1] < 700.0


def test_a_spare_replica_draws_idle_power() -> None:
    (alone,), (spared,) = watts(at(2.0)), watts(at(2.0), spare_replicas=2)
    idle = power_calibration().value("idle_power_share", "Hopper") * 700.0
    assert spared - alone == pytest.approx(2 * idle)


def test_families_that_nobody_measured_have_plain_shares_and_a_wider_interval() -> None:
    known = power_calibration()
    plain = power_columns(find_gpu("MI300X").value, NO_ENERGY, None)
    values = [known.constants[each].value for each in SHARES]
    assert [plain[each] for each in SHARES] == pytest.approx(values)
    ampere = power_columns(find_gpu("A100-SXM4-80GB").value, NO_ENERGY, None)
    hopper = power_columns(find_gpu("H100").value, NO_ENERGY, None)
    assert [ampere[each] for each in SHARES] == [hopper[each] for each in SHARES]
    assert (ampere["joules_per_output_token_high_ratio"] or 0) > (
        hopper["joules_per_output_token_high_ratio"] or 0
    )


def test_a_server_of_the_profile_goes_before_the_catalogs() -> None:
    scenario = grid((CHAT,), loads=(at(2.0),))
    names = ("power_w", "wall_power_w", "wall_power_w_low", "wall_power_w_high", "power_w_high")
    said = estimate(evolve(scenario, energy=Energy(host_w=1600.0, pue=1.5)), names)
    power, wall, _, high, most = (float(said[name].values[0]) for name in names)
    assert wall == pytest.approx((power + 200.0) * 1.5)
    assert high == pytest.approx((most + 200.0) * 1.5)
    rated = estimate(scenario, names)
    power, wall, low, high, most = (float(rated[name].values[0]) for name in names)
    assert wall == pytest.approx(power + 0.63 * 575.0)
    assert low < wall < high == pytest.approx(most + 575.0)

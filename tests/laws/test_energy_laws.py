from __future__ import annotations

from math import isfinite, isnan, nan

import pytest
from attrs import evolve
from candidates import deployments, engines, gpus, loads, row
from hypothesis import assume, given
from hypothesis import strategies as st

from sizer.catalog.calibration import power_calibration
from sizer.estimate import estimate
from sizer.schema.asked.energy import Energy
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.gpu import Gpu
from sizer.schema.metrics import registry
from sizer.schema.metrics.energy import ENERGY
from sizer.schema.scenario import Deployment, Load

ROUNDING = 1e-9
NAMES = tuple(metric.name for metric in ENERGY)
ENDS = tuple(f"{name}_{end}" for name in NAMES for end in ("low", "high"))
tdp = st.floats(10, 2000)
prices = st.floats(0.01, 1.0)


def figures(
    deployment: Deployment,
    gpu: Gpu,
    load: Load,
    engine: Engine,
    said: Energy,
    *names: str,
) -> list[float]:
    scenario = evolve(row(deployment, gpu, load, engine), energy=said)
    table = estimate(scenario, names)
    return [float(table[name].values[0]) for name in names]


def idle_share(gpu: Gpu) -> float:
    known = power_calibration()
    family = known.nearest_family(gpu.family, gpu.vendor, gpu.launch_year)
    return known.value("idle_power_share", family, gpu.vendor)


@given(deployments(), gpus(), loads(), engines, tdp, st.integers(0, 3))
def test_power_lies_between_idle_and_the_tdp_of_all_accelerators(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, watts: float, spare: int
) -> None:
    spared, rated = evolve(deployment, spare_replicas=spare), evolve(gpu, tdp_w=watts)
    names = ("power_w", "power_w_low", "power_w_high", "gpus")
    power, low, high, count = figures(spared, rated, load, engine, Energy(), *names)
    assume(isfinite(power))
    most, least = watts * count * (1 + ROUNDING), idle_share(gpu) * watts * count * (1 - ROUNDING)
    assert least <= low <= power * (1 + ROUNDING)
    assert power * (1 - ROUNDING) <= high <= most


@given(deployments(), gpus(), loads(), engines, tdp)
def test_power_is_proportional_to_the_tdp(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, watts: float
) -> None:
    drawn = [
        figures(deployment, evolve(gpu, tdp_w=each), load, engine, Energy(), "power_w")[0]
        for each in (watts, 2 * watts)
    ]
    assume(isfinite(drawn[0]))
    assert drawn[1] == pytest.approx(2 * drawn[0])


@given(deployments(), gpus(), loads(), engines, tdp, st.floats(0, 1e4))
def test_joules_kilowatt_hours_and_watts_agree(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, watts: float, host_w: float
) -> None:
    said, rated = Energy(host_w=host_w, gco2_per_kwh=1000.0), evolve(gpu, tdp_w=watts)
    names = ("power_w", "wall_power_w", "joules_per_output_token", "kwh_per_mtok", "gco2_per_mtok")
    wanted = (*names, "tokens_per_second")
    power, wall, joules, kwh, grams, rate = figures(deployment, rated, load, engine, said, *wanted)
    assume(isfinite(power))
    factor = registry()["joules_per_output_token"].unit.per(registry()["kwh_per_mtok"].unit)
    assert joules * rate == pytest.approx(power)
    assert kwh == pytest.approx(joules * (factor or nan))
    assert wall >= power
    assert grams == pytest.approx(wall / rate / 3.6 * 1000.0)


@given(deployments(), gpus(), loads(), engines, tdp, prices)
def test_twice_the_price_of_power_costs_twice_as_much_and_changes_nothing_else(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, watts: float, usd: float
) -> None:
    rated = evolve(gpu, tdp_w=watts)
    names = (*NAMES, *ENDS, "cost_usd_per_hour", "cost_usd_per_mtok", "ttft_ms")
    once, twice = (
        dict(
            zip(
                names,
                figures(
                    deployment,
                    rated,
                    load,
                    engine,
                    Energy(usd_per_kwh=each, gco2_per_kwh=300.0, host_w=1000.0),
                    *names,
                ),
                strict=True,
            )
        )
        for each in (usd, 2 * usd)
    )
    for name in names:
        factor = 2.0 if name.startswith("energy_usd_per_hour") else 1.0
        assert twice[name] == pytest.approx(factor * once[name], nan_ok=True)


@given(deployments(), gpus(), loads(), engines, tdp)
def test_what_nobody_says_leaves_power_unknown_and_never_zero(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, watts: float
) -> None:
    without = figures(deployment, evolve(gpu, tdp_w=None), load, engine, Energy(), *NAMES)
    assert all(map(isnan, without))
    untimed = evolve(engine, decode_context_parallel_size=2)
    assert untimed.untimed
    unknown = figures(deployment, evolve(gpu, tdp_w=watts), load, untimed, Energy(), *NAMES)
    assert all(map(isnan, unknown))
    wall = ("wall_power_w", "energy_usd_per_hour", "gco2_per_mtok")
    rated = evolve(gpu, tdp_w=watts)
    assert all(map(isnan, figures(deployment, rated, load, engine, Energy(), *wall)))
    priceless = figures(deployment, rated, load, engine, Energy(host_w=100.0), *wall[1:])
    assert all(map(isnan, priceless))


@given(deployments(), gpus(), loads(), engines, tdp)
def test_an_interval_holds_its_value(
    deployment: Deployment, gpu: Gpu, load: Load, engine: Engine, watts: float
) -> None:
    said = Energy(usd_per_kwh=0.1, gco2_per_kwh=300.0, pue=1.3, host_w=1000.0)
    wanted = (*NAMES, *ENDS)
    found = dict(
        zip(
            wanted,
            figures(deployment, evolve(gpu, tdp_w=watts), load, engine, said, *wanted),
            strict=True,
        )
    )
    assume(isfinite(found["power_w"]))
    for name in NAMES:
        low, value, high = (found[f"{name}{end}"] for end in ("_low", "", "_high"))
        assert low <= value * (1 + ROUNDING)
        assert value <= high * (1 + ROUNDING)

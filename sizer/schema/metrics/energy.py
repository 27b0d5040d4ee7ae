"""Metrics of power and energy: of accelerators alone, and at the wall, never of both together."""

from __future__ import annotations

from sizer.schema.metrics.metric import Metric, Scope, number
from sizer.schema.metrics.references import ENERGY_ROOFLINE


def _figure(name: str, units: str, doc: str, of: Scope | None = None) -> Metric:
    return number(name, units, "lower", doc, ENERGY_ROOFLINE, of=of)


ENERGY = (
    _figure(
        "power_w",
        "W",
        "mean power of the accelerators of all replicas, those to spare among them",
        "all replicas",
    ),
    _figure(
        "wall_power_w",
        "W",
        "mean power at the wall: accelerators, their part of servers, and building",
        "all replicas",
    ),
    _figure("joules_per_output_token", "J/token", "energy of the accelerators for an output token"),
    _figure("kwh_per_mtok", "kWh/Mtok", "energy of the accelerators for a million output tokens"),
    _figure("energy_usd_per_hour", "USD/h", "price of `wall_power_w`, of which `cost` has no part"),
    _figure("gco2_per_mtok", "gCO2/Mtok", "carbon of a million output tokens, at the wall"),
)

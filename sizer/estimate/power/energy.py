"""Terms of energy: for a token, and what it costs and emits at the wall."""

from __future__ import annotations

from sizer.estimate.columns.interval import at_ends, scaled
from sizer.estimate.columns.quantity import (
    Count,
    GramsPerKwh,
    GramsPerMtok,
    JoulesPerToken,
    KwhPerMtok,
    TokensPerSecond,
    UsdPerHour,
    UsdPerKwh,
    Watts,
)
from sizer.units import JOULES_PER_KWH, TOKENS_PER_MTOK


def joules_per_output_token(power_w: Watts, tokens_per_second: TokensPerSecond) -> JoulesPerToken:
    """Energy of the accelerators for one output token, prompts included."""
    return power_w / tokens_per_second


def kwh_per_mtok(joules_per_output_token: JoulesPerToken) -> KwhPerMtok:
    """Energy of the accelerators for a million output tokens, in kWh of 3.6 MJ."""
    return joules_per_output_token * TOKENS_PER_MTOK / JOULES_PER_KWH


def energy_usd_per_hour(wall_power_w: Watts, usd_per_kwh: UsdPerKwh) -> UsdPerHour:
    """What power at the wall costs in an hour."""
    return wall_power_w / 1e3 * usd_per_kwh


def wall_ratio(power_w: Watts, host_w_per_gpu: Watts, gpus: Count, pue: Count) -> Count:
    """Power at the wall over that of the accelerators alone."""
    return (1.0 + host_w_per_gpu * gpus / power_w) * pue


def gco2_per_mtok(
    kwh_per_mtok: KwhPerMtok, wall_ratio: Count, gco2_per_kwh: GramsPerKwh
) -> GramsPerMtok:
    """Carbon dioxide of a million output tokens, of all power at the wall."""
    return kwh_per_mtok * wall_ratio * gco2_per_kwh


TERMS = (
    joules_per_output_token,
    *scaled("joules_per_output_token"),
    kwh_per_mtok,
    *at_ends(kwh_per_mtok, same=("joules_per_output_token",)),
    energy_usd_per_hour,
    *at_ends(energy_usd_per_hour, same=("wall_power_w",)),
    wall_ratio,
    *at_ends(wall_ratio, same=("host_w_per_gpu",)),
    gco2_per_mtok,
    *at_ends(gco2_per_mtok, same=("kwh_per_mtok", "wall_ratio")),
)

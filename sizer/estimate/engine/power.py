"""Power of one accelerator as columns: shares of its TDP, and what a profile says of energy."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sizer.catalog.calibration import power_calibration
from sizer.estimate.engine.intervals import ends
from sizer.schema.asked.energy import Energy
from sizer.schema.facts.gpu import Gpu

SHARES = ("idle_power_share", "busy_power_share", "traffic_power_share", "arithmetic_power_share")
INTERVALS = ("power_w", "joules_per_output_token")
RATIOS = tuple(f"{name}_{end}_ratio" for name in INTERVALS for end in ("low", "high"))
SAID: Mapping[str, Callable[[Energy], float | None]] = {
    "pue": lambda energy: energy.pue,
    "usd_per_kwh": lambda energy: energy.usd_per_kwh,
    "gco2_per_kwh": lambda energy: energy.gco2_per_kwh,
}
HOST = "host_w_per_gpu"
HOST_SHARES: Mapping[str, float] = {HOST: 0.63, f"{HOST}_low": 0.36, f"{HOST}_high": 1.0}
"""Shares of a server's rating beside its accelerators that it draws: as measured, and its ends.

A server with eight H100 drew 8.48 kW under a burn-in, of a rated 10.2 kW (Latif et al.,
arXiv:2412.08602), and 5.6 kW are the accelerators' TDP: 2.88 of 4.6 kW. MLPerf's H200 servers
were tuned for efficiency, and drew 1.64 kW beside eight accelerators at 500 W. None draws more
than its rating.
"""
NAMES = (*SHARES, *RATIOS, *SAID, *HOST_SHARES)


def power_columns(gpu: Gpu, energy: Energy, confidence: float | None) -> dict[str, float | None]:
    """Return shares of TDP, ratios of intervals, and what is said of energy; None is unknown."""
    known = power_calibration()
    family = known.nearest_family(gpu.family, gpu.vendor, gpu.launch_year)
    found = ends(known.intervals, confidence, seen=gpu.family in known.families)
    return {
        **{name: known.value(name, family, gpu.vendor) for name in SHARES},
        **{name: found[name] for name in RATIOS},
        **{name: said(energy) for name, said in SAID.items()},
        **{name: host_w_per_gpu(gpu, energy, share) for name, share in HOST_SHARES.items()},
    }


def host_w_per_gpu(gpu: Gpu, energy: Energy, share: float = HOST_SHARES[HOST]) -> float | None:
    """Return a device's part of what its server draws beside all devices; None is unknown.

    `share` is of what a server is rated for; what the profile says is taken as it is.
    """
    if energy.host_w is not None:
        return energy.host_w / gpu.server_devices
    if gpu.server_max_w is None or gpu.tdp_w is None:
        return None
    return share * (gpu.server_max_w / gpu.server_devices - gpu.tdp_w)

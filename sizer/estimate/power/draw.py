"""Terms of what is drawn: by accelerators, and at the wall.

Power is a constant part and parts for work that is done, as in the energy roofline (Choi et al., A
Roofline Model of Energy, IPDPS 2013). Parts are shares of the TDP, to which a device throttles.
"""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.interval import at_ends
from sizer.estimate.columns.quantity import Count, Watts


def tdp_share(
    busy_share: Count,
    traffic_share: Count,
    arithmetic_share: Count,
    idle_power_share: Count,
    busy_power_share: Count,
    traffic_power_share: Count,
    arithmetic_power_share: Count,
) -> Count:
    """Mean power of an accelerator over its TDP, at most 1.

    Idle, it draws `idle_power_share`; while kernels of any kind run `busy_power_share` more. Memory
    traffic and arithmetic add their parts for the time that they are busy.
    """
    drawn = (
        idle_power_share
        + busy_share * busy_power_share
        + traffic_share * traffic_power_share
        + arithmetic_share * arithmetic_power_share
    )
    return np.minimum(drawn, 1.0)


def serving_gpus(tp: Count, pp: Count, dp: Count, replicas: Count) -> Count:
    """Accelerators of the replicas that carry the load."""
    return tp * pp * dp * replicas


def power_w(
    tdp_share: Count, idle_power_share: Count, tdp_w: Watts, gpus: Count, serving_gpus: Count
) -> Watts:
    """Mean power of all accelerators: those of replicas to spare are idle.

    A TDP times a share, which is a constant part and parts for the time that an accelerator works,
    that its memory is busy, and that its arithmetic is.
    """
    return tdp_w * (tdp_share * serving_gpus + idle_power_share * (gpus - serving_gpus))


def power_w_low(
    power_w: Watts, power_w_low_ratio: Count, idle_power_share: Count, tdp_w: Watts, gpus: Count
) -> Watts:
    """`power_w` times its measured ratio at the low end, and no less than idle ones draw."""
    return np.maximum(power_w * power_w_low_ratio, idle_power_share * tdp_w * gpus)


def power_w_high(power_w: Watts, power_w_high_ratio: Count, tdp_w: Watts, gpus: Count) -> Watts:
    """`power_w` times its measured ratio at the high end, and no more than the TDP."""
    return np.minimum(power_w * power_w_high_ratio, tdp_w * gpus)


def wall_power_w(power_w: Watts, host_w_per_gpu: Watts, gpus: Count, pue: Count) -> Watts:
    """Accelerators, their part of what servers draw on top, and what the building adds."""
    return (power_w + host_w_per_gpu * gpus) * pue


TERMS = (
    tdp_share,
    serving_gpus,
    power_w,
    power_w_low,
    power_w_high,
    wall_power_w,
    *at_ends(wall_power_w, same=("power_w", "host_w_per_gpu")),
)

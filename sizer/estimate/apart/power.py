"""Terms of the power of both sides, of which each is as busy as its own requests keep it."""

from __future__ import annotations

from sizer.estimate.columns.quantity import Watts
from sizer.estimate.power import draw, energy


def power_w(power_w_of_prefill: Watts, power_w_of_decode: Watts) -> Watts:
    """Mean power of the accelerators of both sides, those to spare among them."""
    return power_w_of_prefill + power_w_of_decode


OF_A_SIDE = {"tdp_share", "serving_gpus", "power_w"}
TERMS = (
    *(each for each in draw.TERMS if each.__name__ not in OF_A_SIDE),
    power_w,
    *energy.TERMS,
)

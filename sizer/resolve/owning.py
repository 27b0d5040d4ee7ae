"""What it costs to own an accelerator, or a server of them, by the hour."""

from __future__ import annotations

from sizer.schema.answered.assumption import Owning
from sizer.schema.asked.owned import Owned
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.price import OWNED, Price


def owning(asked: Owned, gpu: Gpu) -> Owning:
    """Return what an hour of owning comes to; unknown without a TDP, unless power is free.

        usd_per_hour = purchase_usd / (years x hours_per_year) + kilowatts x usd_per_kwh
        kilowatts = (gpus x tdp_w x power_share + host_w) x pue / 1000

    The purchase is paid off evenly, without interest, by the hours in which it serves; power is
    drawn in those hours. `tdp_w` is of a whole accelerator, `gpus` is 1 where none is given.
    """
    paid_off = asked.purchase_usd / (asked.years * asked.hours_per_year)
    kilowatts = _kilowatts(asked, gpu)
    known = None if kilowatts is None else kilowatts * asked.usd_per_kwh
    power = 0.0 if asked.usd_per_kwh == 0 else known
    return Owning(
        gpu=gpu.name,
        gpus=asked.gpus,
        purchase_usd=asked.purchase_usd,
        years=asked.years,
        hours_per_year=asked.hours_per_year,
        kilowatts=kilowatts,
        usd_per_kwh=asked.usd_per_kwh,
        purchase_usd_per_hour=paid_off,
        power_usd_per_hour=power,
        usd_per_hour=None if power is None else paid_off + power,
    )


def owned_price(owned: Owning) -> Price | None:
    """Return what is owned as a price; None where its power is unknown."""
    if owned.usd_per_hour is None:
        return None
    return Price(owned.gpu, OWNED, owned.usd_per_hour, as_of="", gpus=owned.gpus)


def _kilowatts(asked: Owned, gpu: Gpu) -> float | None:
    if gpu.tdp_w is None:
        return None
    accelerators = (asked.gpus or 1) * gpu.tdp_w * gpu.devices_per_accelerator
    return (accelerators * asked.power_share + asked.host_w) * asked.pue / 1000

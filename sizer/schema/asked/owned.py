"""What a profile says of hardware that is owned."""

from __future__ import annotations

from attrs import frozen

from sizer.schema.asked.key import key

HOURS_PER_YEAR = 8760.0


@frozen
class Owned:
    """`[[fleet.owned]]`: accelerators of yours, at what it costs to own them."""

    gpu: str = key("catalog name or alias, or of a custom accelerator", repeats=True)
    purchase_usd: float = key(
        "price of one server, or without `gpus` of one accelerator", unit="USD", least=0, most=1e9
    )
    years: float = key("over which it is paid off", unit="year", above=0, most=50)
    usd_per_kwh: float = key("price of power", unit="USD/kWh", least=0, most=100)
    gpus: int | None = key(
        "accelerators of one server; without it they are owned one by one",
        default=None,
        least=1,
        most=1024,
    )
    host_w: float = key(
        "power of a server beside its accelerators", unit="W", default=0.0, least=0, most=1e6
    )
    power_share: float = key(
        "mean power of an accelerator over its `tdp_w`", default=1.0, least=0, most=2
    )
    pue: float = key("power of the building over that of its servers", default=1.0, least=1, most=9)
    hours_per_year: float = key(
        "hours of a year in which it serves; they carry the whole price",
        unit="h",
        default=HOURS_PER_YEAR,
        above=0,
        most=8784,
    )

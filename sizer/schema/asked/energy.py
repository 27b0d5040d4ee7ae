"""What a profile says of power: its price, its carbon, and what a server draws on top."""

from __future__ import annotations

from attrs import frozen

from sizer.schema.asked.key import key


@frozen
class Energy:
    """`[energy]`: what power costs and emits, and what is drawn beside the accelerators."""

    usd_per_kwh: float | None = key(
        "price of power; without it `energy_usd_per_hour` is unknown",
        unit="USD/kWh",
        default=None,
        least=0,
        most=100,
    )
    gco2_per_kwh: float | None = key(
        "carbon dioxide of the grid; without it `gco2_per_mtok` is unknown",
        unit="gCO2/kWh",
        default=None,
        least=0,
        most=1e5,
    )
    pue: float = key(
        "power of the building over that of its servers; 1 is the plug of a server",
        default=1.0,
        least=1,
        most=9,
    )
    host_w: float | None = key(
        "power of a server beside its accelerators; without it the catalog's, if it has one",
        unit="W",
        default=None,
        least=0,
        most=1e6,
    )


NO_ENERGY = Energy()
WITHOUT_DEFAULT = ("usd_per_kwh", "gco2_per_kwh")  # nobody but the profile says these

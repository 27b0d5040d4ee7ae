"""Your own prices: a file of them, in TOML or as a table."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from sizer.schema.asked.key import key
from sizer.schema.asked.profile import Term


@frozen
class PriceRow:
    """`[[prices]]`, or a row of a CSV: what one accelerator costs, where, on which terms, when."""

    gpu: str = key("catalog name or alias, or of a custom accelerator", repeats=True)
    provider: str = key("who sells it; your own data centre has a name too")
    usd_per_gpu_hour: float = key("price of one accelerator", unit="USD/h", least=0, most=1e6)
    as_of: date = key("date of the price, like 2026-11-25")
    region: str | None = key("where it holds; everywhere without it", default=None)
    term: Term = key("on_demand, reserved or spot", default="on_demand")
    basis: str | None = key("which offer this is, for the reader", default=None)
    source: str | None = key("who says so, for the reader", default=None)


@frozen
class PriceFile:
    """A file that profiles name in `fleet.prices`."""

    prices: tuple[PriceRow, ...] = key("one for each price")

"""Your own prices: a file of them, in TOML or as a table."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from sizer.schema.asked.key import key
from sizer.schema.asked.profile import Term


@frozen
class PriceRow:
    """`[[prices]]`, or a row of a CSV: what is sold, for how much, where, on which terms, when.

    Accelerators are sold one by one (`usd_per_gpu_hour`), or so many in an instance (`gpus` and
    `usd_per_hour`).
    """

    gpu: str = key("catalog name or alias, or of a custom accelerator", repeats=True)
    provider: str = key("who sells it; your own data centre has a name too")
    as_of: date = key("date of the price, like 2026-11-25")
    usd_per_gpu_hour: float | None = key(
        "price of one accelerator, where they are sold one by one",
        unit="USD/h",
        default=None,
        least=0,
        most=1e6,
    )
    usd_per_hour: float | None = key(
        "price of a whole instance of `gpus` accelerators",
        unit="USD/h",
        default=None,
        least=0,
        most=1e6,
    )
    gpus: int | None = key("accelerators of one instance", default=None, least=1, most=1024)
    instance: str | None = key("name of the instance, like `p5.48xlarge`", default=None)
    vcpus: float | None = key("processors of one instance", default=None, above=0, most=1e5)
    memory_gib: float | None = key(
        "memory of one instance", unit="GiB", default=None, above=0, most=1e6
    )
    region: str | None = key("where it holds; everywhere without it", default=None)
    term: Term = key("on_demand, reserved, spot or capacity_block", default="on_demand")
    basis: str | None = key("which offer this is, for the reader", default=None)
    source: str | None = key("who says so, for the reader", default=None)


@frozen
class PriceFile:
    """A file that profiles name in `fleet.prices`."""

    prices: tuple[PriceRow, ...] = key("one for each price")

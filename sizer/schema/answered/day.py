"""A day of a candidate: its replicas hour by hour, and what a fleet saves that follows them."""

from __future__ import annotations

from attrs import frozen


@frozen
class Unmet:
    """A condition that does not hold in some hours, whatever the replicas: a `where`, or a rule.

    Hours are counted from 0.
    """

    condition: str
    hours: tuple[int, ...]


@frozen
class Day:
    """The fewest replicas in each hour of a day, from the first on; `gpus` count those to spare.

    `request_rates` are requests/s. A `fixed` fleet has the `peak_gpus` all day, a `scaled` one the
    accelerators of each hour; a month has 730 hours. Costs are None where nobody says what it
    costs. `unmet` conditions do not hold in some hours, which no number of replicas mends.
    """

    request_rates: tuple[float, ...]
    replicas: tuple[int, ...]
    gpus: tuple[int, ...]
    peak_gpus: int
    mean_gpus: float
    gpu_hours_per_day: float
    cost_usd_per_month_fixed: float | None
    cost_usd_per_month_scaled: float | None
    saving_usd_per_month: float | None
    unmet: tuple[Unmet, ...] = ()

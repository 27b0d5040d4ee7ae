"""An accelerator's datasheet and what an hour of it costs."""

from __future__ import annotations

from attrs import frozen

from sizer.schema.asked.profile import Term


@frozen
class Peaks:
    """Dense peak rates in TFLOP/s (TOP/s for int8); None is unknown, 0 is not supported."""

    fp32: float | None = None
    fp16: float | None = None
    bf16: float | None = None
    fp8: float | None = None
    int8: float | None = None
    fp4: float | None = None


SERVER_SIZE = 8  # accelerators of the usual server (DGX, HGX, OAM baseboards)


@frozen
class Gpu:
    """One accelerator as its maker describes it; None is unknown.

    `memory_gb` is the number on the box (1e9 bytes for a custom accelerator);
    `memory_gib` is the total that an engine is told. `link_gb_s` is per direction per device, and
    so is `node_link_gb_s`, the network to other servers.
    """

    name: str
    vendor: str
    family: str
    memory_gb: float
    memory_gib: float
    bandwidth_gb_s: float | None = None
    peaks: Peaks = Peaks()
    link: str | None = None
    link_gb_s: float | None = None
    node_link_gb_s: float | None = None
    domain_size: int | None = None
    tdp_w: float | None = None
    launch_year: int | None = None
    compute_capability: float | None = None
    sm_count: int | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""
    note: str = ""

    @property
    def server_size(self) -> int:
        """Return how many of this accelerator one fast domain or server holds."""
        return self.domain_size if self.domain_size and self.domain_size > 1 else SERVER_SIZE


UNDATED = "undated"
BY_HAND = "profile"  # in place of a provider: the profile says what it costs
MEDIAN = "median"  # in place of a provider: the price is of several


@frozen
class Terms:
    """Which prices count; the median over all that do.

    `since` is a date (ISO 8601): what is older, or has no date, does not count.
    """

    provider: str | None = None
    region: str | None = None
    term: Term = "on_demand"
    since: str | None = None


@frozen
class Price:
    """What one accelerator costs for one hour, in US dollars, where and when.

    `as_of` is a date (ISO 8601) or `undated`; `basis` says which offer the figure is of. Without a
    region it holds everywhere.
    """

    gpu: str
    provider: str
    usd_per_gpu_hour: float
    as_of: str
    region: str = ""
    basis: str = ""
    source: str = ""
    term: Term = "on_demand"

    def counts_since(self, since: str) -> bool:
        """Return whether the price has a date, and that is not before another (ISO 8601)."""
        return self.as_of != UNDATED and self.as_of >= since

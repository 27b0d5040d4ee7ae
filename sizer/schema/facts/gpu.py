"""An accelerator's datasheet and what an hour of it costs.

Every speed of a link is that of one device, in one direction, over all its ports. Makers often
print both directions together: an entry has half of that.
"""

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


USUAL_SERVER = 8  # accelerators of the usual server (DGX, HGX, OAM baseboards, PCIe chassis)


@frozen
class Gpu:
    """One device as an engine counts it (`torch.cuda.device_count`); None is unknown.

    Memory, bandwidth, peaks and links are of one device. An accelerator as it is sold, priced and
    plugged in holds `devices_per_accelerator` of them; `tdp_w` is a device's share of its power.
    `memory_gb` is the number on the box (1e9 bytes for a custom accelerator); `memory_gib` is the
    total that an engine is told.

    `link_gb_s` holds among the `domain_size` devices that `link` joins (a bridge, a switch, a
    mesh); without a `domain_size` it joins a server. Beyond the domain, devices of a server talk
    at `pcie_gb_s`, and servers at `node_link_gb_s`. Where `peer_to_peer` is false the driver grants
    no direct copies: they go through the host's memory at `host_copy_gb_s`, an NCCL bus bandwidth
    as measured. `server_size` is how many accelerators one server holds.
    """

    name: str
    vendor: str
    family: str
    memory_gb: float
    memory_gib: float
    bandwidth_gb_s: float | None = None
    peaks: Peaks = Peaks()
    devices_per_accelerator: int = 1
    link: str | None = None
    link_gb_s: float | None = None
    domain_size: int | None = None
    pcie_gb_s: float | None = None
    peer_to_peer: bool | None = None
    host_copy_gb_s: float | None = None
    server_size: int | None = None
    node_link_gb_s: float | None = None
    tdp_w: float | None = None
    launch_year: int | None = None
    compute_capability: float | None = None
    sm_count: int | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""
    note: str = ""

    @property
    def usable_link_gb_s(self) -> float | None:
        """Return the speed of its link, or of copies through the host where none are direct."""
        return self.host_copy_gb_s if self.peer_to_peer is False else self.link_gb_s

    @property
    def server_devices(self) -> int:
        """Return how many devices one server holds; the usual number where nobody says."""
        return (self.server_size or USUAL_SERVER) * self.devices_per_accelerator

    @property
    def domain_devices(self) -> int:
        """Return how many devices `link` joins."""
        return self.domain_size or self.server_devices

    @property
    def joined_devices(self) -> int:
        """Return how many devices need no network: those of a server, or of a larger domain."""
        return max(self.domain_devices, self.server_devices)


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

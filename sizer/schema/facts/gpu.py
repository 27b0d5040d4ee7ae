"""An accelerator's datasheet.

Every speed of a link is that of one device, in one direction, over all its ports. Makers often
print both directions together: an entry has half of that.
"""

from __future__ import annotations

from attrs import frozen


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
    as measured. `server_size` is how many accelerators one server holds, and `server_max_w` the
    most that such a server draws, as its maker rates it.
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
    server_max_w: float | None = None
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

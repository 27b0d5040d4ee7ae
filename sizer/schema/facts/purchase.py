"""What is paid for a deployment: whole instances of one provider, at each provider."""

from __future__ import annotations

from attrs import frozen

from sizer.schema.asked.profile import Term
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.price import Price, middle_of


@frozen
class Part:
    """What one instance has to hold: `devices` of a replica, `devices_each` to an accelerator.

    `shared` says that further replicas may be beside it.
    """

    devices: int
    devices_each: int
    shared: bool

    @property
    def accelerators(self) -> int:
        """Accelerators that it takes, in whole or in part."""
        return -(-self.devices // self.devices_each)

    def among(self, accelerators: int) -> int:
        """Return how many of it so many accelerators hold."""
        held = accelerators * self.devices_each // self.devices
        return held if self.shared else min(held, 1)


@frozen
class Need:
    """What a deployment asks of servers.

    Each of `replicas` takes `devices`, evenly in each of `servers` servers. Replicas within one
    server share it; one over several servers has whole instances of its own. An accelerator, as
    instances count them, is `devices_each` devices.
    """

    devices: int
    servers: int = 1
    replicas: int = 1
    devices_each: int = 1

    @classmethod
    def of(cls, devices: int, replicas: int, gpu: Gpu) -> Need:
        """Return the need of replicas of so many devices each."""
        servers = -(-devices // gpu.server_devices)
        return cls(devices, servers, replicas, gpu.devices_per_accelerator)

    @property
    def part(self) -> Part:
        """What of a replica shares a server."""
        return Part(-(-self.devices // self.servers), self.devices_each, self.servers == 1)

    @property
    def parts(self) -> int:
        """How many of them there are."""
        return self.servers * self.replicas

    @property
    def used(self) -> int:
        """Accelerators that the deployment uses, in whole or in part."""
        return -(-self.devices * self.replicas // self.devices_each)


@frozen
class Lot:
    """So many instances of one kind, or accelerators where they are sold one by one."""

    price: Price
    count: int

    @property
    def gpus(self) -> int:
        """Accelerators in it."""
        return self.count * (self.price.gpus or 1)


@frozen
class Purchase:
    """The cheapest whole instances of one provider, in one region, that hold a deployment."""

    lots: tuple[Lot, ...]
    usd_per_hour: float
    used: int

    @property
    def provider(self) -> str:
        """Who sells them."""
        return self.lots[0].price.provider

    @property
    def region(self) -> str:
        """Where; empty for everywhere."""
        return self.lots[0].price.region

    @property
    def term(self) -> Term:
        """On which terms."""
        return self.lots[0].price.term

    @property
    def gpus(self) -> int:
        """Accelerators that are paid for."""
        return sum(each.gpus for each in self.lots)

    @property
    def left_over(self) -> int:
        """Accelerators that are paid for and not used."""
        return self.gpus - self.used


@frozen
class Purchases:
    """What a deployment comes to at each provider that holds it, cheapest first: never empty."""

    each: tuple[Purchase, ...]

    @property
    def middle(self) -> Purchase:
        """The one that counts: the median, of an even number the lower of the middle two."""
        return self.each[middle_of(self.each)]

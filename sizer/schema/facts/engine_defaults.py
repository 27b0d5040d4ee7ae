"""What an engine takes where nobody asks, by release and device, each with its source."""

from __future__ import annotations

from functools import cached_property

from attrs import frozen

Version = tuple[int, ...]


@frozen
class Device:
    """What of an accelerator decides a default: memory as the driver counts it, and who it is.

    `capability` is the major number of its compute capability, 0 where it has none.
    """

    memory_mib: float
    name: str = ""
    vendor: str = ""
    capability: int = 0


@frozen
class EngineDefault:
    """One value that holds from a release on.

    It holds for devices of at least `memory_mib_from`, as the driver counts their memory, and for
    at least `ranks_from` devices in a replica; where they are given, for devices of one `vendor`,
    of one `capability`, or with `device` in their name alone. `unit` is that of `value`.
    """

    name: str
    value: float
    unit: str
    since: Version
    source: str
    memory_mib_from: float = 0.0
    ranks_from: int = 1
    vendor: str = ""
    capability: int = 0
    device: str = ""
    note: str = ""

    def holds(self, version: Version, device: Device, ranks: int) -> bool:
        """Whether it holds for a release on so many devices of one kind."""
        there = self.since <= version and self.ranks_from <= ranks
        return there and self.memory_mib_from <= device.memory_mib and self._is_for(device)

    @property
    def rank(self) -> tuple[Version, float, int, bool, bool, bool]:
        """Return its place among those that hold: the newest first, then the narrowest."""
        kinds = bool(self.device), bool(self.capability), bool(self.vendor)
        return (self.since, self.memory_mib_from, self.ranks_from, *kinds)

    def _is_for(self, device: Device) -> bool:
        maker = self.vendor in {"", device.vendor}
        return maker and self.capability in {0, device.capability} and self.device in device.name


@frozen
class WindowPool:
    """A family of models whose windows an engine gives a pool of their own, from a release on."""

    family: str
    since: Version
    source: str


@frozen
class EngineDefaults:
    """The defaults of one engine."""

    engine: str
    default: tuple[EngineDefault, ...]
    window_pool: tuple[WindowPool, ...] = ()

    def has_window_pool(self, family: str, version: Version) -> bool:
        """Whether windows of a family of models have a pool of their own in a release."""
        return any(each.family == family and each.since <= version for each in self.window_pool)

    def value(self, name: str, version: Version, device: Device, ranks: int = 1) -> float:
        """Return a default: of the newest release up to `version`, the narrowest that holds.

        Raises KeyError when there is no default of this name.
        """
        return self.chosen(name, version, device, ranks).value

    def chosen(self, name: str, version: Version, device: Device, ranks: int = 1) -> EngineDefault:
        """Return the row of a default; before its first release the first one holds too.

        Raises KeyError when there is no default of this name.
        """
        known = self._by_name[name]
        known_since = max(version, min(each.since for each in known))
        held = [each for each in known if each.holds(known_since, device, ranks)]
        return max(held, key=lambda each: each.rank)

    @cached_property
    def _by_name(self) -> dict[str, list[EngineDefault]]:
        found: dict[str, list[EngineDefault]] = {}
        for each in self.default:
            found.setdefault(each.name, []).append(each)
        return found

"""Constants of what an engine holds beside weights and cache, each with where it was seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from attrs import frozen

from sizer.schema.facts.calibration import Interval
from sizer.schema.facts.unmeasured import UnmeasuredEngine, UnmeasuredVendor, UnmeasuredVersion

Release = tuple[int, int]
STAND_IN = "a current vLLM"  # whose memory engines are taken to have that nobody computes


@frozen
class EngineConstant:
    """One number that holds from a release on.

    `points` is how many start-ups it rests on, `spread` the standard deviation of its logarithm.
    """

    name: str
    unit: str
    meaning: str
    since: Release
    value: float
    points: int
    spread: float
    note: str = ""


@frozen
class Seen:
    """What the start-ups covered; ranges are inclusive, `drafts` are methods of drafting.

    `computed` are engines without any, whose memory is computed as their source does it.
    """

    engines: tuple[str, ...]
    computed: tuple[str, ...]
    vendors: tuple[str, ...]
    versions: tuple[Release, Release]
    max_num_batched_tokens: tuple[int, int]
    tp: tuple[int, int]
    pp: tuple[int, int]
    drafts: tuple[str, ...] = ()

    def lacking(
        self, engine: str, release: Release | None, vendor: str
    ) -> Iterator[UnmeasuredEngine | UnmeasuredVendor | UnmeasuredVersion]:
        """Yield which of an engine, its release (None: current) and a maker had no start-up."""
        if engine not in self.engines:
            yield UnmeasuredEngine(engine, None if engine in self.computed else STAND_IN)
        elif release is not None and not self.versions[0] <= release <= self.versions[1]:
            asked, least, most = (f"{a}.{b}" for a, b in (release, *self.versions))
            yield UnmeasuredVersion(asked, least, most)
        if vendor not in self.vendors:
            yield UnmeasuredVendor(vendor)


@frozen
class Held:
    """A named set of such constants, their source, and intervals of what they give.

    `intervals` are of log(measured / estimated); of `reserve_gib` in GiB of the difference.
    """

    name: str
    source: str
    seen: Seen
    constant: tuple[EngineConstant, ...]
    intervals: dict[str, Interval]

    def value(self, name: str, version: Release) -> float:
        """Return a constant as the newest release up to `version` has it.

        Raises KeyError when there is no constant of this name.
        """
        known = self._by_name[name]
        held = [each for each in known if each.since <= version] or known
        return held[-1].value

    @cached_property
    def _by_name(self) -> dict[str, list[EngineConstant]]:
        """Return the constants of each name, the oldest first."""
        found: dict[str, list[EngineConstant]] = {}
        for each in sorted(self.constant, key=lambda each: each.since):
            found.setdefault(each.name, []).append(each)
        return found


@frozen
class Releases:
    """Days of an engine's releases, like 2026-04-27, by as many numbers as they differ in."""

    source: str
    days: dict[str, str]


@frozen
class Released:
    """The releases of each engine."""

    engines: dict[str, Releases]

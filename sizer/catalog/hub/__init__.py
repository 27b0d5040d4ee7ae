"""The one door to the Hugging Face hub: asked only for what is kept nowhere, or on demand.

Comes in: ORG/MODEL, perhaps with a revision. Goes out: a snapshot of small files and the sizes of
weights. It never downloads a weight, and never sends a token to another origin.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial

from attrs import define, field

from sizer.catalog.hub import faults
from sizer.catalog.hub.cache import Cache, Corrupt
from sizer.catalog.hub.faults import HubFault
from sizer.catalog.hub.repository import Repository, repository
from sizer.catalog.hub.settings import Settings, settings
from sizer.catalog.hub.snapshot import Snapshot

Tell = Callable[[str], None]


def silent(said: str) -> None:
    """Say nothing of progress."""


@define
class Hub:
    """Snapshots of repositories: kept ones, and those that the hub sends.

    `tell` hears of every wait. What failed once is not asked for again. `tokens` are for the
    requests about one model each, by its name in lower case, in place of HF_TOKEN.
    """

    tell: Tell = silent
    settings: Settings = field(factory=settings)
    tokens: Mapping[str, str] = field(factory=dict, repr=False)
    _down: HubFault | None = field(default=None, init=False)
    _refused: dict[Repository, HubFault] = field(factory=dict, init=False)

    @property
    def cache(self) -> Cache:
        """Return where answers are kept."""
        return Cache.of(self.settings)

    def kept(self, what: Repository) -> Snapshot | None:
        """Return what is kept of a repository; a damaged entry counts as none."""
        try:
            return self.cache.get(what)
        except Corrupt as error:
            self.tell(f"the cache entry {error} is damaged; it is not used")
            return None

    def snapshot(self, what: Repository) -> Snapshot:
        """Return what is kept of a repository, or else what the hub sends.

        Raises HubFault.
        """
        return self.kept(what) or self._fetched(what, since_s=None)

    def fetch(self, what: Repository) -> Snapshot:
        """Return what the hub says now, and keep it. Raises HubFault."""
        return self._fetched(what, since_s=time.time())

    def _fetched(self, what: Repository, since_s: float | None) -> Snapshot:
        if self.settings.offline:
            raise faults.offline(what)
        if not self.settings.host:
            raise faults.nowhere()
        fault = self._down or self._refused.get(what)
        if fault is not None:
            raise fault
        with ExitStack() as held:
            try:
                waits = partial(self.tell, f"another process fetches {what}; waiting for it")
                held.enter_context(self.cache.locked(what, waits))
            except OSError as error:
                self._say_unwritable(error)
            return self._by_another(what, since_s) or self._asked(what)

    def _by_another(self, what: Repository, since_s: float | None) -> Snapshot | None:
        """Return what another process fetched while this one waited for the lock."""
        asked_s = self.cache.asked_at(what)
        fresh = since_s is None or (asked_s is not None and asked_s >= since_s)
        return self.kept(what) if fresh else None

    def _asked(self, what: Repository) -> Snapshot:
        from sizer.catalog.hub.client import Client  # noqa: PLC0415  # the network's part
        from sizer.catalog.hub.reading import read_repository  # noqa: PLC0415  # the same

        try:
            token = self.tokens.get(what.name.lower())
            snapshot = read_repository(Client(self.settings, self.tell, token), what)
        except HubFault as fault:
            self._refused[what] = fault
            self._down = fault if fault.code == faults.UNREACHABLE else None
            raise
        try:
            self.cache.put(what, snapshot)
        except OSError as error:
            self._say_unwritable(error)
        return snapshot

    def _say_unwritable(self, error: OSError) -> None:
        self.tell(f"the cache cannot be written ({error}); this answer is not kept")


__all__ = ["Hub", "HubFault", "Repository", "Snapshot", "repository", "silent"]

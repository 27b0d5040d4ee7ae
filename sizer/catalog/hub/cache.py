"""The hub's answers on this machine: one file an entry, written whole, read only if its hash holds.

hub/HOST/ORG--MODEL/COMMIT.json      a snapshot
hub/HOST/ORG--MODEL/refs/REVISION    the commit that a branch or tag meant when it was asked
hub/HOST/ORG--MODEL/renamed          the name that the repository has now, if it has another
hub/HOST/ORG--MODEL/lock             held while one process fetches, so that others wait
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from attrs import frozen

from sizer.catalog.hub.repository import Repository, is_commit, repository
from sizer.catalog.hub.settings import Settings
from sizer.catalog.hub.snapshot import Snapshot, read_stored, stored_text
from sizer.structure.files.whole_file import PART, replace_whole

HUB = "hub"
REFS = "refs"
RENAMED = "renamed"
LOCK = "lock"
ENTRY = ".json"
MOST_WAIT_S = 600.0
_UNUSUAL = re.compile(r"[^a-z0-9.-]")


class Corrupt(Exception):  # noqa: N818  # it names a state
    """An entry is not what was written; its path is the argument."""


@frozen
class Cache:
    """The entries of one hub."""

    root: Path

    @classmethod
    def of(cls, found: Settings) -> Cache:
        """Return the cache of a hub's answers."""
        return cls(found.cache / HUB / (_UNUSUAL.sub("_", found.host).strip(".") or "unnamed"))

    def knows(self, what: Repository) -> bool:
        """Return whether there is an entry, without reading it."""
        what = self._now(what)
        commit = self._commit(what)
        return commit is not None and self._entry(what, commit).is_file()

    def get(self, what: Repository) -> Snapshot | None:
        """Return the entry of a repository, None if there is none.

        Raises Corrupt for an entry that is not, to the bit, what was written.
        """
        what = self._now(what)
        commit = self._commit(what)
        if commit is None:
            return None
        path = self._entry(what, commit)
        try:
            snapshot = read_stored(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise Corrupt(str(path)) from error
        if snapshot.commit != commit or snapshot.name.lower() != what.name.lower():
            raise Corrupt(str(path))
        return snapshot

    def asked_at(self, what: Repository) -> float | None:
        """Return when the hub was last asked what a revision means, None if never; in seconds."""
        try:
            return self._reference(self._now(what)).stat().st_mtime
        except OSError:
            return None

    def put(self, what: Repository, snapshot: Snapshot) -> None:
        """Keep an answer; the entry stands before the revision points to it. Raises OSError.

        An answer of another name is kept under that name: the repository was renamed.
        """
        asked = self._folder(what)
        asked.joinpath(REFS).mkdir(parents=True, exist_ok=True)
        for part in [*asked.glob(f".*{PART}"), *asked.glob(f"{REFS}/.*{PART}")]:
            part.unlink(missing_ok=True)  # of a process that was killed: the lock is ours
        now = Repository(snapshot.name, what.revision)
        self._folder(now).joinpath(REFS).mkdir(parents=True, exist_ok=True)
        replace_whole(self._entry(now, snapshot.commit), [stored_text(snapshot)])
        for each in {now, Repository(now.name, snapshot.commit)}:
            replace_whole(self._reference(each), [snapshot.commit + "\n"])
        if now.folder == what.folder:
            asked.joinpath(RENAMED).unlink(missing_ok=True)
        else:
            replace_whole(asked / RENAMED, [now.name + "\n"])

    @contextmanager
    def locked(self, what: Repository, waits: Callable[[], object] = int) -> Iterator[None]:
        """Let one process at a time fetch a repository; a killed one leaves no lock behind.

        `waits` is called before another process is waited for. Raises OSError where the cache
        cannot be written, and after MOST_WAIT_S.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415  # only who fetches waits

        folder = self._folder(what)
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            waits()
            lock.acquire(timeout=MOST_WAIT_S)
        try:
            yield
        finally:
            lock.release()

    def _now(self, what: Repository) -> Repository:
        """Return a repository by the name that the hub last gave for it."""
        with suppress(OSError, UnicodeDecodeError):
            found = repository(self._folder(what).joinpath(RENAMED).read_text("utf-8"))
            if found is not None:
                return Repository(found.name, what.revision)
        return what

    def _folder(self, what: Repository) -> Path:
        return self.root / what.folder

    def _entry(self, what: Repository, commit: str) -> Path:
        return self._folder(what) / f"{commit}{ENTRY}"

    def _reference(self, what: Repository) -> Path:
        return self._folder(what) / REFS / what.reference

    def _commit(self, what: Repository) -> str | None:
        with suppress(OSError, UnicodeDecodeError):
            commit = self._reference(what).read_text("utf-8").strip()
            return commit if is_commit(commit) else None
        return None

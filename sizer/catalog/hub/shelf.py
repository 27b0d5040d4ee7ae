"""Everything that the cache holds, of every hub: listed, checked, cleared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from attrs import frozen

from sizer.catalog.hub.cache import ENTRY, HUB, REFS, Cache
from sizer.catalog.hub.repository import Repository, is_commit
from sizer.catalog.hub.snapshot import Snapshot, read_stored
from sizer.structure.files.whole_file import PART


@frozen
class Entry:
    """A file of the cache; `snapshot` is None where it is not, to the bit, what was written.

    `revisions` are the branches and tags that meant its commit when the hub was asked; times are
    in seconds since 1970.
    """

    path: Path
    host: str
    folder: str
    commit: str
    revisions: tuple[str, ...]
    size_bytes: int
    written_s: float
    snapshot: Snapshot | None

    @property
    def name(self) -> str:
        """Return the model's name, as well as the folder tells it for a damaged entry."""
        return self.snapshot.name if self.snapshot else self.folder.replace("--", "/", 1)


def entries(cache: Path) -> list[Entry]:
    """Return every entry below a cache's folder, by host, name and commit."""
    found = []
    for host in _folders(cache / HUB):
        for folder in _folders(host):
            meant = _meant(folder)
            found += [
                _entry(path, host.name, folder.name, meant)
                for path in sorted(folder.glob(f"*{ENTRY}"))
                if is_commit(path.stem)
            ]
    return found


def matching(found: Iterable[Entry], names: Iterable[str]) -> list[Entry]:
    """Return the entries of some models, in any case; of all without a name."""
    wanted = {name.lower() for name in names}
    return [each for each in found if not wanted or each.name.lower() in wanted]


def remove(cache: Path, gone: Iterable[Entry]) -> None:
    """Delete entries and the revisions that point to them; nothing else, whatever stands there.

    A process that fetches the same model is waited for. Raises OSError.
    """
    for each in gone:
        here = Cache(cache / HUB / each.host)
        with here.locked(Repository(each.name)):
            each.path.unlink(missing_ok=True)
            for path in each.path.parent.joinpath(REFS).glob("*"):
                if path.name.endswith(PART) or _read(path) == each.commit:
                    path.unlink(missing_ok=True)


def _entry(path: Path, host: str, folder: str, meant: dict[str, list[str]]) -> Entry:
    facts = path.stat()
    snapshot = None
    with suppress(OSError, ValueError):
        snapshot = read_stored(path.read_bytes())
        sound = snapshot.commit == path.stem and Repository(snapshot.name).folder == folder
        snapshot = snapshot if sound else None
    revisions = tuple(meant.get(path.stem, ()))
    return Entry(path, host, folder, path.stem, revisions, facts.st_size, facts.st_mtime, snapshot)


def _meant(folder: Path) -> dict[str, list[str]]:
    """Return the revisions that mean each commit, commits themselves left out."""
    from urllib.parse import unquote  # noqa: PLC0415  # only who lists

    found: dict[str, list[str]] = {}
    for path in sorted(folder.joinpath(REFS).glob("*")):
        if not path.name.startswith(".") and not is_commit(path.name):
            found.setdefault(_read(path), []).append(unquote(path.name))
    return found


def _read(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text("utf-8").strip()
    return ""


def _folders(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(each for each in path.iterdir() if each.is_dir())

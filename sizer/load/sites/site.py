"""Where a file stands, and whether another may be reached from there.

A file from a stranger reads nothing but regular files of its own repository, and packs. Who runs
sizer, and no file, may allow a wider folder.
"""

from __future__ import annotations

import os
from pathlib import Path

from attrs import frozen

from sizer.load.sites.packs import PREFIX, pack_folder, pack_names, pack_path
from sizer.structure.files.path_kind import is_folder
from sizer.structure.files.reader import DISK, Reader
from sizer.structure.nearest import did_you_mean
from sizer.structure.toml.document import Document, read_document

ALLOWED = "SIZER_ROOT"  # in the environment: a folder that counts as the repository of all in it
DEEPEST = 16
MOST_FILES = 256
Refusal = tuple[str, str, str | None]


@frozen(eq=False, repr=False)
class Site:
    """A file: its path, how messages call it, where relative names start, and its repository.

    `reader` is what it and the files that it names are read through.
    """

    path: Path
    shown: str
    folder: Path
    root: Path
    real: Path
    reader: Reader

    @classmethod
    def of(cls, file: str, folder: Path, reader: Reader = DISK) -> Site:
        """Return the site of the file that a command was given."""
        return cls(Path(file), file, folder, root_of(folder), _real(Path(file)), reader)

    def content(self) -> bytes:
        """Return the bytes of the file. Raises Problem: SZ001 or SZ004."""
        return self.reader.content(self.path)

    def document(self) -> Document:
        """Return the parsed file. Raises Problem: SZ001 to SZ004."""
        return read_document(self.path, self.reader, self.shown)


def shared_site(site: Site, name: str) -> Site:
    """Return where a name in `extends` leads, allowed or not."""
    if name.startswith(PREFIX):
        folder = pack_folder()
        path = pack_path(name) or folder / name
        return Site(path, name, folder, _real(folder), _real(path), site.reader)
    path = Path(os.path.normpath(site.folder / name))
    in_pack = site.shown.startswith(PREFIX)
    shown = f"{PREFIX}{path.stem}" if in_pack else str(path)
    return Site(path, shown, path.parent, site.root, _real(path), site.reader)


def refusal(
    found: Site, name: str, site: Site, trail: tuple[Path, ...], count: int
) -> Refusal | None:
    """Return code, message and help if a file may not be extended from a site."""
    if name.startswith(PREFIX) and pack_path(name) is None:
        near = did_you_mean(name, [PREFIX + each for each in pack_names()])
        return "SZ501", f"no pack is called {name!a}", near or f"packs: {', '.join(pack_names())}"
    return (
        outside(found, name, site) or _endless(found, name, trail, count) or _missing(found, name)
    )


def unreadable(found: Site, name: str, site: Site) -> Refusal | None:
    """Return code, message and help if a file may not be read for a site, or cannot be."""
    return outside(found, name, site) or _missing(found, name)


def outside(found: Site, name: str, site: Site) -> Refusal | None:
    """Return code, message and help if a file is not of the repository of a site."""
    if name.startswith(PREFIX):
        return None
    if Path(name).is_absolute():
        return "SZ503", f"{name!r} is an absolute path", "write it relative to this file"
    if not found.real.is_relative_to(site.root):
        help_ = f"what a profile reads lives in the same repository, or in {ALLOWED} with it"
        return "SZ503", f"{name!r} leads out of the repository", help_
    return None


def _endless(found: Site, name: str, trail: tuple[Path, ...], count: int) -> Refusal | None:
    if found.real in trail:
        return "SZ502", f"{name!r} extends itself, directly or through others", None
    if len(trail) > DEEPEST:
        return "SZ502", f"extends reaches more than {DEEPEST} files deep", None
    if count >= MOST_FILES:
        return "SZ502", f"extends reaches more than {MOST_FILES} files", None
    return None


def root_of(folder: Path) -> Path:
    """Return the repository that holds a folder, or else its parent, but never all of a disk.

    Where a wider folder is allowed that holds it, it is that one.
    """
    real = _real(folder)
    if (allowed := os.environ.get(ALLOWED)) and real.is_relative_to(wider := _real(Path(allowed))):
        return wider
    return repository_of(real) or (real if real.parent == Path(real.anchor) else real.parent)


def repository_of(folder: Path) -> Path | None:
    """Return the root of the repository that holds a folder, if any does."""
    real = _real(folder)
    return next((each for each in (real, *real.parents) if os.path.lexists(each / ".git")), None)


def real_file(shown: str) -> Path:
    """Return the file that messages call so, a pack by its name among them."""
    pack = pack_path(shown) if shown.startswith(PREFIX) else None
    return _real(pack or Path(shown))


def _missing(found: Site, name: str) -> Refusal | None:
    path = found.path
    if found.reader.is_file(path):
        return None
    if is_folder(path):
        what = "is a directory"
    else:
        what = "is not a regular file" if os.path.lexists(path) else "does not exist"
    pack = f"did you mean {PREFIX + name!r}?" if name in pack_names() else None
    return "SZ501", f"{name!r} {what}", pack or f"looked for {path}"


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))

"""Rule files that come with sizer, named `pack:NAME` in `extends`.

Their one home is the folder rules/ of the source tree, which a wheel holds as sizer/packs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

PREFIX = "pack:"
_PACKAGE = Path(__file__).resolve().parents[2]


@cache
def pack_folder() -> Path:
    """Return where the packs are, installed or in a source tree."""
    installed = _PACKAGE / "packs"
    return installed if installed.is_dir() else _PACKAGE.parent / "rules"


def pack_names() -> list[str]:
    """Return the names of all packs, in order."""
    found = pack_folder().glob("*.toml")
    return sorted(path.stem for path in found if not path.stem.endswith(".sizer-test"))


def pack_path(name: str) -> Path | None:
    """Return the file of `pack:NAME`, or None if there is no such pack."""
    stem = name.removeprefix(PREFIX)
    return pack_folder() / f"{stem}.toml" if stem in pack_names() else None

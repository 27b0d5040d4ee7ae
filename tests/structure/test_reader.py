from __future__ import annotations

from pathlib import Path

import pytest

from sizer.diagnostic import Problem
from sizer.structure.files.reader import DISK, Reader


def test_what_is_unsaved_stands_in_place_of_the_file(tmp_path: Path) -> None:
    saved, link, other = tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "c.toml"
    saved.write_bytes(b"old")
    link.symlink_to(saved)
    other.write_bytes(b"other")
    reader = Reader({str(saved): b"new"})
    assert [reader.content(each) for each in (saved, link, other)] == [b"new", b"new", b"other"]
    assert [reader.start(each, 2) for each in (saved, link, other)] == [b"ne", b"ne", b"ot"]
    assert DISK.text(saved, "a.toml") == "old"


def test_a_file_that_was_never_saved_is_a_file(tmp_path: Path) -> None:
    new = tmp_path / "new.toml"
    assert Reader({str(new): b""}).is_file(new)
    assert not DISK.is_file(new)
    assert not DISK.is_file(tmp_path / ("x" * 5000))


def test_bounds_hold_for_what_is_unsaved(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    with pytest.raises(Problem, match="SZ004"):
        Reader({str(path): b"long"}).content(path, 3)
    with pytest.raises(Problem, match="SZ002"):
        Reader({str(path): b"\xff"}).text(path, "a.toml")

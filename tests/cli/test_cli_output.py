from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sizer.cli.streams.output import write_whole
from sizer.cli.streams.streams import look
from sizer.diagnostic import Problem
from sizer.render.kit import PAGE_WIDTH


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    path.write_text("old")
    write_whole(path, ["neu é\n"])
    assert path.read_bytes() == "neu é\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_halfway_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "answer.txt"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Problem, match=r"SZ005.*no space left on device"):
        write_whole(path, ["new"])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_of_the_same_number_left_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    (tmp_path / f".answer.txt.{os.getpid()}.part").write_text("hal")
    write_whole(path, ["whole"])
    assert path.read_text() == "whole"


def test_the_old_files_mode_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    path.write_text("old")
    path.chmod(0o640)
    write_whole(path, ["new"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_keeps_pointing_to_its_file(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    write_whole(link, ["new"])
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.skipif(not Path(os.devnull).is_char_device(), reason="needs a device")
def test_a_device_is_written_and_not_replaced() -> None:
    write_whole(Path(os.devnull), ["gone"])
    assert Path(os.devnull).is_char_device()


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="this is a directory"):
        write_whole(tmp_path, ["text"])


class _Terminal:
    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError


def test_colour_needs_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert (look().width, look().colour) == (PAGE_WIDTH, False)
    monkeypatch.setattr("sys.stdout", _Terminal())
    assert (look().width, look().colour) == (PAGE_WIDTH, True)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_can_be_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setattr("sys.stdout", _Terminal())
    monkeypatch.setenv(name, value)
    assert look().colour is False

"""Several processes that write one lock: each waits for its turn, and none loses an entry."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from command_line import COMMAND, GOOD, environment
from fleet import write_fleet

from sizer.cli import main
from sizer.structure.files import folder_lock

PROCESSES = 4
HOLDS = """
import sys
from pathlib import Path
from sizer.structure.files.folder_lock import alone_in
with alone_in(Path("."), int):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_locks_at_the_same_time_lose_no_profile(tmp_path: Path) -> None:
    names = [f"{number}.toml" for number in range(PROCESSES)]
    for name in names:
        (tmp_path / name).write_text(GOOD)
    started = [
        subprocess.Popen(
            [*COMMAND, "lock", name], cwd=tmp_path, env=environment(), stderr=subprocess.PIPE
        )
        for name in names
    ]
    said = [process.communicate(timeout=60)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0] * PROCESSES, said
    data = tomllib.loads((tmp_path / "sizer.lock").read_text())
    assert [each["path"] for each in data["profile"]] == names
    left = {each.name for each in tmp_path.iterdir()}
    assert left == {*names, "sizer.lock"}


def test_who_waits_says_so_and_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(GOOD)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    waiting = subprocess.Popen(
        [*COMMAND, "lock", "p.toml"], cwd=tmp_path, env=environment(), stderr=subprocess.PIPE
    )
    assert waiting.stderr
    assert waiting.stderr.readline() == b"another `sizer` writes in .; waiting for it\n"
    assert not (tmp_path / "sizer.lock").exists()
    holder.kill()
    holder.communicate()
    waiting.communicate(timeout=60)
    assert waiting.returncode == 0


def test_a_folder_without_locks_is_said_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.chdir(write_fleet(tmp_path))
    monkeypatch.setattr(folder_lock.fcntl, "flock", refuses)
    assert main(["lock", "profiles/batch.toml"]) == 0
    assert ". cannot be held (bad file descriptor)" in capsys.readouterr().err
    assert (tmp_path / "sizer.lock").is_file()

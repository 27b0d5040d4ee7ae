"""A sweep over two nodes, of which one dies, has the same answer and leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import environment
from waiting import awaited

HERE = Path(__file__).parent
MARK = "SIZER_TWO_NODES"


@pytest.mark.slow
def test_a_node_that_is_killed_half_way_changes_no_byte(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    folder = tmp_path / "begun"
    folder.mkdir()
    paths = os.pathsep.join(map(str, (HERE, HERE.parent, HERE.parents[1])))
    around = {**environment(RAY_USAGE_STATS_ENABLED="0"), "PYTHONPATH": paths, MARK: str(tmp_path)}
    done = subprocess.run(
        [sys.executable, str(HERE / "two_nodes.py"), str(folder)],
        env=around,
        capture_output=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout.splitlines()[-1])
    begun = set(found["begun"])
    (paused,) = (each.removesuffix(".paused") for each in begun if each.endswith(".paused"))
    assert found["cluster"] == found["alone"]
    assert {f"{paused}.doomed", f"{paused}.other"} <= begun, "the lost chunk is not done again"
    assert found["left"] == 1
    awaited(lambda: not left_of(str(tmp_path)))


def left_of(mark: str) -> list[str]:
    """Return the processes that were started under a mark."""
    wanted = f"{MARK}={mark}".encode()
    return [each.name for each in Path("/proc").glob("[0-9]*") if wanted in said(each / "environ")]


def said(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it is gone, or somebody else's
        return b""

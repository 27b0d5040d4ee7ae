"""Inputs that once ended in a fault of sizer's own, and fresh ones of every kind."""

from __future__ import annotations

import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import pytest
from command_line import environment
from fuzz_limits import TooSlow, within
from fuzz_targets import TARGETS, OwnFault, command
from hypothesis import given
from hypothesis import strategies as st

RUN = Path(__file__).with_name("run.py")
KEPT = sorted(Path(__file__).with_name("kept").glob("*.txt"))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_an_input_that_once_failed_ends_well(path: Path, tmp_path: Path) -> None:
    target, value = TARGETS[path.stem.rpartition("-")[0]], literal_eval(path.read_text("ascii"))
    with within(target.limit_s(value)):
        target.run(value, tmp_path)


@pytest.mark.parametrize("kind", TARGETS)
def test_a_few_inputs_of_each_kind_end_well(kind: str) -> None:
    assert fuzzed("--kind", kind, "--examples", "10")


@pytest.mark.slow
@pytest.mark.parametrize("kind", TARGETS)
def test_many_inputs_of_each_kind_end_well(kind: str) -> None:
    assert fuzzed("--kind", kind, "--examples", "500" if kind != "trees" else "50")


def test_what_is_too_slow_is_a_fault() -> None:
    def never() -> None:
        while True:
            pass

    with pytest.raises(TooSlow), within(0.01):
        never()


def test_an_own_fault_of_a_command_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("sizer.cli.program._done", fail)
    with pytest.raises(OwnFault, match="ZeroDivisionError"):
        command("check", "p.toml")


@given(st.data())
def test_a_file_of_each_kind_is_a_name_and_bytes(data: st.DataObject) -> None:
    name, content = data.draw(TARGETS["toml"].inputs)
    assert name.endswith(".toml")
    assert isinstance(content, bytes)


def fuzzed(*arguments: str) -> str:
    """Run the harness in a process of its own, whose memory is limited; return its last line."""
    done = subprocess.run(
        [sys.executable, RUN, *arguments],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]

"""Many processes and one cache: one fetch each, nothing torn, and a killed one does no harm."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hub_server import COMMIT, LLAMA_PARAMETERS, NAME, TOKEN, FakeHub, hub_of, llama

from sizer.catalog.hub import repository
from sizer.catalog.hub.shelf import entries

RESOLVE = """
import signal, sys
from sizer.catalog.hub import Hub
from sizer.catalog.models import find_model
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
hub = Hub()
for name in sys.argv[1:]:
    print(name, find_model(name, None, hub).value.parameters)
"""


def started(server: FakeHub, cache: Path, *names: str) -> subprocess.Popen[str]:
    here = {
        "HF_ENDPOINT": server.url,
        "HF_HUB_OFFLINE": "0",
        "SIZER_CACHE_DIR": str(cache),
        "HF_TOKEN": TOKEN,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    return subprocess.Popen(
        [sys.executable, "-c", RESOLVE, *names],
        env={**os.environ, **here},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize(
    ("processes", "models"), [(3, 2), pytest.param(20, 10, marks=pytest.mark.slow)]
)
def test_processes_that_want_the_same_models_fetch_each_once(
    server: FakeHub, tmp_path: Path, processes: int, models: int
) -> None:
    names = [f"acme/small-{number}" for number in range(models)]
    server.repos = {name: llama() for name in names}
    server.delay_s = 0.02
    rotated = [[*names[n % models :], *names[: n % models]] for n in range(processes)]
    running = [started(server, tmp_path, *order) for order in rotated]
    for process, order in zip(running, rotated, strict=True):
        out, err = process.communicate(timeout=120)
        assert out.splitlines() == [f"{name} {LLAMA_PARAMETERS}" for name in order], err
    for name in names:
        assert server.count(f"/{name}/revision/") == 1
        assert server.count(f"/{name}/resolve/") == 2
    kept = entries(tmp_path)
    assert [each.name for each in kept] == sorted(names)
    assert all(each.snapshot for each in kept)
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("reached", ["/api/models/", "config.json", ".safetensors"])
def test_a_process_killed_while_it_fetches_leaves_nothing_behind(
    server: FakeHub, tmp_path: Path, reached: str
) -> None:
    server.delay_s = 0.3
    process = started(server, tmp_path, NAME)
    ends = time.monotonic() + 30
    while not server.count(reached) and time.monotonic() < ends:
        time.sleep(0.01)
    killed(process)
    assert not entries(tmp_path)
    server.delay_s = 0.0
    what = repository(NAME)
    assert what
    assert hub_of(server, tmp_path).snapshot(what).commit == COMMIT
    assert [each.name for each in entries(tmp_path)] == [NAME]


@pytest.mark.parametrize("reached", ["/api/models/", ".safetensors"])
def test_an_interrupt_is_not_kept_waiting_by_the_hub(
    server: FakeHub, tmp_path: Path, reached: str
) -> None:
    def holds(path: str) -> None:
        if reached in path:
            released.wait(60)

    released = threading.Event()
    server.faults.append(holds)
    process = started(server, tmp_path, NAME)
    ends = time.monotonic() + 30
    while not server.count(reached) and time.monotonic() < ends:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    try:
        _, err = process.communicate(timeout=20)  # an answer may take 60 s
        assert "KeyboardInterrupt" in err
    finally:
        released.set()


@pytest.mark.slow
def test_processes_killed_at_any_moment_leave_a_cache_that_holds(
    server: FakeHub, tmp_path: Path
) -> None:
    names = [f"acme/small-{number}" for number in range(30)]
    server.repos = {name: llama() for name in names}
    for round_ in range(12):
        process = started(server, tmp_path, *names)
        ends = time.monotonic() + 30
        while len(server.asked) < round_ * 7 and time.monotonic() < ends:
            time.sleep(0.002)
        time.sleep(0.003 * round_)
        killed(process)
        assert all(each.snapshot for each in entries(tmp_path))
    out, err = started(server, tmp_path, *names).communicate(timeout=120)
    assert out.splitlines() == [f"{name} {LLAMA_PARAMETERS}" for name in names], err
    assert not list(tmp_path.rglob("*.part"))


def test_what_a_killed_writer_left_is_swept_up_and_never_read(
    server: FakeHub, tmp_path: Path
) -> None:
    what = repository(NAME)
    assert what
    hub = hub_of(server, tmp_path)
    folder = hub.cache.root / what.folder
    (folder / "refs").mkdir(parents=True)
    (folder / f".{COMMIT}.json.1.part").write_text('{"digest": "sha')
    (folder / "refs" / ".main.1.part").write_text("0123")
    (folder / "refs" / "main").write_text(COMMIT)  # a reference whose entry never came
    assert hub.kept(what) is None
    assert hub.snapshot(what).commit == COMMIT
    assert not list(tmp_path.rglob("*.part"))


def test_two_hubs_with_the_same_names_are_kept_apart(server: FakeHub, tmp_path: Path) -> None:
    what = repository(NAME)
    assert what
    hub_of(server, tmp_path).snapshot(what)
    other = FakeHub({NAME: llama(commit="a" * 40)}, url="http://mirror.example")
    assert hub_of(other, tmp_path).kept(what) is None


def test_the_cache_outlives_the_repository(server: FakeHub, tmp_path: Path) -> None:
    what = repository(NAME.upper().replace("ACME", "Acme"))
    assert what
    server.repos["Acme/SMALL"] = server.repos[NAME]
    first = hub_of(server, tmp_path).snapshot(what)
    server.repos.clear()
    assert hub_of(server, tmp_path).snapshot(what) == first
    assert json.loads(first.files["config.json"])["model_type"] == "llama"

"""Locks of models that only the hub knows: processes against a hub on this machine."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import hub_process
import pytest
from attrs import evolve
from command_line import GOOD
from hub_server import COMMIT, NAME, TOKEN, FakeHub, llama, serving

PROFILE = GOOD.replace("Qwen/Qwen2.5-7B", NAME)
CLOSED = "http://127.0.0.1:9"  # nothing listens on the discard port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FakeHub]:
    pytest.importorskip("huggingface_hub")
    (tmp_path / "profile.toml").write_text(PROFILE)
    with serving(FakeHub({NAME: llama()})) as hub:
        yield hub


def ran(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    return hub_process.ran(CLOSED, folder, *arguments, **more)


def test_a_lock_answers_to_the_byte_without_a_network_and_with_an_empty_cache(
    server: FakeHub, tmp_path: Path
) -> None:
    assert ran(tmp_path, "lock", "profile.toml", HF_ENDPOINT=server.url).returncode == 0
    text = (tmp_path / "sizer.lock").read_text()
    assert tomllib.loads(text)["model"][0]["revision"] == COMMIT
    assert TOKEN not in text
    forms = ("text", "json", "markdown", "csv", "toml")
    asked = len(server.asked)
    usual = {"HF_ENDPOINT": server.url}
    before = [
        ran(tmp_path, "run", "profile.toml", "--format", form, **usual).stdout for form in forms
    ]
    assert all(before)
    alone = {"SIZER_CACHE_DIR": str(tmp_path / "empty")}
    for form, expected in zip(forms, before, strict=True):
        done = ran(tmp_path, "run", "profile.toml", "--locked", "--format", form, **alone)
        assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")
    done = ran(tmp_path, "lock", "--check", **alone)
    assert (done.returncode, done.stdout) == (0, b"")
    assert len(server.asked) == asked
    assert not (tmp_path / "empty").exists()
    assert ran(tmp_path, "run", "profile.toml", **alone).returncode == 2


def test_an_update_asks_the_hub_again(server: FakeHub, tmp_path: Path) -> None:
    online = {"HF_ENDPOINT": server.url}
    assert ran(tmp_path, "lock", "profile.toml", **online).returncode == 0
    first = (tmp_path / "sizer.lock").read_text()
    newer = llama(config={"num_hidden_layers": 4}, commit="f" * 40)
    server.repos[NAME] = evolve(newer)
    assert ran(tmp_path, "lock", **online).returncode == 0
    assert (tmp_path / "sizer.lock").read_text() == first
    assert ran(tmp_path, "update", NAME, **online).returncode == 0
    model = tomllib.loads((tmp_path / "sizer.lock").read_text())["model"][0]
    assert (model["revision"], model["facts"]["layers"][0]["count"]) == ("f" * 40, 4)
    refused = ran(tmp_path, "update")
    assert refused.returncode == 2
    assert TOKEN.encode() not in refused.stderr

"""`sizer cache`: list, verify, clear."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hub_server import COMMIT, NAME, FakeHub, hub_of, llama, serving

from sizer.catalog.hub import repository
from sizer.cli import main

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with two models, one under two names of its commit."""
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with serving(FakeHub({NAME: llama(revisions=("main", "refs/pr/1")), "acme/b": llama()})) as hub:
        door = hub_of(hub, tmp_path)
        for name in (NAME, f"{NAME}@refs/pr/1", "acme/b"):
            what = repository(name)
            assert what
            door.snapshot(what)
    monkeypatch.setenv("SIZER_CACHE_DIR", str(tmp_path))
    return tmp_path


def entry(cache: Path) -> Path:
    return next(cache.rglob(f"acme--small/{COMMIT}.json"))


@pytest.mark.usefixtures("cache")
def test_a_list_says_what_is_kept(capsys: Capture) -> None:
    assert main(["cache", "list", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["model"] for row in rows] == ["acme/b", NAME]
    assert rows[1]["revisions"] == "main refs/pr/1"
    assert rows[1]["commit"] == COMMIT
    assert rows[1]["host"].startswith("127.0.0.1_")


def test_verify_finds_the_damaged_entry(cache: Path, capsys: Capture) -> None:
    assert main(["cache", "verify"]) == 0
    assert "2 checked: none damaged" in capsys.readouterr().err
    text = entry(cache).read_text("utf-8")
    entry(cache).write_text(text.replace("llama", "lama"), "utf-8")
    assert main(["cache", "verify"]) == 1
    said = capsys.readouterr()
    assert f"{entry(cache)}: error[SZ724]" in said.out
    assert "2 checked: 1 damaged" in said.err


def test_clear_deletes_what_is_named_or_all_and_nothing_else(cache: Path, capsys: Capture) -> None:
    mine = entry(cache).parent / "notes.txt"
    mine.write_text("mine")
    assert main(["cache", "clear", "Acme/Small"]) == 0
    assert "deleted 1 entries" in capsys.readouterr().err
    assert mine.read_text() == "mine"
    assert [path.name for path in mine.parent.glob("refs/*")] == []
    assert main(["cache", "list", "--format", "csv"]) == 0
    assert [line.split(",")[0] for line in capsys.readouterr().out.splitlines()] == [
        "model",
        "acme/b",
    ]
    assert main(["cache", "clear"]) == 0
    assert not list(cache.rglob("*.json"))


def test_an_empty_cache_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("SIZER_CACHE_DIR", str(tmp_path / "none"))
    for action in ("list", "verify", "clear"):
        assert main(["cache", action]) == 0
        assert "nothing is kept" in capsys.readouterr().err

from __future__ import annotations

import io

import pytest

from sizer.cli.streams.progress import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, times_s: list[float]) -> str:
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("sizer.cli.streams.progress.monotonic", lambda: times_s[0])
    with Progress() as progress:
        for now_s in times_s[1:]:
            times_s[0] = now_s
            progress(50, 2000)
    return stream.getvalue()


def test_long_work_shows_its_share_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = drawn(monkeypatch, _Terminal(), [0.0, 1.5])
    assert "2% of 2,000 candidates" in shown
    assert shown.endswith("\r\x1b[K")


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, _Terminal(), [0.0, 0.5]) == ""


def test_a_pipe_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    with Progress() as progress:
        progress(1, 2)
    assert stream.getvalue() == ""

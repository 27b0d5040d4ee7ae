from __future__ import annotations

import io

import pytest

from sizer.cli.streams.progress import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(
    monkeypatch: pytest.MonkeyPatch,
    stream: io.StringIO,
    times_s: list[float],
    done: int = 50,
    total: int = 2000,
) -> str:
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("sizer.cli.streams.progress.monotonic", lambda: times_s[0])
    with Progress() as progress:
        for now_s in times_s[1:]:
            times_s[0] = now_s
            progress(done, total)
    return stream.getvalue()


def test_long_work_shows_its_share_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = drawn(monkeypatch, _Terminal(), [0.0, 1.5])
    assert "2% of 2,000 candidates" in shown
    assert shown.endswith("\r\x1b[K")


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, _Terminal(), [0.0, 0.5]) == ""


@pytest.mark.parametrize(
    ("done", "pace"),
    [
        (0, "[----------]   0% of 100,000,000 candidates\r"),
        (
            25_000_000,
            "[##--------]  25% of 100,000,000 candidates, 2,500,000 a second, 30 s left\r",
        ),
        (
            1_234_567,
            "[----------]   1% of 100,000,000 candidates, 120,000 a second, 13 min 20 s left",
        ),
        (10_000, "[----------]   0% of 100,000,000 candidates, 1,000 a second, 27 h 46 min left\r"),
        (100_000_000, "[##########] 100% of 100,000,000 candidates, 10,000,000 a second, 0 s left"),
    ],
)
def test_a_bar_says_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, done: int, pace: str
) -> None:
    shown = drawn(monkeypatch, _Terminal(), [0.0, 10.0], done, 100_000_000)
    assert shown.removeprefix("\r\x1b[K").startswith(pace)


def test_a_rate_is_that_of_late(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, clock = _Terminal(), [0.0]
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("sizer.cli.streams.progress.monotonic", lambda: clock[0])
    with Progress() as progress:
        for second in range(200):  # what is found done at once is no rate
            clock[0] += 1.0
            progress(1_000_000 + second, 2_000_000)
    assert ", 1 a second, " in stream.getvalue().rpartition("[")[0].rpartition("[")[2]


def test_a_log_has_a_line_ever_more_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    times_s = [0.0, *map(float, range(1, 200))]
    shown = drawn(monkeypatch, io.StringIO(), times_s, 50_000_000, 100_000_000)
    assert shown.splitlines() == [
        "50% of 100,000,000 candidates, 1,700,000 a second, 30 s left",
        "50% of 100,000,000 candidates, 560,000 a second, 1 min 30 s left",
    ]


def test_a_short_run_writes_nothing_to_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    with Progress() as progress:
        progress(1, 2)
    assert stream.getvalue() == ""

"""How far a long run is, on standard error: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import gc
import sys
from collections import deque
from time import monotonic
from types import TracebackType
from typing import Self

from attrs import define, field

PATIENCE_S = 1.0
INTERVAL_S = 0.2
MARKS = 150  # so that a rate is that of the last 30 s
QUIET_S = 30.0  # before the first line of a log; the next comes after twice as long
CLEAR_LINE = "\r\x1b[K"
BAR = 10


@define
class Progress:
    """A bar that appears after PATIENCE_S and vanishes at the end; called with done and total.

    Where standard error is no terminal, a line says the same after QUIET_S, and then ever more
    seldom.
    """

    what: str = "candidates"
    _watched: bool = field(init=False)
    _next_s: float = field(init=False)
    _quiet_s: float = field(init=False, default=QUIET_S)
    _drawn: bool = field(init=False, default=False)
    _marks: deque[tuple[float, int]] = field(init=False, factory=lambda: deque(maxlen=MARKS))

    def __enter__(self) -> Self:
        """Start the clock."""
        self._watched = sys.stderr is not None and sys.stderr.isatty()
        now_s = monotonic()
        self._marks.append((now_s, 0))
        self._next_s = now_s + (PATIENCE_S if self._watched else QUIET_S)
        return self

    def __call__(self, done: int, total: int) -> None:
        """Show that so many of `total` are done."""
        if done < total:
            gc.enable()  # a command starts without; more work follows, whose garbage would pile up
        now_s = monotonic()
        if now_s >= self._marks[-1][0] + INTERVAL_S:
            self._marks.append((now_s, done))
        if now_s < self._next_s:
            return
        said = f"{done / max(total, 1):4.0%} of {total:,} {self.what}{self._pace(done, total)}"
        if self._watched:
            self._next_s = now_s + INTERVAL_S
            self._drawn = True
            self._draw(f"{CLEAR_LINE}{_bar(done, total)} {said}")
        elif sys.stderr is not None and done < total:
            self._quiet_s *= 2
            self._next_s = now_s + self._quiet_s
            self._draw(f"{said.strip()}\n")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the bar."""
        if self._drawn:
            self._draw(CLEAR_LINE)

    def _pace(self, done: int, total: int) -> str:
        """Return the rate of late and the time left by it; nothing before anything is done."""
        (before_s, before), (now_s, _) = self._marks[0], self._marks[-1]
        rate = (done - before) / (now_s - before_s) if now_s > before_s else 0.0
        if not rate:
            return ""
        return f", {float(f'{rate:.2g}'):,.0f} a second, {_lasting((total - done) / rate)} left"

    def _draw(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _bar(done: int, total: int) -> str:
    full = BAR * done // max(total, 1)
    return f"[{'#' * full}{'-' * (BAR - full)}]"


def _lasting(seconds: float) -> str:
    """Return a time in its two largest units."""
    minutes, rest = divmod(round(seconds), 60)
    hours, left = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {left} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"

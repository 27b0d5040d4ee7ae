"""How far a long run is, on standard error, if that is a terminal."""

from __future__ import annotations

import gc
import sys
from time import monotonic
from types import TracebackType
from typing import Self

from attrs import define, field

PATIENCE_S = 1.0
INTERVAL_S = 0.2
CLEAR_LINE = "\r\x1b[K"


@define
class Progress:
    """A line that appears after PATIENCE_S and vanishes at the end; called with done and total."""

    what: str = "candidates"
    _watched: bool = field(init=False)
    _next_s: float = field(init=False)
    _drawn: bool = field(init=False, default=False)

    def __enter__(self) -> Self:
        """Start the clock."""
        self._watched = sys.stderr is not None and sys.stderr.isatty()
        self._next_s = monotonic() + PATIENCE_S
        return self

    def __call__(self, done: int, total: int) -> None:
        """Show that so many of `total` are done."""
        if done < total:
            gc.enable()  # a command starts without; more work follows, whose garbage would pile up
        if not self._watched or monotonic() < self._next_s:
            return
        self._next_s = monotonic() + INTERVAL_S
        self._drawn = True
        self._draw(f"{CLEAR_LINE}{done / max(total, 1):4.0%} of {total:,} {self.what}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the line."""
        if self._drawn:
            self._draw(CLEAR_LINE)

    def _draw(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()

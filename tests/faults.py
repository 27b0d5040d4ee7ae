"""What a call finds wrong, and the characters that a finding stands at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sizer.diagnostic import Diagnostic, Problem
from sizer.load import load


def faults(path: Path, reads: Callable[[Path], object] = load) -> list[Diagnostic]:
    """Return every fault of a file that cannot be read."""
    with pytest.raises(Problem) as caught:
        reads(path)
    return list(caught.value.diagnostics)


def excerpt(found: Diagnostic) -> str:
    """Return the characters above the carets."""
    place = found.place
    assert place
    assert place.excerpt is not None
    assert place.column
    return place.excerpt[place.column - 1 : place.column - 1 + place.width]

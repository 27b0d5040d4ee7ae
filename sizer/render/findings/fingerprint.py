"""What makes a finding the same one after other lines of its file have moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from sizer.diagnostic import Checked, Diagnostic


def fingerprints(checked: Checked) -> Iterator[str]:
    """Yield one for each finding: of its code, file, message and source line, not of its number.

    One with a subject is known by its code and that alone, whatever figures its message has.
    Findings that agree in all of that are told apart by their order.
    """
    seen: Counter[str] = Counter()
    for each in checked.found:
        identity = _identity(each)
        seen[identity] += 1
        yield sha256(f"{identity}\n{seen[identity]}".encode()).hexdigest()


def _identity(found: Diagnostic) -> str:
    if found.subject is not None:
        return f"{found.code}\n{found.subject}"
    place = found.place
    file = place.file if place else ""
    line = " ".join((place.excerpt or "").split()) if place else ""
    return f"{found.code}\n{file}\n{found.message}\n{line}"

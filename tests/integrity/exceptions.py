"""Holding a check: offenders that nobody excepted, and exceptions that nobody needs any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from integrity.catalog import Offences, data

Check = Callable[[], Offences]


def offenders(check: Check) -> dict[str, str]:
    """Return what is wrong by entry, exceptions included."""
    found: dict[str, list[str]] = {}
    for entry, said in check():
        found.setdefault(entry, []).append(said)
    return {entry: "; ".join(said) for entry, said in found.items()}


def complaints(check: Check) -> list[str]:
    """Return offenders that nobody excepted, and exceptions that nobody needs, a line each."""
    found, excepted = offenders(check), exceptions().get(check.__name__, {})
    new = [f"{entry}: {said}" for entry, said in found.items() if entry not in excepted]
    needless = [f"{entry}: needs no exception" for entry in excepted if entry not in found]
    return new + needless


@cache
def exceptions() -> Mapping[str, Mapping[str, str]]:
    """Return {check: {entry: reason}}."""
    return data("exceptions")

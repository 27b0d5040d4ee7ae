"""The pages of the diagnostic codes: why, what is bad, what is good."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from attrs import frozen

from sizer.structure.facts import read_facts


@frozen
class Page:
    """What `sizer explain CODE` shows; `where` says whether checking or only a run finds it."""

    code: str
    title: str
    why: str
    bad: str
    good: str
    where: Literal["file", "run"] = "file"


@frozen
class _Pages:
    page: tuple[Page, ...]


def page(code: str) -> Page | None:
    """Return the page of a code, in any case; None if there is no such code."""
    return _pages().get(code.upper())


def codes() -> tuple[str, ...]:
    """Return every code, in order."""
    return tuple(_pages())


@cache
def _pages() -> Mapping[str, Page]:
    text = Path(__file__).with_name("codes.toml").read_text("utf-8")
    return {each.code: each for each in read_facts(text, _Pages).page}

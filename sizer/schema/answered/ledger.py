"""The memory of one candidate, line by line."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sizer.schema.answered.report import Value
from sizer.schema.facts.unmeasured import Unmeasured


@frozen
class Factor:
    """A number of a product, with its unit if it has one."""

    value: float
    unit: str = ""


Product = tuple[Factor, ...]


@frozen
class Entry:
    """A line: what, and how much.

    Where it is computed from a few numbers, `terms` are the products that come to it together.
    Blocks of the cache have a size in tokens; those of a window are for a span of tokens.
    """

    name: str
    value: float
    terms: tuple[Product, ...] = ()
    unit: str = "GiB"
    block_tokens: int | None = None
    span_tokens: int | None = None


@frozen
class Section:
    """Lines that make up the metric `total`; `low` and `high` are its bounds, None without any."""

    total: str
    entries: tuple[Entry, ...]
    value: Value
    unit: str = "GiB"
    low: Value = None
    high: Value = None


@frozen
class Constants:
    """Where the constants of memory come from."""

    source: str
    kind: Literal["constants"] = "constants"


Note = Constants | Unmeasured


@frozen
class Ledger:
    """Sections of a candidate; `notes` say where the estimate leaves what was measured."""

    candidate: str
    settings: tuple[tuple[str, Value], ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]

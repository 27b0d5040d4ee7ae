"""What is wrong with the percentiles of a load's lengths, beyond the shape of each value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from sizer.diagnostic import Diagnostic
from sizer.schema.asked.lengths import WIDEST, log_normal, share_below
from sizer.structure.shape.faults import VALUE
from sizer.structure.toml.document import Document

FORM = "write two or more, like { p50 = 800, p90 = 3000 }"


def length_faults(document: Document, table: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Yield every fault of the percentiles in a document's `[workload]`."""
    for name in ("input_tokens", "output_tokens"):
        given = table.get(f"{name}_percentiles")
        if isinstance(given, dict):
            yield from _excluded(document, table, name)
            yield from _faults(document, f"{name}_percentiles", given)


def _excluded(document: Document, table: Mapping[str, Any], name: str) -> Iterator[Diagnostic]:
    for other in (name, f"{name}_spread"):
        if other in table:
            place = document.place(("workload", other), key=True)
            said = f"{name}_percentiles excludes {other}"
            yield Diagnostic(VALUE, said, place, "give percentiles, or a mean and a spread")


def _faults(document: Document, key: str, given: Mapping[str, Any]) -> Iterator[Diagnostic]:
    unnamed = [name for name in given if share_below(name) is None]
    for name in unnamed:
        place = document.place(("workload", key, name), key=True)
        help_ = "percentiles are above 0 and below 100, like p50 or, in quotes, 'p99.9'"
        yield Diagnostic(VALUE, f"{name!a} is no percentile", place, help_)
    named = {share: name for name in given if (share := share_below(name)) is not None}
    sound = all(type(tokens) is int and tokens > 0 for tokens in given.values())
    if unnamed or not sound:
        return
    if len(named) < 2:
        place = document.place(("workload", key))
        said = f"{key} has {len(given) or 'no'} percentile, of two that it needs"
        yield Diagnostic(VALUE, said, place, FORM)
        return
    falling = list(_falling(document, key, given, [name for _, name in sorted(named.items())]))
    yield from falling or _too_wide(document, key, given)


def _falling(
    document: Document, key: str, given: Mapping[str, int], names: list[str]
) -> Iterator[Diagnostic]:
    for lower, higher in pairwise(names):
        if given[higher] < given[lower]:
            place = document.place(("workload", key, higher))
            said = f"{higher} = {given[higher]} is below {lower} = {given[lower]}"
            yield Diagnostic(VALUE, said, place, "a higher percentile is no shorter length")


def _too_wide(document: Document, key: str, given: Mapping[str, int]) -> Iterator[Diagnostic]:
    _, spread = log_normal(given)
    if spread > WIDEST:
        place = document.place(("workload", key))
        said = (
            f"{key}: a log-normal distribution through them has a standard deviation "
            f"of {spread:.3g} times its mean, above {WIDEST:g}"
        )
        yield Diagnostic(VALUE, said, place, "split the load, or name a mean and a spread")

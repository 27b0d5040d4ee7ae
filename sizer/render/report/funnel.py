"""The funnel in words: its table, and beside it what is missing and what is too much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from sizer.render.kit.phrases import overload
from sizer.schema.answered.report import FunnelStage, Lacking

HEADINGS = ("condition", "given", "removed", "unknown", "left")
MOST_GPUS = 4  # that a line names for one fact; JSON has all
_FACTS: Mapping[str, str] = MappingProxyType(
    {
        "link": "no link speed for",
        "node_link": "no link speed between servers for",
        "bandwidth": "no memory bandwidth for",
        "peak": "no peak rate for",
        "power": "no thermal design power for",
        "host_power": "no power of a server beside its accelerators for",
        "usd_per_kwh": "no `energy.usd_per_kwh` for",
        "gco2_per_kwh": "no `energy.gco2_per_kwh` for",
        "timing": "no times with these settings of the engine on",
        "overload": "overloaded, so without times:",
        "memory": "no room for a request, so no times:",
        "value": "no value, as where it divides by zero, for",
    }
)


def funnel(
    sieves: Sequence[FunnelStage], mark: Callable[[str], str] = str
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return headings and rows of the funnel; `mark` dresses a condition.

    What is waived has a column where there is any.
    """
    waived = any(sieve.waived for sieve in sieves)
    headings = (*HEADINGS, "waived") if waived else HEADINGS
    return headings, [_row(sieve, mark)[: len(headings)] for sieve in sieves]


def _row(sieve: FunnelStage, mark: Callable[[str], str]) -> tuple[str, ...]:
    counts = (sieve.given, sieve.removed, sieve.unknown, sieve.left, sieve.waived)
    name = mark(sieve.label) + ("" if sieve.kind == "where" else f" ({sieve.kind})")
    return (name, *(f"{count:,}" for count in counts))


def behind(sieves: Sequence[FunnelStage]) -> Iterator[tuple[str, str]]:
    """Yield what the counts of a funnel do not say, each a label and a line."""
    for sieve in sieves:
        if sieve.unknown:
            causes = "; ".join(_causes(sieve.lacking))
            yield "unknown", f"{sieve.unknown:,} by {sieve.label}: {causes}"
    for sieve in sieves:
        if sieve.overload:
            yield "overloaded", overload(sieve.overload, "the nearest", "at least ")


def _causes(lacking: Iterable[Lacking]) -> Iterator[str]:
    for fact, found in groupby(sorted(lacking, key=lambda each: each.fact), lambda each: each.fact):
        named = sorted(found, key=lambda each: (-each.candidates, each.gpu))
        shown = [f"{each.gpu} ({each.candidates:,})" for each in named[:MOST_GPUS]]
        rest = named[MOST_GPUS:]
        more = f" and {len(rest):,} more ({sum(each.candidates for each in rest):,})"
        said = ", ".join(shown) + (more if rest else "")
        yield f"{_FACTS.get(fact, f'no {fact} for')} {said}"

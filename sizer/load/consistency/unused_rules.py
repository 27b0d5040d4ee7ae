"""Rules of a profile that apply to none of its own candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sizer.diagnostic import Diagnostic, Place
from sizer.expr.check import Draft
from sizer.expr.language import shown
from sizer.expr.partial_rows import Row, holds_for_none
from sizer.load.consistency.conditions import Clause, Locate
from sizer.load.consistency.conflicts import IDLE
from sizer.load.names.candidate_facts import CandidateFacts
from sizer.schema.asked.profile import Profile

MOST_LISTED = 5
MOST_TRIED = 10_000  # rows of all rules


def for_no_candidate(
    draft: Draft, own: Iterable[Clause], profile: Profile, folder: Path, locate: Locate
) -> Iterator[Diagnostic]:
    """Yield SZ207 for each of a profile's own rules whose `when` none of its candidates meets.

    All of `own` have a `when`. Of very many, the first are looked at.
    """
    known, left = CandidateFacts(profile, folder), MOST_TRIED
    for each in own:
        when = draft.rules[int(each.keys[1])].when
        if when is None or when.switches or not each.applies:
            continue
        rows, limits = known.rows(when.names), known.limits
        left -= len(rows)
        if left < 0:
            return
        if rows and holds_for_none(when, each.applies, rows, limits):
            yield _idle(each, locate(each.when), _values(when.names, rows, limits))


def _idle(each: Clause, place: Place | None, help_: str) -> Diagnostic:
    said = f"{each.name} never applies: no candidate of this profile meets its `when`"
    return Diagnostic(IDLE, said, place, help_, "warning")


def _values(names: frozenset[str], rows: Sequence[Row], limits: Mapping[str, float]) -> str:
    """Return what the profile says of the metrics that a condition reads."""
    said = []
    for name in sorted(names):
        values = dict.fromkeys(shown(row[name]) for row in rows if row.get(name) is not None)
        if values:
            more = [*list(values)[:MOST_LISTED], *(["..."] if len(values) > MOST_LISTED else [])]
            said.append(f"{name} is {', '.join(more)}")
        elif name in limits:
            said.append(f"{name} is at most {shown(limits[name])}")
    return f"here {'; '.join(said)}"

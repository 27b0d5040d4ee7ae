"""Where a condition can hold: a union of boxes over the terms that it compares with constants.

A box says for some terms which values they have there; a region never leaves out a candidate for
which the condition holds, so an empty one proves that there is none. Two terms that depend on each
other count as free, so an overlap proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from sizer.expr.language.glob import Pattern

# An interval: its lowest value, whether that is left out, its highest, whether that is left out.
Interval = tuple[float, bool, float, bool]
# Texts or truth values: those that are allowed, None for any, and those (or patterns) that are not.
Values = tuple[frozenset[object] | None, frozenset[object]]
Box = Mapping[str, Interval | Values]
Region = tuple[Box, ...]

EVERYWHERE: Region = ({},)
NOWHERE: Region = ()
MOST_BOXES = 64


def within(term: str, values: Interval | Values) -> Region:
    """Return where a term has one of some values."""
    return ({term: values},) if _possible(values) else NOWHERE


def either(regions: Iterable[Region]) -> Region:
    """Return the union; everywhere when it has too many parts to tell."""
    boxes = tuple(box for region in regions for box in region)
    return EVERYWHERE if {} in boxes or len(boxes) > MOST_BOXES else boxes


def both(regions: Iterable[Region]) -> Region:
    """Return the intersection; what has too many parts to tell is left out of it."""
    met = EVERYWHERE
    for region in regions:
        if len(met) * len(region) <= MOST_BOXES:
            pairs = (_met(left, right) for left, right in product(met, region))
            met = tuple(box for box in pairs if box is not None)
    return met


def _met(left: Box, right: Box) -> Box | None:
    met = dict(left)
    for term, values in right.items():
        shared = _shared(met[term], values) if term in met else values
        if not _possible(shared):
            return None
        met[term] = shared
    return met


def _shared(left: Interval | Values, right: Interval | Values) -> Interval | Values:
    if len(left) == 4 and len(right) == 4:
        low, low_open = max(left[:2], right[:2])
        high, high_closed = min((left[2], not left[3]), (right[2], not right[3]))
        return low, low_open, high, not high_closed
    if len(left) == 2 and len(right) == 2:
        known = [allowed for allowed in (left[0], right[0]) if allowed is not None]
        return (frozenset.intersection(*known) if known else None), left[1] | right[1]
    return left  # one term has one type, so there is nothing else


def _possible(values: Interval | Values) -> bool:
    if len(values) == 4:
        low, low_open, high, high_open = values
        return low < high or (low == high and not low_open and not high_open)
    allowed, refused = values
    patterns = [each for each in refused if isinstance(each, Pattern)]
    if allowed is None:
        return not any(each.others in refused for each in patterns)
    left = allowed - refused
    return any(not any(each.leaves_out(text) for each in patterns) for text in left)

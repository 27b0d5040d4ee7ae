"""One metric moved until a condition turns, by trying values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import ceil, floor, isfinite

from attrs import frozen

from sizer.expr.language.cell import Cell
from sizer.expr.language.glob import example, is_like
from sizer.expr.regions.comparison import least_of, most_of
from sizer.schema.answered.decision import Change, Relation
from sizer.schema.metrics import Metric

Turns = Callable[[Cell], bool]
_SIGNS = (-1, 1)
_SHARES = tuple(  # of the present value
    sign * 10 ** (exponent / 5) for sign in _SIGNS for exponent in range(-30, 31)
)
_MAGNITUDES = tuple(sign * 10.0**exponent for sign in _SIGNS for exponent in range(-9, 16))
_HALVINGS = 2_200  # from the largest number to the last digit of the smallest: powers of 2 between
_DIGITS = 12
_BESIDE = 1e-9  # a share that is past any rounding to _DIGITS
_OTHER = "\0"  # no text of a profile


@frozen
class Thresholds:
    """The numbers, texts and patterns that a condition compares a candidate with."""

    numbers: tuple[float, ...]
    texts: tuple[str, ...]
    patterns: tuple[str, ...] = ()


@frozen
class Move:
    """A change, and a value of the metric with which the condition was seen to turn."""

    change: Change
    value: Cell


def moved(metric: Metric, now: Cell, landmarks: Thresholds, turns: Turns) -> Move | None:
    """Return the smallest move of a metric that turns a condition, None if no value does.

    `turns` says whether it does with a value in the place of `now`.
    """
    if metric.kind == "text":
        return _text(metric, now, landmarks, turns)
    tried = (True, False) if metric.kind == "bool" else _numbers(metric, now, landmarks.numbers)
    passing = [value for value in tried if turns(value)]
    if not passing:
        return None
    if now is None:
        return Move(Change(metric.name, None, "known", None), passing[0])
    if isinstance(now, str | bool):
        return Move(Change(metric.name, now, "exactly", passing[0]), passing[0])
    nearest = min(passing, key=lambda value: abs(value - now))
    if metric.whole:
        needed = _narrowed_whole(nearest, now, turns)
    else:
        needed = _rounded(_narrowed(nearest, now, turns), now, landmarks.numbers)
    return _number(metric, now, needed, nearest, turns)


def _text(metric: Metric, now: Cell, landmarks: Thresholds, turns: Turns) -> Move | None:
    words = tuple(dict.fromkeys((*metric.members, *landmarks.texts)))
    passing = tuple(word for word in words if turns(word))
    patterns = {} if metric.members else {each: example(each) for each in landmarks.patterns}
    like = tuple(each for each, text in patterns.items() if turns(text))
    others = not metric.members and turns(_OTHER)
    values = [*passing, *(patterns[each] for each in like), *([_OTHER] if others else [])]
    if not values:
        return None
    if now is None:
        return Move(Change(metric.name, None, "known", None), values[0])
    if others:
        globs = [each for each in patterns if each not in like]
        failing = (word for word in words if word not in passing and not _is_any(word, globs))
        return Move(Change(metric.name, now, "none of", (*failing, *globs)), values[-1])
    if passing:
        return Move(Change(metric.name, now, "one of", passing), values[0])
    return Move(Change(metric.name, now, "like", like), values[0])


def _is_any(word: str, globs: Sequence[str]) -> bool:
    return any(is_like(word, each) for each in globs)


def _number(metric: Metric, now: float, needed: float, nearest: float, turns: Turns) -> Move:
    """Return the move to an edge; `nearest` lies at or beyond it."""
    more = nearest > now
    step = 1.0 if metric.whole else _step(needed, now)
    beyond = needed + (step if more else -step)
    relation: Relation
    if not turns(needed):
        relation = "above" if more else "below"
    elif not turns(beyond):
        relation = "exactly"
    else:
        relation = "at least" if more else "at most"
    value = next(filter(turns, (needed, beyond, nearest)))
    return Move(Change(metric.name, now, relation, needed), value)


def _step(edge: float, now: float) -> float:
    """Return what is past any rounding of numbers of such sizes, and nothing beside them."""
    return _BESIDE * max(abs(edge), abs(now), _BESIDE)


def _rounded(edge: float, now: float, landmarks: Sequence[float]) -> float:
    """Return an edge without the last digits of its search: a landmark if it is at one."""
    close = _step(edge, now)
    at = [mark for mark in landmarks if abs(mark - edge) <= close]
    return at[0] if at else float(f"{edge:.{_DIGITS}g}")


def _narrowed(passing: float, failing: float, turns: Turns) -> float:
    """Return the last value that turns the condition on the way to one that does not."""
    for _ in range(_HALVINGS):
        middle = (passing + failing) / 2
        if middle in {passing, failing}:
            break
        if turns(middle):
            passing = middle
        else:
            failing = middle
    return passing


def _narrowed_whole(passing: float, failing: float, turns: Turns) -> float:
    """Return the same for a count: a whole number."""
    for _ in range(_HALVINGS):
        middle = float((int(passing) + int(failing)) // 2)
        if middle in {passing, failing}:
            break
        if turns(middle):
            passing = middle
        else:
            failing = middle
    return passing


def _numbers(metric: Metric, now: Cell, landmarks: Sequence[float]) -> list[float]:
    """Return numbers that a metric can be: what is compared, what lies between, and steps away."""
    marks = sorted(set(landmarks))
    found = {*marks, *((low + high) / 2 for low, high in pairwise(marks))}
    if isinstance(now, float):
        scale = abs(now) or max((abs(mark) for mark in marks if mark), default=1.0)
        found |= {now + share * scale for share in _SHARES}
    else:
        found.update(_MAGNITUDES)
    finite = (value for value in found if isfinite(value))
    if metric.whole:
        found = {float(end(value)) for value in finite for end in (floor, ceil)}
    else:
        found = set(finite)
    return sorted(value for value in found if least_of(metric) <= value <= most_of(metric))

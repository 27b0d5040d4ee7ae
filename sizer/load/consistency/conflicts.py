"""What is wrong with conditions together: never true, never false, against each other, covered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product

from sizer.diagnostic import SEVERITIES, Diagnostic, Place, Related, Severity
from sizer.expr.regions import both
from sizer.expr.text import CONSTANT
from sizer.load.consistency.conditions import Clause, Locate
from sizer.structure.toml.path import Path as Keys

IDLE = "SZ207"
AGAINST = "SZ208"
COVERED = "SZ209"
MOST_COMPARED = 200
LONGEST_TEXT = 80
CHOOSE = "loosen one of them, or let one apply only `when` the other does not"
Characters = tuple[int, int]


def conflicts(
    conditions: Sequence[Clause], locate: Locate, same_file: Callable[[Keys, Keys], bool]
) -> Iterator[Diagnostic]:
    """Yield what a question's conditions show; of very many, the first are held together.

    SZ206 always the same, SZ207 never applies, SZ208 contradict, SZ209 covered by another.
    """
    for each in conditions:
        if not each.switched:
            yield from _alone(each, locate)
    sound = [each for each in conditions if each.sound][:MOST_COMPARED]
    covers: dict[int, list[Clause]] = {}
    for first, second in _related(sound):
        if _contradict(first, second):
            yield _against(first, second, locate)
        elif _covers(first, second) and (first.is_rule and second.is_rule):
            covers.setdefault(id(second), []).append(first)
        elif _covers(second, first) and same_file(first.keys, second.keys):
            covers.setdefault(id(first), []).append(second)
    for weak in sound:
        found = covers.get(id(weak), ())
        free = (each for each in found if id(each) not in covers)  # one that decides itself
        if found:
            yield _covered(weak, next(free, found[0]), locate)


def _related(conditions: Sequence[Clause]) -> Iterator[tuple[Clause, Clause]]:
    """Yield each two conditions that compare the same with constants."""
    terms = {id(each): each.terms for each in conditions}
    for first, second in combinations(conditions, 2):
        if terms[id(first)] & terms[id(second)]:
            yield first, second


def _alone(each: Clause, locate: Locate) -> Iterator[Diagnostic]:
    if not each.applies:
        place = locate(each.when)
        said = f"{each.name} never applies: no candidate meets its `when`"
        yield Diagnostic(IDLE, said, place, "remove the rule, or correct the bounds", "warning")
    elif each.conditional and not each.idle:
        place = locate(each.when)
        yield _constant("this is never false", place, "without `when` a rule applies everywhere")
    if not each.holds:
        said = "this is never true, so nothing passes"
        yield _constant(said, locate(each.keys), "correct the bounds")
    elif not each.fails:
        help_ = "remove it; that a value is known is asked by `is_known(x)`"
        yield _constant("this is never false", locate(each.keys), help_)
    elif each.applies and not both((each.applies, each.fails)):
        yield _constant("this is never false where `when` holds", locate(each.keys), "remove it")


def _constant(said: str, place: Place | None, help_: str) -> Diagnostic:
    return Diagnostic(CONSTANT, said, place, help_, "warning")


def _against(first: Clause, second: Clause, locate: Locate) -> Diagnostic:
    fatal = first.level == second.level == "error"
    unconditional = not first.conditional and not second.conditional
    severity: Severity = "error" if fatal and unconditional else "warning"
    ours, theirs = _opposed(first, second)
    said = f"{second.name} and {first.name} cannot both hold"
    here, there = locate(second.keys, theirs), locate(first.keys, ours)
    related = (Related(f"`{_shown(first, ours)}` of {first.name}", there),) if there else ()
    said += f": `{_shown(second, theirs)}` against `{_shown(first, ours)}`"
    return Diagnostic(AGAINST, said, here, CHOOSE, severity, related=related)


def _opposed(first: Clause, second: Clause) -> tuple[Characters | None, Characters | None]:
    """Return which parts of two conditions exclude each other; None for the whole of both."""
    together = both((first.applies, second.applies))
    for (ours, here), (theirs, there) in product(first.parts, second.parts):
        if not both((together, here, there)):
            return ours, theirs
    return None, None


def _shown(each: Clause, characters: Characters | None) -> str:
    text = each.text if characters is None else each.text[slice(*characters)]
    said = " ".join(text.split())
    return said if len(said) <= LONGEST_TEXT else f"{said[: LONGEST_TEXT - 3]}..."


def _contradict(first: Clause, second: Clause) -> bool:
    """Return whether both apply to a candidate that neither refuses alone, and none passes both.

    Rules that apply to kinds of candidates which merely overlap may split them between each other.
    """
    if "info" in {first.level, second.level}:
        return False
    together = both((first.applies, second.applies))
    if not together or both((together, first.holds, second.holds)):
        return False
    if not both((together, first.holds)) or not both((together, second.holds)):
        return False
    return _wherever(first, second) or _wherever(second, first)


def _covers(strict: Clause, weak: Clause) -> bool:
    """Return whether a condition never decides because another, no milder, holds only within it."""
    if SEVERITIES.index(strict.level) > SEVERITIES.index(weak.level):
        return False
    if not weak.reads <= strict.reads or not _wherever(weak, strict):
        return False
    return not both((weak.applies, strict.holds, weak.fails))


def _wherever(one: Clause, other: Clause) -> bool:
    """Return whether one applies nowhere but where the other does."""
    return not both((one.applies, other.idle))


def _covered(weak: Clause, strict: Clause, locate: Locate) -> Diagnostic:
    said = f"{weak.name} never decides: it holds wherever {strict.name} does"
    return Diagnostic(COVERED, said, locate(weak.keys), _other(strict, locate), "warning")


def _other(other: Clause, locate: Locate) -> str | None:
    place = locate(other.keys)
    return f"{other.name} at {place.file}:{place.line}: {_shown(other, None)}" if place else None

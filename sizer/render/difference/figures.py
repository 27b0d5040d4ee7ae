"""Figures of a change: each headline metric before and after."""

from __future__ import annotations

from attrs import frozen

from sizer.render.kit.figures import figure, measured
from sizer.schema.answered.difference import Change, Difference
from sizer.schema.answered.lock import LockedAnswer, LockedFinding

NOTHING = "no candidate"
ABSENT = "not asked for"
BROKEN = "cannot be answered"


@frozen
class Delta:
    """A metric that differs; `share` is relative to what was, None where that is unknown or 0."""

    metric: str
    before: float | None
    after: float | None

    @property
    def share(self) -> float | None:
        """How much more it is, as a share of what it was."""
        if self.before is None or self.after is None or not self.before:
            return None
        return self.after / self.before - 1

    @property
    def words(self) -> str:
        """Both values with the unit, and the change in per cent."""
        if self.share is None:
            return f"{figure(self.before)} -> {self._after}"
        return f"{figure(self.before)} -> {self._after} ({100 * self.share:+.3g} %)"

    @property
    def _after(self) -> str:
        return measured(self.metric, {self.metric: self.after})


def deltas(change: Change) -> list[Delta]:
    """Return every headline metric that differs between two choices."""
    if change.before is None or change.after is None:
        return []
    if change.before.candidate is None or change.after.candidate is None:
        return []
    was, now = change.before.metrics, change.after.metrics
    pairs = (Delta(name, was.get(name), now.get(name)) for name in {**was, **now})
    return [each for each in pairs if each.before != each.after]


def choice(answer: LockedAnswer | None) -> str:
    """Return what was recommended."""
    return ABSENT if answer is None else answer.candidate or NOTHING


def choices(change: Change) -> tuple[str, str]:
    """Return what was recommended and what is."""
    after = BROKEN if change.kind == "broken" else choice(change.after)
    return choice(change.before), after


def finding(each: LockedFinding) -> str:
    """Return a rule that does not hold, with its level."""
    outcome = " (unknown)" if each.outcome == "unknown" else ""
    by = f" ({each.waiver})" if each.waiver else ""
    return f"{each.level} {each.rule}{outcome}{by}"


def headline(difference: Difference) -> str:
    """Return how many answers changed."""
    changed = len(difference.changes)
    total = changed + difference.unchanged
    noun = "answer" if total == 1 else "answers"
    return f"{changed or 'none'} of {total} {noun} changed"

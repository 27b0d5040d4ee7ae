"""Why an answer changed: each part that differs is exchanged alone, in both directions.

A part is a cause when the first state with the second's part answers otherwise than the first, or
the second with the first's answers otherwise than the second. Parts that only together change the
answer are all causes. The estimator cannot be exchanged: it is a cause when the recorded answer is
not what today's gives from the same setup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import Factory, field, frozen

from sizer.diff.case import Case
from sizer.diff.components import COMPONENTS, Component
from sizer.diff.setup import Answers, Setup, answers
from sizer.schema.answered.difference import (
    Cause,
    CauseKind,
    Detail,
    FileChange,
    Presence,
    SourceChange,
)
from sizer.schema.answered.lock import LockedAnswer

Aspect = Callable[[LockedAnswer | None], Any]
_BY_HASH: Mapping[str, CauseKind] = {
    "profile": "profile",
    "rules": "rules",
    "prices": "price",
    "traffic": "workload",
    "model": "model facts",
    "accelerator": "accelerator facts",
    "price": "price",
}


def candidate(answer: LockedAnswer | None) -> Any:
    """Return what was recommended."""
    return None if answer is None else answer.candidate


def content(answer: LockedAnswer | None) -> Any:
    """Return what counts of an answer: not how many candidates there were."""
    return answer and (answer.candidate, answer.metrics, answer.findings)


@frozen(eq=False)
class Trial:
    """Two setups with the answers of every mixture that was asked for, each made once."""

    before: Setup
    after: Setup
    parts: tuple[tuple[Component, Cause], ...]
    made: dict[tuple[int, bool], Answers] = field(default=Factory(dict))

    @classmethod
    def of(cls, before: Setup, after: Setup) -> Trial:
        """Return the trial of two setups, with the parts in which they differ."""
        found = ((each, tuple(each.differences(before, after))) for each in COMPONENTS)
        parts = tuple((each, Cause(each.kind, details)) for each, details in found if details)
        return cls(before, after, parts)

    def base(self, *, later: bool) -> Answers:
        """Return the answers of one side as it is."""
        first, second = self._sides(later=later)
        return self._once((-1, later), lambda: answers(first, second))

    def mixed(self, part: int, *, later: bool) -> Answers:
        """Return the answers of one side with one part of the other."""
        first, second = self._sides(later=later)
        component = self.parts[part][0]
        return self._once(
            (part, later), lambda: answers(component.exchanged(first, second), second)
        )

    def causes(self, model: str, aspect: Aspect) -> tuple[Cause, ...]:
        """Return what makes an aspect of a model's answer another one."""
        bases = [aspect(self.base(later=later).get(model)) for later in (False, True)]
        if bases[0] == bases[1]:
            return ()
        if len(self.parts) == 1:
            return (self.parts[0][1],)
        alone = tuple(
            cause
            for number, (_, cause) in enumerate(self.parts)
            if any(
                aspect(self.mixed(number, later=later).get(model)) != bases[later]
                for later in (False, True)
            )
        )
        return alone or tuple(cause for _, cause in self.parts)

    def _sides(self, *, later: bool) -> tuple[Setup, Setup]:
        return (self.after, self.before) if later else (self.before, self.after)

    def _once(self, which: tuple[int, bool], make: Callable[[], Answers]) -> Answers:
        if which not in self.made:
            self.made[which] = make()
        return self.made[which]


def estimator_causes(before: Case, after: Case) -> tuple[Cause, ...]:
    """Return how the estimators of two cases differ."""
    found: list[Cause] = []
    if before.calibration != after.calibration:
        change = SourceChange(before.calibration, after.calibration)
        found.append(Cause("calibration", (change,)))
    if before.estimator != after.estimator:
        change = SourceChange(before.estimator, after.estimator)
        found.append(Cause("estimator", (change,)))
    return tuple(found)


def by_hash(before: Case, after: Case) -> tuple[Cause, ...]:
    """Return every kind of thing that differs, known by hashes alone."""
    found: dict[CauseKind, list[Detail]] = {}
    for kind, name in sorted(before.hashes.keys() | after.hashes.keys()):
        was, now = before.hashes.get((kind, name)), after.hashes.get((kind, name))
        if was != now:
            found.setdefault(_BY_HASH[kind], []).append(_by_hash(name, was, now))
    causes = tuple(Cause(kind, tuple(details)) for kind, details in found.items())
    return (*causes, *estimator_causes(before, after))


def _by_hash(name: str, was: str | None, now: str | None) -> Detail:
    if was is not None and now is not None:
        return FileChange(name)
    return Presence(name, "before" if now is None else "after")

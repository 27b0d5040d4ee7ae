"""What changed between two states of a fleet policy, and why."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sizer.schema.answered.lock import LockedAnswer, LockedFinding

CauseKind = Literal[
    "price",
    "accelerator facts",
    "model facts",
    "rules",
    "waivers",
    "select",
    "workload",
    "engine",
    "fleet",
    "models",
    "profile",
    "calibration",
    "estimator",
]
ChangeKind = Literal["recommendation", "figures", "findings", "added", "removed", "broken"]


@frozen
class Cause:
    """One kind of thing that is not as it was, each difference in words."""

    kind: CauseKind
    details: tuple[str, ...] = ()


@frozen
class Change:
    """A model's answer that is another one.

    `broken` is a profile that the later state cannot answer. `causes` changed the answer; `also`
    moved its figures beside them. Without `certain` they are all that differ, since the files of
    one side are not at hand to try them one by one. `fate` says what the later state makes of the
    earlier choice; `newly_failing` are rules that refuse it, and those that the new choice breaks;
    `newly_waived` are rules that it need not keep, and had to before.
    """

    profile: str
    model: str
    kind: ChangeKind
    before: LockedAnswer | None
    after: LockedAnswer | None
    causes: tuple[Cause, ...] = ()
    also: tuple[Cause, ...] = ()
    certain: bool = True
    fate: tuple[str, ...] = ()
    newly_failing: tuple[LockedFinding, ...] = ()
    no_longer_failing: tuple[LockedFinding, ...] = ()
    newly_waived: tuple[LockedFinding, ...] = ()


@frozen
class Inert:
    """What differs for a profile and changes none of its answers."""

    profile: str
    causes: tuple[Cause, ...]


@frozen
class Difference:
    """Two states by name, every changed answer, and how many are as they were."""

    before: str
    after: str
    changes: tuple[Change, ...]
    unchanged: int
    inert: tuple[Inert, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether any answer is another one."""
        return bool(self.changes)

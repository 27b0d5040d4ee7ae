"""What changed between two states of a fleet policy, and why."""

from __future__ import annotations

from typing import Any, Literal

from attrs import frozen

from sizer.schema.answered.lock import (
    LockedAnswer,
    LockedCalibration,
    LockedEstimator,
    LockedFinding,
)
from sizer.schema.answered.report import Bound
from sizer.schema.facts.price import Price

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


Side = Literal["before", "after"]


@frozen
class FieldChange:
    """A field that differs; `path` leads to it, like `L4`, `tdp_w`. None is unknown."""

    path: tuple[str, ...]
    before: Any
    after: Any
    kind: Literal["field"] = "field"


@frozen
class Presence:
    """A name that only one side has."""

    name: str
    side: Side
    kind: Literal["presence"] = "presence"


@frozen
class PriceChange:
    """What one accelerator comes to at the median provider; None is unknown.

    `offers` counts the instances that one side sells alone, or for another price.
    """

    gpu: str
    before: Price | None
    after: Price | None
    offers: int = 1
    kind: Literal["price"] = "price"


@frozen
class RuleAdded:
    """A rule that only the later side has, its parameters with their values."""

    rule: str
    require: str
    level: str
    kind: Literal["rule added"] = "rule added"


@frozen
class RuleChange:
    """A part of a rule that differs; without a `when` or a `from` it always applies."""

    rule: str
    part: Literal["when", "require", "level", "from"]
    before: str | None
    after: str | None
    kind: Literal["rule"] = "rule"


@frozen
class RuleOrder:
    """The same rules in another order."""

    kind: Literal["rule order"] = "rule order"


@frozen
class WaiverPresence:
    """A waiver that only one side has; `expires` is its last day (ISO 8601)."""

    rule: str
    match: str
    owner: str
    expires: str
    side: Side
    kind: Literal["waiver"] = "waiver"


@frozen
class OtherParameters:
    """Expressions that read the same, with parameters of other values."""

    key: Literal["where"]
    kind: Literal["parameters"] = "parameters"


@frozen
class SourceChange:
    """The estimator or the calibration; None is unknown."""

    before: LockedEstimator | LockedCalibration | None
    after: LockedEstimator | LockedCalibration | None
    kind: Literal["source"] = "source"


@frozen
class FileChange:
    """A file or an entry of a lock that has another hash."""

    name: str
    kind: Literal["hash"] = "hash"


Detail = (
    FieldChange
    | Presence
    | PriceChange
    | RuleAdded
    | RuleChange
    | RuleOrder
    | WaiverPresence
    | OtherParameters
    | SourceChange
    | FileChange
)


@frozen
class Cause:
    """One kind of thing that is not as it was, and each difference."""

    kind: CauseKind
    details: tuple[Detail, ...] = ()


@frozen
class ChoiceStatus:
    """What the later state makes of the earlier choice; `bounds` are what it breaks if refused."""

    kind: Literal["gone", "refused", "outranked"]
    candidate: str
    bounds: tuple[Bound, ...] = ()


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
    fate: ChoiceStatus | None = None
    newly_failing: tuple[LockedFinding, ...] = ()
    no_longer_failing: tuple[LockedFinding, ...] = ()
    newly_waived: tuple[LockedFinding, ...] = ()


@frozen
class Inert:
    """What differs for a profile and changes none of its answers."""

    profile: str
    causes: tuple[Cause, ...]


@frozen
class Unanswered:
    """A profile that a state cannot answer, and the fault."""

    state: str
    fault: str
    kind: Literal["unanswered"] = "unanswered"


@frozen
class StaleLock:
    """A lock is older than a profile of it, which is answered anew."""

    state: str
    lock: str
    profile: str
    kind: Literal["stale lock"] = "stale lock"


Note = Unanswered | StaleLock


@frozen
class Difference:
    """Two states by name, every changed answer, and how many are as they were."""

    before: str
    after: str
    changes: tuple[Change, ...]
    unchanged: int
    inert: tuple[Inert, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether any answer is another one."""
        return bool(self.changes)

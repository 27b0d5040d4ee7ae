"""Why a candidate was taken or refused: its conditions with the value of every part of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from attrs import field, frozen

from sizer.schema.answered.assumption import LoggedLoad
from sizer.schema.answered.report import Bound, Overload, OwnMetric, Value, WaivedBy
from sizer.schema.facts.unmeasured import Unsure

Role = Literal["all", "any", "not", "choice", "comparison", "truth", "value"]
Relation = Literal[
    "below", "at most", "above", "at least", "exactly", "one of", "none of", "like", "known"
]
Outcome = Literal["holds", "fails", "unknown", "not applicable"]
Axis = Literal["accelerator", "weights", "kv_format", "split", "load", "engine"]


@frozen
class Part:
    """A part of an expression and its value for one candidate.

    `wanted` is what a condition must be for the whole to gain: false under a `not`; None for a
    value, and for the branch that a choice does not take. `margin` is the distance of a comparison
    to its bound as a share of the bound; None for texts, unknowns and a bound of 0. `unit` is that
    of a metric's value.
    """

    text: str
    value: Value
    role: Role
    parts: tuple[Part, ...] = ()
    wanted: bool | None = None
    margin: float | None = None
    unit: str | None = field(default=None, kw_only=True)

    @property
    def is_atom(self) -> bool:
        """Whether it is a condition without conditions in it, and counts."""
        return self.role in {"comparison", "truth"} and self.wanted is not None

    @property
    def atoms(self) -> Iterator[Part]:
        """The single conditions that count, in the order in which they are written."""
        if self.is_atom:
            yield self
            return
        for part in self.parts:
            yield from part.atoms

    @property
    def first_failed(self) -> Part | None:
        """The first single condition to blame; None where the whole is what it must be."""
        if self.wanted is None or self.value is self.wanted:
            return None
        if self.is_atom:
            return self
        failed = (part.first_failed for part in self.parts)
        return next((part for part in failed if part), None)


@frozen
class Change:
    """What one metric must be instead; `needed` is a number in its unit, or texts or a truth value.

    With `like` the texts are patterns, and those of `none of` may be.

    `relation` says which side of `needed` is meant; with `known` any value may do, and `needed` is
    None.
    """

    metric: str
    value: Value
    relation: Relation
    needed: float | bool | tuple[str, ...] | None

    @property
    def difference(self) -> float | None:
        """How much must be added, in the metric's unit; None unless both are numbers."""
        if isinstance(self.value, float) and isinstance(self.needed, float):
            return self.needed - self.value
        return None

    @property
    def share(self) -> float | None:
        """The difference as a share of the present value; None if that is 0."""
        if self.difference is None or not self.value or not isinstance(self.value, float):
            return None
        return self.difference / abs(self.value)


Changes = tuple[Change, ...]


@frozen
class Judgement:
    """One condition of a profile for one candidate.

    `looked_at` is how many metrics were tried where the condition is too long to try them all.

    `flips` are ways to turn its outcome, each a set of changes that together suffice, the smallest
    first; a condition that holds is turned by what would break it, and nothing turns a rule that
    does not apply. `waiver` says by whom it is waived that it does not hold. `load` is where it is
    judged, of several load points, if that is another than the one that decides.
    """

    label: str
    kind: str
    outcome: Outcome
    admits: bool
    require: Part
    when: Part | None = None
    looked_at: int | None = field(default=None, kw_only=True)
    message: str | None = None
    flips: tuple[Changes, ...] = ()
    waiver: WaivedBy | None = None
    load: str | None = field(default=None, kw_only=True)


@frozen
class Alternative:
    """The candidates that differ along one axis alone.

    `passing` of these `others` pass every condition; `candidate` is the best of them, and `values`
    say what they have along the axis, best first.
    """

    axis: Axis
    candidate: str | None
    others: int
    passing: int
    values: tuple[str, ...]


@frozen
class Shortfall:
    """What a candidate lacks to fit, and the least single steps with which it would.

    `missing_gib` is on each accelerator. Each other field is one step, all else as it is: requests
    in flight at most, tokens of a sequence at most, another format of weights or cache, so many
    accelerators in a replica. None where no such step is enough, or none was found.
    """

    missing_gib: float
    concurrency: int | None = None
    context_tokens: int | None = None
    weights: str | None = None
    kv_format: str | None = None
    gpus_per_replica: int | None = None


@frozen
class Relief:
    """The least single steps with which an overloaded candidate would keep up, but for replicas.

    Requests a second at most, another format of weights or cache, so many accelerators in a
    replica, all else as it is. None where no such step is enough, or none was found.
    """

    request_rate: float | None = None
    weights: str | None = None
    kv_format: str | None = None
    gpus_per_replica: int | None = None


@frozen
class Decision:
    """One candidate judged: `rank` counts survivors from 1 and is None for what was refused.

    `chosen` is the first of the survivors; `standing` has, for each metric of the sort, the value
    of this candidate and of that. `load` is the load point whose figures these are, of several that
    the candidate must carry: the one that refuses it, or at which it ranks last. `overload` is what
    it lacks to keep up, and `relief` what would help; None where it does. `own_metrics` are the
    profile's. `unsure` says for what `fits_surely` is false, however much memory is free.
    `stopped_by` is as in Choice. `traffic` is the log whose load is carried.
    """

    model: str
    candidate: str
    candidates: int
    survivors: int
    rank: int | None
    sort: str
    metrics: Mapping[str, Value]
    chosen: str | None
    standing: tuple[tuple[str, Value, Value], ...]
    judgements: tuple[Judgement, ...]
    alternatives: tuple[Alternative, ...]
    load: str | None = None
    overload: Overload | None = None
    shortfall: Shortfall | None = field(default=None, kw_only=True)
    own_metrics: tuple[OwnMetric, ...] = field(default=(), kw_only=True)
    relief: Relief | None = field(default=None, kw_only=True)
    unsure: tuple[Unsure, ...] = field(default=(), kw_only=True)
    stopped_by: tuple[Bound, ...] = field(default=(), kw_only=True)
    traffic: LoggedLoad | None = field(default=None, kw_only=True)

    @property
    def first_failed(self) -> Judgement | None:
        """The first condition that keeps the candidate out."""
        return next((each for each in self.judgements if not each.admits), None)

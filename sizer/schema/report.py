"""The answer: for each model what was chosen, why, what came next, and what removed the rest."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

Value = float | bool | str | None
VERSION = 1


@frozen
class Finding:
    """A rule that does not hold for a shown candidate; `outcome` is `fails` or `unknown`."""

    rule: str
    level: str
    outcome: str
    message: str


@frozen
class Choice:
    """A candidate with every metric, and the rules below `error` that it does not keep."""

    candidate: str
    metrics: Mapping[str, Value]
    findings: tuple[Finding, ...] = ()


@frozen
class Sieve:
    """One condition of the funnel: what it was given, removed, could not judge, and left."""

    label: str
    kind: str
    given: int
    removed: int
    unknown: int
    left: int


@frozen
class Bound:
    """One comparison that kept a candidate out; `margin` is relative to the bound."""

    condition: str
    text: str
    value: Value
    bound: Value
    margin: float | None


@frozen
class NearMiss:
    """The refused candidate that breaks the fewest conditions, and by how much."""

    candidate: str
    metrics: Mapping[str, Value]
    bounds: tuple[Bound, ...]


@frozen
class Answer:
    """What sizer says of one model; `chosen` is None when nothing survives."""

    model: str
    candidates: int
    survivors: int
    chosen: Choice | None
    reasoning: str
    others: tuple[Choice, ...]
    funnel: tuple[Sieve, ...]
    near_miss: NearMiss | None = None
    per_gpu: tuple[Choice, ...] = ()


@frozen
class Report:
    """The answer to a profile. `assumptions` says what the profile left open."""

    answers: tuple[Answer, ...]
    sort: str
    assumptions: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()
    profile: str | None = None
    estimator: str = ""
    version: int = VERSION

    @property
    def answered(self) -> bool:
        """Whether every model has a choice."""
        return all(answer.chosen is not None for answer in self.answers)

"""What several estimators say of the same candidates, and where they disagree."""

from __future__ import annotations

from attrs import frozen

from sizer.schema.answered.report import OwnMetric, Value

VERSION = 1


@frozen
class Figure:
    """A metric of a candidate by each estimator, in their order.

    `spread` is the largest over the smallest, less 1; None where one of them is unknown.
    `intervals` are the low and high of each value, both None where an estimator has none.
    """

    metric: str
    values: tuple[Value, ...]
    spread: float | None
    disagrees: bool
    intervals: tuple[tuple[Value, Value], ...]


@frozen
class Compared:
    """A candidate side by side; `survives` says by whose figures it keeps the conditions."""

    model: str
    candidate: str
    survives: tuple[bool, ...]
    figures: tuple[Figure, ...]


@frozen
class Tally:
    """A metric over all candidates: how many every estimator knows, and how many disagree.

    `known` counts by estimator. `bias` is the median of each further estimator's figure over the
    first one's, less 1; None without any.
    """

    metric: str
    known: tuple[int, ...]
    compared: int
    disagreed: int
    bias: tuple[float | None, ...]


@frozen
class Chosen:
    """The candidate of a model that each estimator's figures choose, None where none survives."""

    model: str
    candidates: tuple[str | None, ...]


@frozen
class Comparison:
    """Estimators side by side; `candidates` of them are listed in `compared`, best first.

    `confidence` is the share of measurements that intervals hold, `own_metrics` the profile's.
    """

    profile: str | None
    estimators: tuple[str, ...]
    sources: tuple[str, ...]
    share: float
    candidates: int
    tallies: tuple[Tally, ...]
    chosen: tuple[Chosen, ...]
    compared: tuple[Compared, ...]
    confidence: float = 0.9
    own_metrics: tuple[OwnMetric, ...] = ()
    version: int = VERSION

    @property
    def common(self) -> bool:
        """Whether there is any figure that all of them know."""
        return any(tally.compared for tally in self.tallies)

    @property
    def disagrees(self) -> bool:
        """Whether a figure or a choice differs."""
        differ = any(len(set(each.candidates)) > 1 for each in self.chosen)
        return differ or any(tally.disagreed for tally in self.tallies)

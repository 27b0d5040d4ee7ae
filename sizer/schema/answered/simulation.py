"""What a simulation of one deployment found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from sizer.schema.answered.report import Value
from sizer.schema.facts.requests import Seconds, Tokens

Outcome = Literal["holds", "fails", "unknown", "not applicable"]


@frozen
class Source:
    """Where the requests of a simulation come from: a trace, else a rate, else a closed loop.

    `burstiness` is the gamma shape of gaps, infinite where all are alike. A trace is replayed
    `speed` times as fast as it was. Users whose answers are `alike` in length stay together.
    """

    requests: int
    trace: str | None = None
    speed: float = 1.0
    request_rate: float | None = None
    burstiness: float = 1.0
    users: int | None = None
    think_time_s: float = 0.0
    alike: bool = False


@frozen
class Counts:
    """Requests by what became of them; `arrived` is the sum of the next four.

    `lost` are those that no replica was left for, or whose cache is larger than a replica's.
    `resent` were in a replica that failed. `evicted` lost their place in a full cache, `evictions`
    times in all. `counted` are those that percentiles are of.
    """

    arrived: int
    done: int
    running: int
    waiting: int
    lost: int
    resent: int
    evicted: int
    evictions: int
    counted: int


@frozen
class Attainment:
    """A condition of the profile under simulated percentiles.

    `share` is of requests that keep it by their own times; None where it asks nothing of those.
    """

    label: str
    kind: str
    text: str
    outcome: Outcome
    share: float | None


@frozen
class Course:
    """What went on in `len(busy)` equal parts of a run, each of `part_s` seconds.

    `busy` is the share of time in which replicas take steps; `running` and `waiting` are requests
    in the mean.
    """

    part_s: float
    busy: tuple[float, ...]
    running: tuple[float, ...]
    waiting: tuple[float, ...]


@frozen(eq=False)
class Served:
    """Columns of requests: seconds from the start of the run, NaN for what never came.

    `ready_s` is when the step that ran at its arrival was over, and `read_s` when its prompt began
    to be read: between them it waits for a place.
    """

    arrival_s: Seconds
    ready_s: Seconds
    read_s: Seconds
    first_s: Seconds
    last_s: Seconds
    input_tokens: Tokens
    output_tokens: Tokens
    replica: Tokens
    evictions: Tokens
    resent: Tokens
    lost: Tokens


@frozen
class Simulation:
    """One deployment under one load, simulated.

    `metrics` have the names of the profile's; `expected` is what the closed form says of the same
    ones. `span_s` is the time of the whole run, `busy` the share of it in which replicas took
    steps. `survives` says whether the closed form takes it. Each of `failures` is a replica and
    when it was gone.
    """

    model: str
    candidate: str
    survives: bool
    source: Source
    router: str
    seed: int
    span_s: float
    busy: float
    counts: Counts
    metrics: Mapping[str, Value]
    expected: Mapping[str, Value]
    attained: tuple[Attainment, ...]
    course: Course
    served: Served = field(eq=False, repr=False)
    failures: tuple[tuple[int, float], ...] = ()

    @property
    def attains(self) -> bool:
        """Whether nothing was lost, and what removes a candidate holds by the simulated times."""
        asked = (each for each in self.attained if each.kind in {"where", "error"})
        kept = all(each.outcome in {"holds", "not applicable"} for each in asked)
        return kept and not self.counts.lost

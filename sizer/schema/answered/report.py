"""The answer: for each model what was chosen, why, what came next, and what removed the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import field, frozen

from sizer.diagnostic import Place
from sizer.schema.answered.assumption import Assumption
from sizer.schema.answered.day import Day

Value = float | bool | str | None
Refusal = Literal[
    "no kernel",
    "no cache kernel",
    "uneven widths",
    "cut groups",
    "uneven experts",
    "short context",
    "few requests",
    "not asked",
    "beyond the limit",
    "part of a server",
    "no network",
    "few layers",
    "no experts",
    "other ranks",
    "context ranks",
]
VERSION = 2
ALL_MODELS = "all models"  # what an answer is of where one is chosen over all


@frozen
class RuleSource:
    """A file that the profile extends: who answers for it, and how many of its rules judged."""

    file: str
    version: str | None
    owner: str | None
    description: str | None
    rules: int


@frozen
class Waived:
    """A waiver of a profile and what came of it.

    `status` is `in force`, `expired` or `not applied`. `matched` counts the candidates that it is
    for at some load point, `everywhere` at all, and `waived` those that do not keep its rule there.
    """

    rule: str
    match: str
    reason: str
    owner: str
    expires: str
    ticket: str | None
    status: str
    matched: int = 0
    waived: int = 0
    everywhere: int = 0


@frozen
class WaivedBy:
    """Who waived a rule for a candidate, until which day and why."""

    owner: str
    expires: str
    reason: str
    ticket: str | None = None


@frozen
class Finding:
    """A rule that does not hold for a shown candidate; `outcome` is `fails` or `unknown`.

    `waiver` says by whom it is waived; None where it is not. `load` is where it does not hold, of
    several load points that the candidate must carry.
    """

    rule: str
    level: str
    outcome: str
    message: str
    waiver: WaivedBy | None = None
    load: str | None = None


@frozen
class Instances:
    """So many instances of one kind; without `gpus_each`, accelerators that are sold one by one.

    `usd_per_hour_each` is what one of them costs. `as_of` is a date; None where it has none.
    """

    count: int
    instance: str | None
    gpus_each: int | None
    usd_per_hour_each: float
    as_of: str | None


@frozen
class Bought:
    """What the cost of a candidate pays for: whole instances of one provider, in one region.

    Of `providers` that hold the candidate it is the median, of an even number the lower of the
    middle two; `lowest` and `highest` are what others ask. `left_over` accelerators are not used.
    """

    provider: str
    region: str | None
    term: str
    instances: tuple[Instances, ...]
    usd_per_hour: float
    gpus: int
    left_over: int
    providers: int
    lowest_usd_per_hour: float
    lowest_provider: str
    highest_usd_per_hour: float
    highest_provider: str


@frozen
class Choice:
    """A candidate with every metric, and the rules below `error` that it does not keep.

    Of several load points that it must carry, `load` is the one at which it ranks last: its metrics
    are those there. It is None where a candidate has one load point, which its name says. `bought`
    is what its cost pays for; None where that is unknown. `stopped_by` is what fails one step
    beyond what was looked for: at 1 % more requests a second than its highest rate, or with one
    replica less than the fewest. `day` has its replicas by the hour, where a day is asked about.
    """

    candidate: str
    metrics: Mapping[str, Value]
    findings: tuple[Finding, ...] = ()
    load: str | None = None
    bought: Bought | None = None
    stopped_by: tuple[Bound, ...] = ()
    day: Day | None = None


@frozen
class Overload:
    """Requests a second that arrive and that all replicas sustain, and the replicas that would do.

    `replicas_needed`, on `gpus_needed` accelerators in all, may be more than the fleet allows.
    """

    request_rate: float
    max_request_rate: float
    replicas: int
    replicas_needed: int
    gpus_needed: int


@frozen
class Lacking:
    """Candidates on an accelerator of which a condition is unknown, and the fact that is missing.

    `fact` is as in Missing; `overload` and `memory` say that no request rate, or no request at
    all, can be carried; `value` that the condition has none, as where it divides by zero. A
    candidate that lacks several facts counts for each.
    """

    fact: str
    gpu: str
    candidates: int


@frozen
class FunnelStage:
    """One condition of the funnel: what it was given, removed, could not judge, left and waived.

    `lacking` says what is missing where it is unknown. `overload` is of the candidate nearest to
    keeping up, of those that it removed as they do not, by the rate alone.
    """

    label: str
    kind: str
    given: int
    removed: int
    unknown: int
    left: int
    waived: int = 0
    lacking: tuple[Lacking, ...] = ()
    overload: Overload | None = None


@frozen
class Bound:
    """One comparison that kept a candidate out; `margin` is relative to the bound.

    `load` is where it is missed by most, of several load points.
    """

    condition: str
    text: str
    value: Value
    bound: Value
    margin: float | None
    load: str | None = None


@frozen
class NearMiss:
    """The refused candidate that breaks the fewest conditions, and by how much.

    Of several load points, its metrics are those at `load`, where it breaks most. `overload` is
    what it lacks there to keep up, None where it does.
    """

    candidate: str
    metrics: Mapping[str, Value]
    bounds: tuple[Bound, ...]
    load: str | None = None
    overload: Overload | None = None


@frozen
class Unproposed:
    """How many splits, of a format on an accelerator each, are no candidates, and why.

    The accelerator has no kernel for the weights' or the cache's format, heads or widths do not
    divide, groups of quantised weights would be cut, experts do not divide over attention groups,
    or the load is longer than the model's context. Where the fleet asks for splits, others are not
    tried; neither are those of them that no server, network or model allows.
    """

    reason: Refusal
    splits: int


@frozen
class OwnMetric:
    """A metric that the profile defines, as it is written; its `unit` is `1` for a bare number."""

    name: str
    expression: str
    unit: str


@frozen
class AtLoad:
    """The best candidate of one load point; None when none survives there."""

    load: str
    best: Choice | None


@frozen
class AtModel:
    """The best candidate of one model of several, called with its name; None when none survives."""

    model: str
    best: Choice | None


@frozen
class Reasoning:
    """What put a choice first: of all survivors it has the `extreme` value of a metric.

    So many others are `tied` with it: they have the same values of all metrics of the sort, `on`.
    `then` is the metric that puts it before the next of them; None where only their names differ.
    `unit` is that of a metric of the profile's own, whose name does not say it. `instead_of` is the
    first metric of a sort that the profile leaves open, if it is unknown of every survivor.
    """

    metric: str
    extreme: Literal["highest", "lowest"]
    value: Value
    tied: int = 0
    on: tuple[str, ...] = ()
    then: str | None = None
    unit: str | None = None
    instead_of: str | None = None


@frozen
class Missing:
    """A fact that leaves the first metric of the sort unknown, and the accelerators without it.

    `fact` is `price`, `link`, `node_link`, `bandwidth`, `peak`, `power` or `host_power`, a key of
    `[energy]`, or else a metric; `timing` says that no times are known with the settings of the
    engine.
    """

    fact: str
    gpus: tuple[str, ...]


@frozen
class GpuPrice:
    """What one accelerator comes to for an hour on the terms asked for; None where nobody says.

    Of each of `providers` it is the instance that is cheapest per accelerator; the figure is their
    median, of an even number the lower of the middle two, and that provider's. `as_of` is a date;
    None where it has none, as with `undated` of them. Without a region it holds everywhere.
    """

    gpu: str
    usd_per_gpu_hour: float | None
    provider: str | None = None
    region: str | None = None
    term: str = "on_demand"
    as_of: str | None = None
    instance: str | None = None
    basis: str | None = None
    source: str | None = None
    providers: int = 0
    undated: int = 0
    lowest_usd_per_gpu_hour: float | None = None
    lowest_provider: str | None = None
    highest_usd_per_gpu_hour: float | None = None
    highest_provider: str | None = None


@frozen
class Answer:
    """What sizer says of one model; `chosen` is None when nothing survives or can be ranked.

    The first metric of the sort is unknown for `unranked` survivors: they come last, and are never
    chosen by a sort that the profile states; `missing` says why. A candidate carries so many
    `loads` and ranks by the worst of them.

    `per_gpu` is the best of each accelerator, `per_load` that of each load point of several.

    Where there are very many load points, each is worked out when it is read.
    """

    model: str
    candidates: int
    survivors: int
    chosen: Choice | None
    reasoning: Reasoning | None
    others: tuple[Choice, ...]
    funnel: tuple[FunnelStage, ...]
    near_miss: NearMiss | None = None
    per_gpu: tuple[Choice, ...] = ()
    unproposed: tuple[Unproposed, ...] = ()
    per_load: Sequence[AtLoad] = ()
    unranked: int = 0
    missing: tuple[Missing, ...] = ()
    loads: int = 1


@frozen
class Report:
    """The answer to a profile. `assumptions` says what the profile left open.

    `confidence` is the share of measurements that an interval, a metric's low to its high, holds.
    `today` is the date by which waivers were applied; None where there are none.

    `rule_places` says by id where the `require` of a rule stands that a finding or a near miss is
    about, a `where` by its text; `model_places` where a model is asked for. `per_model` is the best
    of each of several models, in the order of the sort.
    """

    answers: tuple[Answer, ...]
    sort: str
    assumptions: tuple[Assumption, ...] = ()
    prices: tuple[GpuPrice, ...] = ()
    profile: str | None = None
    estimator: str = ""
    confidence: float = 0.9
    today: str | None = None
    waivers: tuple[Waived, ...] = ()
    rule_sources: tuple[RuleSource, ...] = ()
    rule_places: Mapping[str, Place] = field(factory=dict)
    model_places: Mapping[str, Place] = field(factory=dict)
    per_model: tuple[AtModel, ...] = ()
    own_metrics: tuple[OwnMetric, ...] = ()
    version: int = VERSION

    @property
    def answered(self) -> bool:
        """Whether every model has a choice."""
        return all(answer.chosen is not None for answer in self.answers)

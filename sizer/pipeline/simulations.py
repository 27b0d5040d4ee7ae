"""The deployment that an answer chose, simulated request by request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import get_args

import numpy as np
from attrs import evolve, frozen

from sizer.diagnostic import problem
from sizer.estimate import step_times
from sizer.expr.check import Policy
from sizer.expr.language import Expression
from sizer.judge.outcome import outcome
from sizer.judge.own_metrics import with_own_metrics
from sizer.pipeline import Asked, question_of, silent
from sizer.pipeline.answers import judged, nearest
from sizer.pipeline.blocks import Kept, Progress, Rows, sift, whole
from sizer.pipeline.default_sort import resolved_question
from sizer.resolve import Resolved
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.answered.report import Value
from sizer.schema.answered.simulation import Attainment, Outcome, Simulation, Source
from sizer.schema.asked.serving import Router
from sizer.schema.facts.requests import Requests
from sizer.schema.facts.step_times import StepTimes
from sizer.schema.scenario import Load, Scenario
from sizer.schema.table import Column, Table
from sizer.schema.verdict import FAILS, HOLDS, NOT_APPLICABLE, UNKNOWN
from sizer.select import Judged, candidate_id, row_of
from sizer.select.neighbours import named
from sizer.simulate import Failure, Numbers, Statistics, requests_of, run

UNTIMED, NO_REPLICA, NO_RATE = "SZ851", "SZ852", "SZ853"
WARM_UP_SHARE = 0.1  # of a steady load's requests: the first find an empty replica
PACES = ("ttft", "tpot", "e2e", "queue")
MEANS = {"itl_ms": "tpot"}  # what a mean is of one request
ROUTERS: tuple[str, ...] = get_args(Router)
SAID: Mapping[int, Outcome] = {
    HOLDS: "holds",
    FAILS: "fails",
    UNKNOWN: "unknown",
    NOT_APPLICABLE: "not applicable",
}


@frozen
class Replay:
    """How to simulate: whose requests, how many or how long, by which router, what fails when.

    A `trace` is replayed instead of the profile's load, `speed` times as fast; `trace_name` is
    what it is called.
    """

    trace: Requests | None = None
    trace_name: str = ""
    speed: float = 1.0
    seed: int = 0
    requests: int | None = None
    duration_s: float | None = None
    router: Router | None = None
    failures: tuple[Failure, ...] = ()


AS_ASKED = Replay()


def replay(
    question: Asked,
    how: Replay = AS_ASKED,
    candidate: str | None = None,
    *,
    progress: Progress = silent,
    facts: Facts = CATALOG,
) -> tuple[Simulation, ...]:
    """Simulate the deployment that is chosen for each model; a question as `size` takes it.

        from sizer import Replay, replay
        for each in replay("profiles/chat.toml", Replay(seed=1)):
            print(each.candidate, each.metrics["ttft_p99_ms"])

    Without a candidate's name it is the one that was chosen or, if nothing survives, the nearest
    miss; of several load points the one that decides. Chance comes from the seed alone.

    Nothing comes back for a name that no candidate has.

    Raises Problem as `size` does, and SZ851 where times are unknown, SZ852 for a replica that is
    not there, SZ853 for a duration or a speed of a load without a rate.
    """
    asked, resolved = resolved_question(question_of(question), facts)
    kept = sift(resolved.scenario, asked.policy, resolved.models, None, silent)
    found = tuple(_placed(resolved, asked.policy, kept, candidate))
    return tuple(each.simulated(how, progress) for each in found)


def _placed(
    resolved: Resolved, policy: Policy, kept: Kept, candidate: str | None
) -> Iterator[_Placed]:
    """Yield the deployments to simulate, each by the load point that decides."""
    scenario = resolved.scenario
    for rows, survives in _candidates(resolved, policy, kept, candidate):
        few = judged(scenario, rows, policy)
        row = few.deciding(0)
        alive = survives if survives is not None else all(e.admits[row] for e in few.verdicts)
        yield _Placed(few, row, alive)


def _candidates(
    resolved: Resolved, policy: Policy, kept: Kept, candidate: str | None
) -> Iterator[tuple[Rows, bool | None]]:
    scenario = resolved.scenario
    if candidate is not None:
        rows = whole(scenario, named(scenario, candidate), policy)
        yield from ((rows, None),) if len(rows) else ()
        return
    for each in kept.models:
        if len(each.survivors):
            few = judged(scenario, each.survivors, policy)
            rows = whole(scenario, each.survivors, policy)
            best = few.candidates.rows_of(np.array(few.ordered[:1]))
            yield rows[best], True
        elif len(each.misses):
            yield nearest(scenario, each.misses, policy), False


@frozen(eq=False)
class _Placed:
    """One row of judged ones, to simulate."""

    few: Judged
    row: int
    survives: bool

    def simulated(self, how: Replay, progress: Progress) -> Simulation:
        """Return what a run finds. Raises Problem (SZ851, SZ852)."""
        scenario, row, load = self.few.few, self.row, self._load
        deployment = scenario.deployments[scenario.deployment_of[row]]
        times = self._times(how, load)
        _refuse_missing(how.failures, times.replicas)
        _refuse_rateless(how, load)
        requests = _requests(how, load, times)
        router = how.router or load.router
        record = run(times, requests, routed=router, failures=how.failures, progress=progress)
        steady = how.trace is None and requests.users is None and load.requests is None
        warm_up = int(WARM_UP_SHARE * len(requests)) if steady else 0
        found = Statistics(record, times, warm_up)
        metrics = found.metrics()
        known = row_of(self.few.table, row)
        return Simulation(
            model=deployment.model.name,
            candidate=candidate_id(scenario, row),
            survives=self.survives,
            source=_source(how, load, requests),
            router=router,
            seed=how.seed,
            span_s=found.span_s,
            busy=found.busy,
            counts=found.counts,
            metrics={name: _value(each) for name, each in metrics.items()},
            expected={} if how.trace else {each: known[each] for each in metrics if each in known},
            attained=tuple(_attained(self._table, self.few.policy, metrics, found.with_lost())),
            course=found.course(),
            served=found.served,
            failures=tuple((each.replica, each.at_s) for each in how.failures),
        )

    @property
    def _load(self) -> Load:
        """The load point; where the highest rate was looked for, at the rate that was found."""
        scenario = self.few.few
        load: Load = scenario.loads[scenario.load_of[self.row]]
        if not load.is_highest:
            return load
        rate = self.few.table["request_rate"].cell(self.row)
        if not isinstance(rate, float) or rate <= 0:
            name = candidate_id(scenario, self.row)
            raise problem(NO_RATE, f"{name}: no rate at which every condition holds is known")
        found: Load = evolve(load, request_rate=rate)
        return found

    @property
    def _table(self) -> Table:
        at = np.array([self.row])
        return {name: column.take(at) for name, column in self.few.table.items()}

    def _times(self, how: Replay, load: Load) -> StepTimes:
        """Return step times at the lengths of the load, or of the trace."""
        scenario = self.few.few.take(np.array([self.row]))
        if how.trace is not None:
            scenario = _as_long_as(how.trace, scenario, load)
        times = step_times(scenario, 0)
        if times is None:
            name = candidate_id(self.few.few, self.row)
            hint = f"`sizer explain --profile FILE --candidate {name!r}` says why"
            raise problem(UNTIMED, f"{name}: its times are unknown", hint=hint)
        return times


def _refuse_missing(failures: Iterable[Failure], replicas: int) -> None:
    for each in failures:
        if each.replica > replicas:
            said = f"there is no replica {each.replica} to fail: the deployment has {replicas}"
            raise problem(NO_REPLICA, said, hint=f"write `--fail {replicas}@{each.at_s:g}s`")


def _refuse_rateless(how: Replay, load: Load) -> None:
    """Raise Problem (SZ853) where users wait for answers: the load has no rate to change."""
    if how.trace is not None or load.request_rate is not None:
        return
    if how.duration_s is not None or how.speed != 1:
        said = "a load of users has no rate: each sends a request when the last one is answered"
        hint = "write `request_rate` in [workload], or say how many with `--requests`"
        raise problem(NO_RATE, said, hint=hint)


def _as_long_as(trace: Requests, scenario: Scenario, load: Load) -> Scenario:
    """Return a scenario of one row whose load has the mean lengths of a trace."""
    means = (round(float(each.mean())) for each in (trace.input_tokens, trace.output_tokens))
    inputs, outputs = (max(each, 1) for each in means)
    alike = evolve(
        load,
        input_tokens=inputs,
        output_tokens=outputs,
        concurrency=1,
        request_rate=None,
        users=None,
        lengths=None,
        input_tokens_spread=0.0,
        output_tokens_spread=0.0,
        shared_prefix_tokens=0,
        prefix_groups=1,
    )
    rows = evolve(scenario.listed, load_of=np.zeros(1, np.int32))
    return evolve(scenario, loads=(alike,), rows=rows)


def _requests(how: Replay, load: Load, times: StepTimes) -> Requests:
    """Return the requests of a trace or of a load, as many as are asked for."""
    if how.trace is None:
        offered = evolve(load, request_rate=load.request_rate and load.request_rate * how.speed)
        return requests_of(
            offered, how.seed, times.block_tokens, count=how.requests, duration_s=how.duration_s
        )
    trace = how.trace.faster(how.speed)
    kept = len(trace) if how.requests is None else how.requests
    if how.duration_s is not None:
        kept = min(kept, int(np.searchsorted(trace.arrival_s, how.duration_s)))
    share = 0.0 if trace.prefixes else load.prefix_hit_share
    return evolve(trace.first(kept), cached_share=share)


def _source(how: Replay, load: Load, requests: Requests) -> Source:
    count = len(requests)
    if how.trace is not None:
        return Source(count, trace=how.trace_name, speed=how.speed)
    rate, answers = load.request_rate, requests.output_tokens
    return Source(
        count,
        speed=how.speed,
        request_rate=rate and rate * how.speed,
        burstiness=load.burstiness,
        users=load.most_in_flight,
        think_time_s=load.think_time_s,
        alike=count > 1 and bool((answers == answers[0]).all()),
    )


def _value(number: float) -> Value:
    return None if np.isnan(number) else number


def _attained(
    table: Table, policy: Policy, metrics: Mapping[str, float], of_requests: Mapping[str, Numbers]
) -> Iterator[Attainment]:
    """Yield each rule, and each condition on what was simulated, judged by the simulated times."""
    told = {name: Column(np.array([each])) for name, each in metrics.items() if name in table}
    whole_run = with_own_metrics(policy, {**table, **told})
    each_one = _each_request(table, policy, of_requests)
    for label, kind, require, when in _conditions(policy):
        read = _read(policy, require)
        if kind == "where" and read.isdisjoint(metrics):
            continue
        ended = int(outcome(require, when, whole_run)[0])
        text = " ".join(require.text.split())
        share = None
        if _is_of_requests(read, metrics):
            kept = outcome(require, when, each_one)
            judged_ones = np.count_nonzero((kept == HOLDS) | (kept == FAILS))
            share = float(np.count_nonzero(kept == HOLDS) / judged_ones) if judged_ones else None
        yield Attainment(label, kind, text, SAID[ended], share)


def _conditions(
    policy: Policy,
) -> Iterator[tuple[str, str, Expression, Expression | None]]:
    for condition in policy.where:
        yield condition.text, "where", condition, None
    for each in policy.rules:
        yield each.rule.id, each.rule.level, each.require, each.when


def _read(policy: Policy, require: Expression) -> frozenset[str]:
    """Return the metrics that a condition reads, own ones by what they read."""
    own = policy.metrics
    return frozenset().union(
        *(own[name].names if name in own else {name} for name in require.names)
    )


def _pace_of(metric: str) -> str | None:
    """Return which time of one request a simulated metric is of; single gaps are of none."""
    if metric in MEANS:
        return MEANS[metric]
    name = metric.split("_", 1)[0]
    return name if name in PACES else None


def _is_of_requests(read: Iterable[str], metrics: Iterable[str]) -> bool:
    simulated = frozenset(read) & frozenset(metrics)
    return bool(simulated) and all(_pace_of(each) for each in simulated)


def _each_request(table: Table, policy: Policy, of_requests: Mapping[str, Numbers]) -> Table:
    """Return a table with a row for each request: its own times, and the deployment's figures."""
    count = len(of_requests["ttft"])
    rows = np.zeros(count, np.intp)
    names = {name for each in _conditions(policy) for name in _names(policy, each[2:])}
    found = {name: table[name].take(rows) for name in names if name in table}
    paces = {name: _pace_of(name) for name in found}
    told = {name: Column(of_requests[pace]) for name, pace in paces.items() if pace}
    return with_own_metrics(policy, {**found, **told})


def _names(policy: Policy, parts: Sequence[Expression | None]) -> frozenset[str]:
    return frozenset().union(*(_read(policy, part) for part in parts if part is not None))

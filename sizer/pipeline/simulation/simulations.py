"""The deployment that is chosen or named, and a run of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import evolve, frozen

from sizer.diagnostic import problem
from sizer.estimate import estimate, step_times
from sizer.expr.check import Policy
from sizer.pipeline import Asked, question_of, silent
from sizer.pipeline.answers import judged
from sizer.pipeline.blocks import Progress, sift
from sizer.pipeline.candidate_rows import Rows, at_every_load, whole
from sizer.pipeline.default_sort import resolved_question
from sizer.pipeline.kept import Kept
from sizer.pipeline.simulation.attainment import attained
from sizer.pipeline.simulation.replays import NO_RATE, Replay
from sizer.resolve import Resolved
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.answered.report import Value
from sizer.schema.answered.simulation import Simulation
from sizer.schema.asked.tasks import reads_only
from sizer.schema.facts.requests import Requests
from sizer.schema.facts.step_times import StepTimes
from sizer.schema.scenario import Load, Scenario
from sizer.schema.table import Table
from sizer.select import Judged, candidate_id, row_of
from sizer.select.neighbours import named
from sizer.simulate import Statistics, run

UNTIMED = "SZ851"
UNWRITTEN = "SZ854"
WARM_UP_SHARE = 0.1  # of a steady load's requests: the first find an empty replica
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
    not there, SZ853 for a duration or a speed of a load without a rate, and SZ854 for a load that
    writes no token.
    """
    asked, resolved = resolved_question(question_of(question), facts)
    if reads_only(resolved.scenario.task):
        said = f"{resolved.scenario.task}: what writes no token is not simulated"
        hint = "`sizer run` has its percentiles in closed form"
        raise problem(UNWRITTEN, said, asked.place(("workload",)), hint)
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
            yield at_every_load(scenario, each.survivors.first.rows, policy), True
        elif len(each.misses):
            yield at_every_load(scenario, each.misses.rows, policy), False


FOUND_AGAIN = ("session_hit_share", "offloaded_hit_share")
MOST_HITS = 0.99


@frozen(eq=False)
class _Placed:
    """One row of judged ones, to simulate."""

    few: Judged
    row: int
    survives: bool

    def simulated(self, how: Replay, progress: Progress) -> Simulation:
        """Return what a run finds. Raises Problem (SZ851, SZ852, SZ853)."""
        load = how.load(self._load)
        scenario = self._under(load)
        times = self._times(scenario)
        how.refuse_missing(times.replicas)
        sent = how.sent(load, times.block_tokens)
        router, failures = load.router, how.failures
        record = run(times, sent, routed=router, failures=failures, progress=progress)
        found = Statistics(record, times, _warm_up(how, load, sent))
        metrics = found.metrics()
        told = estimate(scenario, [name for name in metrics if name in self.few.table])
        return Simulation(
            model=scenario.deployments[scenario.deployment_of[0]].model.name,
            candidate=self._name,
            survives=self.survives,
            source=how.source(load, sent),
            router=router,
            seed=how.seed,
            span_s=found.span_s,
            busy=found.busy,
            counts=found.counts,
            metrics={name: _value(each) for name, each in metrics.items()},
            expected=row_of(told, 0),
            attained=tuple(attained(self._table, self.few.policy, metrics, found.with_lost())),
            course=found.course(),
            served=found.served,
            failures=tuple((each.replica, each.at_s) for each in failures),
        )

    @property
    def _name(self) -> str:
        return candidate_id(self.few.few, self.row)

    @property
    def _load(self) -> Load:
        """The load point; where the highest rate was looked for, at the rate that was found.

        What is found of earlier turns, and beside the accelerators, is as the closed form says.
        """
        scenario = self.few.few
        load = self._without_turns(scenario.loads[scenario.load_of[self.row]])
        if not load.is_highest:
            return load
        rate = self.few.table["request_rate"].cell(self.row)
        if not isinstance(rate, float) or rate <= 0:
            said = f"{self._name}: no rate at which every condition holds is known"
            raise problem(NO_RATE, said, hint="write `request_rate` in [workload] as a number")
        found: Load = evolve(load, request_rate=rate)
        return found

    def _without_turns(self, load: Load) -> Load:
        cells = (self.few.table[name].cell(self.row) for name in FOUND_AGAIN)
        found = sum(cell for cell in cells if isinstance(cell, float))
        own = 1.0 - load.shared_prefix_tokens / load.input_tokens
        share = load.prefix_hit_share + min(found / own, MOST_HITS)
        alone: Load = evolve(load, turns=1, prefix_hit_share=min(share, MOST_HITS))
        return alone

    @property
    def _table(self) -> Table:
        at = np.array([self.row])
        return {name: column.take(at) for name, column in self.few.table.items()}

    def _under(self, load: Load) -> Scenario:
        """Return the candidate alone, under another load."""
        alone = self.few.few.take(np.array([self.row]))
        rows = evolve(alone.listed, load_of=np.zeros(1, np.int32))
        found: Scenario = evolve(alone, loads=(load,), rows=rows, by_row={})
        return found

    def _times(self, scenario: Scenario) -> StepTimes:
        if scenario.deployments[scenario.deployment_of[0]].prefill is not None:
            hint = "name a candidate that does both: sizer simulate --candidate ID"
            raise problem(UNTIMED, f"{self._name}: both sides are not simulated", hint=hint)
        times = step_times(scenario, 0)
        if times is None:
            hint = f"`sizer explain --profile FILE --candidate {self._name!r}` says why"
            raise problem(UNTIMED, f"{self._name}: its times are unknown", hint=hint)
        return times


def _warm_up(how: Replay, load: Load, sent: Requests) -> int:
    """Return how many requests come before a steady load is steady; a finite run counts all."""
    steady = how.trace is None and load.request_rate is not None and load.requests is None
    return int(WARM_UP_SHARE * len(sent)) if steady else 0


def _value(number: float) -> Value:
    return None if np.isnan(number) else number

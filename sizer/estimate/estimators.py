"""Who can estimate, by name; a scenario says who is asked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import get_args

from attrs import evolve

from sizer.diagnostic import problem
from sizer.estimate.columns.estimator import Estimator
from sizer.schema.asked.profile import EstimatorName
from sizer.schema.asked.tasks import GENERATE, Task, reads_only
from sizer.schema.scenario import Scenario
from sizer.schema.table import Table

ESTIMATORS: tuple[str, ...] = get_args(EstimatorName)
ANALYTIC, AICONFIGURATOR, BOTH = ESTIMATORS


def estimator(name: str, task: Task = GENERATE) -> Estimator:
    """Return who estimates loads of a task; the code of each is imported when it is asked for.

    Raises Problem (SZ303) when it is not installed, and SZ306 when it has no times of the task.
    """
    if reads_only(task):
        if name != ANALYTIC:
            said = f"{name} has no times of what reads only"
            raise problem("SZ306", said, hint="`sizer run` asks the analytic estimator")
        from sizer.estimate.pooling.estimator import POOLING  # noqa: PLC0415  # few loads only read

        return POOLING
    if name == AICONFIGURATOR:
        from sizer.estimate import aiconfigurator  # noqa: PLC0415  # large, and optional

        return aiconfigurator.estimator()
    if name == BOTH:
        from sizer.estimate import both  # noqa: PLC0415  # asks the large, optional one

        return both.estimator()
    return _analytic()


@cache
def _analytic() -> Estimator:
    """Return the analytic estimator, with that of prompts which are read apart beside it."""
    from sizer.estimate.analytic import ANALYTIC as ESTIMATES  # noqa: PLC0415

    return evolve(ESTIMATES, apart=_apart)


def _apart(rows: Scenario, wanted: tuple[str, ...]) -> Table:
    from sizer.estimate.apart.estimator import estimated  # noqa: PLC0415  # few ask for it

    return estimated(rows, wanted)


def estimator_of(scenario: Scenario) -> Estimator:
    """Return who estimates a scenario. Raises Problem (SZ303) when it is not installed."""
    return estimator(scenario.estimator, scenario.task)


def estimate(scenario: Scenario, names: Iterable[str]) -> Table:
    """Return the named metrics of every candidate.

    Raises LookupError when a name is no metric, and Problem (SZ303).
    """
    return estimator_of(scenario).estimate(scenario, names)


def described(scenario: Scenario) -> str:
    """Return who estimates a scenario and what the figures come from, for a report."""
    return f"{scenario.estimator}, {estimator_of(scenario).source(scenario)}"

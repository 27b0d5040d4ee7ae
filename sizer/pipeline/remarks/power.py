"""What a reader of an answer about power must know: who was measured, and what a server draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sizer.catalog.calibration import power_calibration
from sizer.estimate.engine import host_w_per_gpu
from sizer.expr.check import Policy
from sizer.schema.answered.power import RatedServer, UnmeasuredDraw, UnmeasuredPower
from sizer.schema.answered.report import Answer
from sizer.schema.asked.tasks import reads_only
from sizer.schema.facts.gpu import Gpu
from sizer.schema.metrics import ENERGY, registry
from sizer.schema.scenario import Scenario

AT_THE_WALL = frozenset({"wall_power_w", "energy_usd_per_hour", "gco2_per_mtok"})
OF_POWER = frozenset(metric.name for metric in ENERGY)
Remarks = RatedServer | UnmeasuredDraw | UnmeasuredPower


def power_remarks(
    answers: Iterable[Answer], scenario: Scenario, policy: Policy
) -> Iterator[Remarks]:
    """Yield what figures of power rest on, where an expression of a question reads any."""
    asked = _names(policy) & OF_POWER
    if not asked or scenario.estimator == "aiconfigurator":
        return
    shown = list(_shown(answers, scenario))
    yield from (each for gpu in shown for each in _unmeasured(gpu))
    yield from _work(scenario)
    if asked & AT_THE_WALL and scenario.energy.host_w is None:
        yield from (each for gpu in shown for each in _rated(gpu, scenario))


def _names(policy: Policy) -> set[str]:
    """Return the metrics that a question reads, also by its own ones; an end as its metric."""
    known = registry()
    names = policy.names.union(*(each.names for each in policy.metrics.values()))
    return {known[name].end_of or name for name in names if name in known}


def _shown(answers: Iterable[Answer], scenario: Scenario) -> Iterator[Gpu]:
    """Yield each accelerator of the candidates that answers show."""
    choices = (each for answer in answers for each in (answer.chosen, *answer.others) if each)
    names = {choice.metrics["gpu"] for choice in choices}
    yield from (gpu for gpu in scenario.gpus if gpu.name in names)


def _unmeasured(gpu: Gpu) -> Iterator[UnmeasuredPower]:
    known = power_calibration()
    if gpu.family not in known.families:
        kin = known.nearest_family(gpu.family, gpu.vendor, gpu.launch_year)
        yield UnmeasuredPower(gpu.name, kin if kin in known.families else None)


def _work(scenario: Scenario) -> Iterator[UnmeasuredDraw]:
    if reads_only(scenario.task):
        yield UnmeasuredDraw("reading")
    if any(each.prefill for each in scenario.deployments):
        yield UnmeasuredDraw("apart")
    if any(each.drafted_tokens for each in scenario.deployments):
        yield UnmeasuredDraw("drafts")


def _rated(gpu: Gpu, scenario: Scenario) -> Iterator[RatedServer]:
    part = host_w_per_gpu(gpu, scenario.energy)
    if gpu.server_max_w is not None and part is not None:
        count = gpu.server_devices
        yield RatedServer(gpu.name, count, gpu.server_max_w, part * count)

"""Each model of a request on each accelerator: the smallest split that does, or why none does."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from pathlib import Path

from attrs import evolve, frozen

from sizer.catalog.lookup import Unknown
from sizer.diagnostic import Diagnostic, Place, Problem, in_order
from sizer.estimate import estimate
from sizer.load import Question
from sizer.reference.lengths import Lengths
from sizer.reference.request import Request
from sizer.render.report import REFUSALS, available_gb, performance_of
from sizer.resolve import Resolved, resolve
from sizer.resolve.facts import Facts
from sizer.resolve.models import structure_of, weight_formats
from sizer.resolve.splits import refusals
from sizer.schema.answered.assumption import Assumption
from sizer.schema.answered.recommendation import GpuVerdict, Outcome, Performance, Reason
from sizer.schema.answered.report import Value
from sizer.schema.asked.profile import ModelAsk, Profile
from sizer.schema.facts.price import quoted
from sizer.structure.toml.path import Path as Keys

METRICS = (
    "tokens_per_second",
    "itl_ms",
    "ttft_ms",
    "e2e_ms",
    "memory_required_gib",
    "memory_headroom_gib",
    "weights_gib",
    "kv_cache_gib",
    "activations_gib",
    "overhead_gib",
    "fits",
    "compute_bound",
    "bottleneck",
    "tp",
)


@frozen(eq=False)
class Judged:
    """What came out for each model, in their order, and what was assumed on the way."""

    outcomes: tuple[Outcome, ...]
    assumptions: tuple[Assumption, ...]


def judged(request: Request, facts: Facts) -> Judged:
    """Return what each accelerator does with each model; a model's limit is that model's.

    Raises Problem with every fault of all models.
    """
    question = request.question()
    found = [_Model(request, question, index, facts) for index in range(len(request.models))]
    faults: list[Diagnostic] = []
    resolved: list[Resolved] = []
    for each in found:
        try:
            resolved.append(each.resolved())
        except Problem as caught:
            faults += caught.diagnostics
    if faults:
        raise Problem(tuple(in_order(faults)))
    outcomes = [each.outcome(one) for each, one in zip(found, resolved, strict=True)]
    notes = (note for one in resolved for note in one.assumptions)
    return Judged(tuple(outcomes), tuple(dict.fromkeys(notes)))


def tried(request: Request, facts: Facts) -> tuple[list[GpuVerdict], tuple[str, ...]]:
    """Return every split of a request for one model, and what was changed for the model.

    Raises Problem with every fault.
    """
    model = _Model(request, request.question(), 0, facts)
    return list(_verdicts(model.resolved(), request.latency_bound_ms)), model.notes()


@frozen(eq=False)
class _Model:
    """One model of a request, under as much of its load as the model's context holds."""

    request: Request
    question: Question
    index: int
    facts: Facts

    @property
    def asked(self) -> ModelAsk:
        return self.question.profile.models[self.index]

    def lengths(self) -> Lengths:
        try:
            longest = structure_of(self.asked, Path(), self.facts).value.max_context
        except (Unknown, ValueError):  # `resolve` says so, with its place
            return self.request.lengths
        return self.request.lengths.within(longest)

    def resolved(self) -> Resolved:
        """Return every candidate. Raises Problem."""
        lengths = self.lengths()
        prompt, answer = lengths.both()
        load = evolve(
            self.question.profile.workload,
            input_tokens=(prompt,),
            output_tokens=(answer,),
            max_context=lengths.workload().get("max_context"),
        )
        alone = evolve(self.question.profile, models=(self.asked,), workload=load)
        return resolve(alone, self.question.folder, self._place, self.facts)

    def outcome(self, resolved: Resolved) -> Outcome:
        bound = self.request.latency_bound_ms
        tried = list(_unsplit_where_one_does(list(_verdicts(resolved, bound))))
        fitting = [each for each in tried if each.refused is None]
        qualified = sorted(fitting, key=lambda each: _rank(each, _smallest(fitting, each.gpu)))
        names = {each.gpu for each in qualified}
        refused = [
            _nearest([each for each in tried if each.gpu == gpu.name])
            or GpuVerdict(gpu.name, None, refused="split", detail=self._why_unsplit(resolved, at))
            for at, gpu in enumerate(resolved.scenario.gpus)
            if gpu.name not in names
        ]
        return Outcome(self.asked.name, tuple(qualified), tuple(refused), bound, self.notes())

    def _place(self, keys: Keys) -> Place | None:
        if keys[:2] == ("models", 0):
            keys = ("models", self.index, *keys[2:])
        return self.question.place(keys)

    def notes(self) -> tuple[str, ...]:
        lengths = self.lengths()
        if lengths == self.request.lengths:
            return ()
        prompt, answer = lengths.both()
        said = f"its context ends at {lengths.context():,} tokens, so the load is {prompt:,} tokens"
        return (f"{said} of prompt and {answer:,} of answer",)

    def _why_unsplit(self, resolved: Resolved, at: int) -> str | None:
        """Return why an accelerator takes no split of the model; the reason of most splits."""
        profile: Profile = self.question.profile
        model = structure_of(self.asked, Path(), self.facts).value
        for form in weight_formats(self.asked, model):
            most = profile.fleet.max_gpus_per_replica
            reasons = refusals(model, form, resolved.scenario.gpus[at], most)
            for reason, _ in reasons.most_common(1):
                return f"{REFUSALS[reason]} ({form.name})"
        return None


def _verdicts(resolved: Resolved, bound_ms: float | None) -> Iterator[GpuVerdict]:
    """Yield each tensor-parallel split of each accelerator."""
    scenario = resolved.scenario
    table = estimate(scenario, METRICS)
    for row in range(len(scenario)):
        deployment = scenario.deployments[scenario.deployment_of[row]]
        if deployment.gpus_per_replica != deployment.tp:
            continue
        metrics: dict[str, Value] = {name: table[name].cell(row) for name in METRICS}
        found = performance_of(metrics)
        quote = quoted(scenario.prices[scenario.gpu_of[row]])
        yield GpuVerdict(
            gpu=scenario.gpus[scenario.gpu_of[row]].name,
            performance=found,
            memory_available_gb=available_gb(metrics),
            cost_per_hour=None if quote is None else quote.middle.usd_per_gpu_hour,
            refused=_refused(found, bound_ms),
        )


def _unsplit_where_one_does(tried: list[GpuVerdict]) -> Iterator[GpuVerdict]:
    """Yield what was tried, but no split of an accelerator that does it alone."""
    alone = {each.gpu for each in tried if each.refused is None and _split(each) == 1}
    yield from (each for each in tried if _split(each) == 1 or each.gpu not in alone)


def _refused(found: Performance, bound_ms: float | None) -> Reason | None:
    if not found.fits_in_memory:
        return "memory"
    if bound_ms is None:
        return None
    if found.intertoken_latency_ms is None:
        return "unknown latency"
    return "latency" if found.intertoken_latency_ms > bound_ms else None


def _smallest(found: list[GpuVerdict], gpu: str) -> int:
    return min(_split(each) for each in found if each.gpu == gpu)


def _rank(verdict: GpuVerdict, smallest: int) -> tuple[bool, float, float, int, str]:
    """Return what orders those that qualify: smallest splits first, the fastest, the cheapest."""
    rate = None if verdict.performance is None else verdict.performance.tokens_per_second
    cost = inf if verdict.cost_per_hour is None else verdict.cost_per_hour
    split = _split(verdict)
    return split > smallest, inf if rate is None else -rate, cost * split, split, verdict.gpu


def _split(verdict: GpuVerdict) -> int:
    return 1 if verdict.performance is None else verdict.performance.tensor_parallel_size


def _nearest(tried: list[GpuVerdict]) -> GpuVerdict | None:
    """Return the split that came nearest: the fastest that fits, else the one with most memory."""
    fitting = [each for each in tried if each.refused != "memory"]
    return min(fitting, key=_latency, default=None) or max(tried, key=_split, default=None)


def _latency(verdict: GpuVerdict) -> float:
    found = verdict.performance
    latency = None if found is None else found.intertoken_latency_ms
    return inf if latency is None else latency

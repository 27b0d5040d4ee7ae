"""Every candidate that the facts allow: model, formats, accelerator, split, replicas, load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product
from math import inf

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from sizer.resolve.apart import ratios
from sizer.resolve.drafts import Drafting
from sizer.resolve.fleet import Offer
from sizer.resolve.models import kv_formats, weight_formats
from sizer.resolve.proposals import not_cached, not_proposed, proposals
from sizer.resolve.splits import Split, replica_counts, runs_on
from sizer.schema.answered.report import Refusal, Unproposed
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile
from sizer.schema.asked.serving import Speculative
from sizer.schema.facts.format import KvFormat, WeightFormat
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.facts.prefill import PrefillReplicas
from sizer.schema.rows import Indices, Strips
from sizer.schema.scenario import Deployment, Draft, Load, Scenario

Asked = tuple[ModelAsk, Model]
Named = tuple[str | int | Split | PrefillReplicas | None, ...]
FEWEST = "fewest"
NOBODY = Drafting(Speculative())
MOST = 20_000_000  # rows of a question, one for each load: some 20 s of one core
MOST_PLACED = 1_000_000  # deployments on accelerators: some 10 GB of facts, however many loads


@frozen(eq=False)
class Choices:
    """One split of a model in two formats on one accelerator, with each number of replicas.

    `engine` is the number of the engine that serves it, which drafts as many tokens as `draft`.
    With a `prefill` they decode alone.
    """

    model: Model
    weights: WeightFormat
    split: Split
    cache: KvFormat
    replicas: Sequence[int]
    gpu: int
    draft: Draft | None = None
    spare: int = 0
    engine: int = 0
    prefill: PrefillReplicas | None = None

    @property
    def named(self) -> Named:
        """What is chosen but for the accelerator."""
        formats = self.weights.name, self.cache.name
        return self.model.name, *formats, self.split, self.engine, self.prefill

    def deployment(self, replicas: int) -> Deployment:
        """Return so many replicas."""
        cut = self.split
        split = cut.tp, cut.pp, cut.ep, cut.dp
        facts = self.model, self.weights, self.cache
        return Deployment(*facts, *split, replicas, self.draft, self.spare, self.prefill)


@frozen(eq=False)
class Points:
    """The load points of a question, and those that give every attention group a request at once.

    With `every`, a candidate must carry all of them. `fitting` are the indices of the loads of a
    deployment, as `of` numbers them.
    """

    loads: Sequence[Load]
    every: bool
    fitting: list[Indices] = field(factory=list)
    _flights: NDArray[np.float64] = field(init=False)
    _numbers: dict[int, int] = field(factory=dict)
    _of_count: dict[int, int] = field(factory=dict)

    @_flights.default
    def _requests_in_flight(self) -> NDArray[np.float64]:
        flights = (each.most_in_flight for each in self.loads)
        return np.array([inf if each is None else each for each in flights])

    def of(self, groups: int) -> int:
        """Return the number of the loads with as many requests in flight as there are groups."""
        if groups not in self._numbers:
            fit = np.flatnonzero(self._flights >= groups).astype(np.int32)
            if self.every and len(fit) < len(self.loads):
                fit = fit[:0]
            if len(fit) not in self._of_count:  # more groups leave some of the same loads
                self._of_count[len(fit)] = len(self.fitting)
                self.fitting.append(fit)
            self._numbers[groups] = self._of_count[len(fit)]
        return self._numbers[groups]

    def count(self, choices: Choices) -> int:
        """Return how many rows some choices are."""
        return sum(len(self.fitting[self.of(n * choices.split.dp)]) for n in choices.replicas)


def scenario_of(
    models: Sequence[Asked],
    fleet: Sequence[Offer],
    loads: Sequence[Load],
    profile: Profile,
    drafting: Drafting = NOBODY,
    readers: Sequence[Offer] = (),
    *,
    many: bool = False,
) -> Scenario | None:
    """Return the scenario of every candidate, each deployment once; None for more than MOST.

    `readers` are accelerators that only read prompts, where those that decode do not. With `many`
    it is None for more than MOST_PLACED that differ in more than their load.
    """
    points = Points(loads, every=profile.select.load == "all")
    carried = fewest_in_flight(loads, every=True)
    count = 0
    for choices in _choices(models, fleet, profile, drafting, carried, readers):
        count += len(choices.replicas) if many else points.count(choices)
        if count > (MOST_PLACED if many else MOST):
            return None
    found = _choices(models, fleet, profile, drafting, carried, readers)
    return evolve(
        _built(found, points, fleet),
        engines=drafting.engines(profile.engine),
        fewest=profile.fleet.replicas == FEWEST,
    )


def _built(found: Iterable[Choices], points: Points, fleet: Sequence[Offer]) -> Scenario:
    deployments: list[Deployment] = []
    loads_of: list[int] = []
    spans: dict[Named, tuple[int, int]] = {}
    strips: dict[tuple[int, int, int, int], None] = {}
    for choices in found:
        if choices.named not in spans:
            first = len(deployments)
            for replicas in choices.replicas:
                number = points.of(replicas * choices.split.dp)
                if len(points.fitting[number]):
                    deployments.append(choices.deployment(replicas))
                    loads_of.append(number)
            spans[choices.named] = first, len(deployments) - first
        if spans[choices.named][1]:
            strips[choices.gpu, *spans[choices.named], choices.engine] = None
    gpus, firsts, counts, engines = np.array(list(strips), np.int32).reshape(-1, 4).T
    rows = Strips(gpus, firsts, counts, points.fitting, np.array(loads_of, np.int32), engines)
    return Scenario(
        deployments=tuple(deployments),
        gpus=tuple(offer.gpu for offer in fleet),
        prices=tuple(offer.prices for offer in fleet),
        loads=tuple(points.loads),
        engines=(),
        rows=rows,
    )


def fewest_in_flight(loads: Sequence[Load], *, every: bool) -> float:
    """Return the requests in flight by which attention groups are bounded: at every load, or any.

    A request rate bounds none.
    """
    flights = [inf if each.most_in_flight is None else each.most_in_flight for each in loads]
    return min(flights) if every else max(flights)


def unproposed(
    asked: Sequence[Asked], fleet: Sequence[Offer], profile: Profile, requests: float
) -> tuple[tuple[Unproposed, ...], ...]:
    """Return for each model what is no candidate, the most first.

    No engine runs it, or so few requests in flight leave an attention group without any.
    """
    found = []
    asks, ranks = profile.fleet, profile.engine.decode_context_parallel_size
    for ask, model in asked:
        counts: Counter[Refusal] = Counter()
        forms = weight_formats(ask, model)
        for weights, offer in product(forms, fleet):
            counts += not_proposed(model, weights, offer.gpu, asks, ranks)
            if runs_on(weights, offer.gpu):
                tried = proposals(model, weights, offer.gpu, asks, ranks)
                counts["few requests"] += sum(each.dp > requests for each in tried)
        caches = {kv for each in forms for kv in kv_formats(ask, model, each, profile.engine)}
        for kv, offer in product(caches, fleet):
            counts += not_cached(model, kv, offer.gpu, asks)
        found.append(tuple(Unproposed(*each) for each in (+counts).most_common()))
    return tuple(found)


def together(refused: Iterable[Iterable[Unproposed]]) -> tuple[Unproposed, ...]:
    """Return what is no candidate of any model, the most first."""
    counts: Counter[Refusal] = Counter()
    for each in chain.from_iterable(refused):
        counts[each.reason] += each.splits
    return tuple(Unproposed(*each) for each in counts.most_common())


def _choices(
    models: Sequence[Asked],
    fleet: Sequence[Offer],
    profile: Profile,
    drafting: Drafting,
    carried: float,
    readers: Sequence[Offer] = (),
) -> Iterator[Choices]:
    """Yield every split with its numbers of replicas; `carried` requests are shared by groups."""
    spare = profile.fleet.spare_replicas
    for (asked, model), (number, offer) in product(models, enumerate(fleet)):
        gpu = offer.gpu
        for weights in weight_formats(asked, model):
            formats = kv_formats(asked, model, weights, profile.engine)
            caches = [kv for kv in formats if runs_on(kv, gpu)]
            if caches and runs_on(weights, gpu):
                case = model, weights, gpu
                for split, counts, prefill in _divided(*case, profile, carried, readers):
                    kept = [kv for kv in caches if _is_read(prefill, kv)]
                    for kv, (engine, draft) in product(kept, enumerate(drafting.of(model.name))):
                        placed = weights, split, kv, counts, number
                        yield Choices(model, *placed, draft, spare, engine, prefill)


def _is_read(prefill: PrefillReplicas | None, kv: KvFormat) -> bool:
    """Whether those that read prompts apart have a kernel for the cache too."""
    return prefill is None or prefill.gpu is None or runs_on(kv, prefill.gpu)


def _divided(
    model: Model,
    weights: WeightFormat,
    gpu: Gpu,
    profile: Profile,
    carried: float,
    readers: Sequence[Offer],
) -> Iterator[tuple[Split, Sequence[int], PrefillReplicas | None]]:
    """Yield every split with its numbers of replicas, then those whose prompts are read apart."""
    limits, ranks = profile.fleet, profile.engine.decode_context_parallel_size
    apart = profile.engine.disaggregated
    if apart.aggregated:
        for split in proposals(model, weights, gpu, limits, ranks):
            yield split, _counts(limits, split, carried), None
    if apart.is_asked:
        for each in ratios(model, weights, gpu, limits, apart, ranks, readers):
            yield each.decode, each.replicas, each.prefill


def _counts(limits: Fleet, split: Split, carried: float) -> Sequence[int]:
    """Return the numbers of replicas to try, or the most among which the fewest are looked for."""
    most = limits.most_replicas(split.gpus)
    if limits.replicas != FEWEST:
        return replica_counts(most)
    most = int(min(most, carried // split.dp))
    return (most,) if most else ()

"""Every candidate that the facts allow: model, formats, accelerator, split, replicas, load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product
from math import inf

import numpy as np
from attrs import field, frozen

from sizer.resolve.fleet import Offer
from sizer.resolve.models import kv_formats, weight_formats
from sizer.resolve.splits import (
    Split,
    cache_refusals,
    refusals,
    replica_counts,
    runs_on,
    splits,
)
from sizer.schema.answered.report import Refusal, Unproposed
from sizer.schema.asked.profile import ModelAsk, Profile
from sizer.schema.facts.format import KvFormat, WeightFormat
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Deployment, Indices, Load, Scenario

Asked = tuple[ModelAsk, Model]
MOST = 20_000_000  # rows of a question, one for each load: some 20 s and 1.2 GB


@frozen(eq=False)
class Choices:
    """One split of a model in one format on one accelerator, with all caches and replica counts."""

    model: Model
    weights: WeightFormat
    split: Split
    caches: tuple[KvFormat, ...]
    replicas: Sequence[int]
    gpu: int

    def deployments(self) -> Iterator[Deployment]:
        """Yield each cache format with each number of replicas."""
        cut = self.split
        for kv, replicas in product(self.caches, self.replicas):
            yield Deployment(self.model, self.weights, kv, cut.tp, cut.pp, cut.ep, cut.dp, replicas)


@frozen(eq=False)
class Points:
    """The load points of a question; those that give every attention group a request at once.

    With `every`, a candidate must carry all of them.
    """

    loads: Sequence[Load]
    every: bool
    fitting: dict[int, Indices] = field(factory=dict)

    def of(self, groups: int) -> Indices:
        """Return the indices of the loads with as many requests in flight as there are groups."""
        if groups not in self.fitting:
            flights = (each.concurrency for each in self.loads)
            fit = [number for number, n in enumerate(flights) if n is None or n >= groups]
            enough = len(fit) == len(self.loads) or not self.every
            self.fitting[groups] = np.array(fit if enough else [], np.int32)
        return self.fitting[groups]

    def count(self, choices: Choices) -> int:
        """Return how many candidates some choices are."""
        counts = (len(self.of(n * choices.split.dp)) for n in choices.replicas)
        return len(choices.caches) * sum(counts)


def scenario_of(
    models: Sequence[Asked], fleet: Sequence[Offer], loads: Sequence[Load], profile: Profile
) -> Scenario | None:
    """Return the scenario of every candidate, each deployment once; None for more than MOST."""
    points = Points(loads, every=profile.select.load == "all")
    found: list[Choices] = []
    count = 0
    for choices in _choices(models, fleet, profile):
        count += points.count(choices)
        if count > MOST:
            return None
        found.append(choices)
    return _built(found, points, fleet, profile)


def _built(
    found: Sequence[Choices], points: Points, fleet: Sequence[Offer], profile: Profile
) -> Scenario:
    unique: dict[tuple[str | int, ...], Deployment] = {}
    index: dict[tuple[str | int, ...], int] = {}
    runs: list[tuple[int, int]] = []
    load_of: list[Indices] = [np.zeros(0, np.int32)]
    for choices in found:
        for deployment in choices.deployments():
            fitting = points.of(deployment.replicas * deployment.dp)
            if len(fitting):
                name = _identity(deployment)
                unique[name] = deployment
                runs.append((index.setdefault(name, len(index)), choices.gpu))
                load_of.append(fitting)
    deployments, gpus = np.array(runs, np.int32).reshape(-1, 2).T
    lengths = [len(each) for each in load_of[1:]]
    return Scenario(
        deployments=tuple(unique.values()),
        gpus=tuple(offer.gpu for offer in fleet),
        prices=tuple(offer.price for offer in fleet),
        loads=tuple(points.loads),
        engines=(profile.engine,),
        deployment_of=np.repeat(deployments, lengths),
        gpu_of=np.repeat(gpus, lengths),
        load_of=np.concatenate(load_of),
    )


def fewest_in_flight(loads: Sequence[Load], *, every: bool) -> float:
    """Return the requests in flight by which attention groups are bounded: at every load, or any.

    A request rate bounds none.
    """
    flights = [inf if each.concurrency is None else each.concurrency for each in loads]
    return min(flights) if every else max(flights)


def unproposed(
    asked: Sequence[Asked], fleet: Sequence[Offer], limit: int, requests: float
) -> tuple[tuple[Unproposed, ...], ...]:
    """Return for each model what is no candidate, the most first.

    No engine runs it, or so few requests in flight leave an attention group without any.
    """
    found = []
    for ask, model in asked:
        counts: Counter[Refusal] = Counter()
        for weights, offer in product(weight_formats(ask, model), fleet):
            counts += refusals(model, weights, offer.gpu, limit)
            if runs_on(weights, offer.gpu):
                tried = splits(model, weights, offer.gpu, limit)
                counts["few requests"] += sum(each.dp > requests for each in tried)
        for kv, offer in product(kv_formats(ask), fleet):
            counts += cache_refusals(model, kv, offer.gpu, limit)
        found.append(tuple(Unproposed(*each) for each in (+counts).most_common()))
    return tuple(found)


def together(refused: Iterable[Iterable[Unproposed]]) -> tuple[Unproposed, ...]:
    """Return what is no candidate of any model, the most first."""
    counts: Counter[Refusal] = Counter()
    for each in chain.from_iterable(refused):
        counts[each.reason] += each.splits
    return tuple(Unproposed(*each) for each in counts.most_common())


def _choices(
    models: Sequence[Asked], fleet: Sequence[Offer], profile: Profile
) -> Iterator[Choices]:
    limits = profile.fleet
    for (asked, model), (number, offer) in product(models, enumerate(fleet)):
        gpu = offer.gpu
        caches = tuple(kv for kv in kv_formats(asked) if runs_on(kv, gpu))
        for weights in weight_formats(asked, model) if caches else ():
            if runs_on(weights, gpu):
                for split in splits(model, weights, gpu, limits.max_gpus_per_replica):
                    most = (limits.max_gpus or split.gpus) // split.gpus
                    yield Choices(model, weights, split, caches, replica_counts(most), number)


def _identity(deployment: Deployment) -> tuple[str | int, ...]:
    d = deployment
    named = d.model.name, d.weights.name, d.kv_format.name
    return *named, d.tp, d.pp, d.ep, d.dp, d.replicas

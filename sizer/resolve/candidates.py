"""Every candidate that the facts allow: model, formats, accelerator, split, replicas, load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from sizer.resolve.fleet import Offer
from sizer.resolve.models import kv_formats, weight_formats
from sizer.resolve.splits import cache_refusals, refusals, replica_counts, runs_on, splits
from sizer.schema.answered.report import Refusal, Unproposed
from sizer.schema.asked.profile import ModelAsk, Profile
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Deployment, Load, Scenario

Row = tuple[Deployment, int, int]
Asked = tuple[ModelAsk, Model]


def scenario_of(
    models: Sequence[Asked], fleet: Sequence[Offer], points: Sequence[Load], profile: Profile
) -> Scenario:
    """Return the scenario of every candidate, each deployment once."""
    rows = list(_rows(models, fleet, points, profile))
    unique = list({_identity(deployment): deployment for deployment, _, _ in rows}.values())
    index = {_identity(deployment): number for number, deployment in enumerate(unique)}
    return Scenario(
        deployments=tuple(unique),
        gpus=tuple(offer.gpu for offer in fleet),
        prices=tuple(offer.price for offer in fleet),
        loads=tuple(points),
        engines=(profile.engine,),
        deployment_of=np.array([index[_identity(d)] for d, _, _ in rows], np.int32),
        gpu_of=np.array([gpu for _, gpu, _ in rows], np.int32),
        load_of=np.array([load for _, _, load in rows], np.int32),
    )


def unproposed(
    asked: Sequence[Asked], fleet: Sequence[Offer], limit: int
) -> tuple[tuple[Unproposed, ...], ...]:
    """Return for each model what is no candidate since no engine runs it, the most first."""
    found = []
    for ask, model in asked:
        counts: Counter[Refusal] = Counter()
        for weights, offer in product(weight_formats(ask, model), fleet):
            counts += refusals(model, weights, offer.gpu, limit)
        for kv, offer in product(kv_formats(ask), fleet):
            counts += cache_refusals(model, kv, offer.gpu, limit)
        found.append(tuple(Unproposed(*each) for each in counts.most_common()))
    return tuple(found)


def _rows(
    models: Sequence[Asked], fleet: Sequence[Offer], points: Sequence[Load], profile: Profile
) -> Iterator[Row]:
    for (asked, model), (gpu, offer) in product(models, enumerate(fleet)):
        for deployment in _deployments(asked, model, offer, profile):
            for number, load in enumerate(points):
                if (
                    load.concurrency is None
                    or load.concurrency >= deployment.replicas * deployment.dp
                ):
                    yield deployment, gpu, number


def _deployments(
    asked: ModelAsk, model: Model, offer: Offer, profile: Profile
) -> Iterator[Deployment]:
    fleet = profile.fleet
    caches = [kv for kv in kv_formats(asked) if runs_on(kv, offer.gpu)]
    for weights in weight_formats(asked, model):
        if not runs_on(weights, offer.gpu):
            continue
        for split in splits(model, weights, offer.gpu, fleet.max_gpus_per_replica):
            most = (fleet.max_gpus or split.gpus) // split.gpus
            for kv, replicas in product(caches, replica_counts(most)):
                yield Deployment(
                    model, weights, kv, split.tp, split.pp, split.ep, split.dp, replicas
                )


def _identity(deployment: Deployment) -> tuple[str | int, ...]:
    d = deployment
    named = d.model.name, d.weights.name, d.kv_format.name
    return *named, d.tp, d.pp, d.ep, d.dp, d.replicas

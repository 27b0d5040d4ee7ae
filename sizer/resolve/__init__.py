"""The resolve stage: names of a profile to facts, and every candidate that they allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import numpy as np
from attrs import evolve, frozen

from sizer.catalog.found import Unknown
from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.resolve.fleet import Offer, offers
from sizer.resolve.loads import loads
from sizer.resolve.models import kv_formats, structure_of, weight_formats
from sizer.resolve.splits import accepts, node_size, pipeline_splits, tensor_splits
from sizer.schema.model import Model
from sizer.schema.profile import ModelAsk, Profile
from sizer.schema.scenario import Deployment, Load, Scenario

Keys = tuple[str | int, ...]
PlaceOf = Callable[[Keys], Place | None]


@frozen
class Resolved:
    """A scenario, and what was assumed on the way to it."""

    scenario: Scenario
    assumptions: tuple[str, ...]


def resolve(
    profile: Profile, folder: Path | None = None, place: PlaceOf = lambda _: None
) -> Resolved:
    """Return every candidate of a profile.

    Raises Problem with a place for a model, accelerator or length that cannot be.
    """
    models, faults = _models(profile, folder, place)
    points = loads(profile.workload)
    faults += _too_long(models, profile, place)
    try:
        fleet = offers(profile.fleet)
    except Unknown as unknown:
        faults.append(Diagnostic("SZ701", str(unknown), place(("fleet",)), _maybe(unknown)))
    if faults:
        raise Problem(tuple(faults))
    rows = list(_rows(models, fleet, points, profile))
    if not rows:
        said = "no accelerator and split can serve any of these models"
        raise Problem((Diagnostic("SZ705", said, place(("fleet",))),))
    notes = [note for offer in fleet for note in offer.assumptions]
    return Resolved(_scenario(rows, fleet, points, profile), tuple(dict.fromkeys(notes)))


def _models(
    profile: Profile, folder: Path | None, place: PlaceOf
) -> tuple[list[tuple[ModelAsk, Model]], list[Diagnostic]]:
    models: list[tuple[ModelAsk, Model]] = []
    faults: list[Diagnostic] = []
    for index, asked in enumerate(profile.models):
        where = place(("models", index, "name"))
        try:
            models.append((asked, evolve(structure_of(asked, folder).value, name=asked.name)))
        except Unknown as unknown:
            faults.append(Diagnostic("SZ702", str(unknown), where, _maybe(unknown)))
        except ValueError as fault:
            faults.append(Diagnostic("SZ104", f"{asked.name}: {fault}", where))
    return models, faults


def _too_long(
    models: list[tuple[ModelAsk, Model]], profile: Profile, place: PlaceOf
) -> list[Diagnostic]:
    work = profile.workload
    longest = max(work.input_tokens) + max(work.output_tokens)
    faults = []
    for _, model in models:
        asked = [("max_context", work.max_context or 0), ("input_tokens", longest)]
        for name, tokens in asked:
            if model.max_context and tokens > model.max_context:
                said = f"{tokens} tokens are more than the {model.max_context} of {model.name}"
                faults.append(Diagnostic("SZ104", said, place(("workload", name))))
    if work.max_context is not None and longest > work.max_context:
        said = f"input and output need {longest} tokens, above max_context = {work.max_context}"
        faults.append(Diagnostic("SZ104", said, place(("workload", "max_context"))))
    return faults


def _maybe(unknown: Unknown) -> str | None:
    near = " or ".join(repr(name) for name in unknown.suggestions)
    return f"did you mean {near}?" if near else None


def _rows(
    models: list[tuple[ModelAsk, Model]], fleet: list[Offer], points: list[Load], profile: Profile
) -> Iterator[tuple[Deployment, int, int]]:
    for asked, model in models:
        pairs = list(product(weight_formats(asked, model), kv_formats(asked)))
        for index, offer in enumerate(fleet):
            for tp, pp in _splits(model, offer, profile):
                for weights, kv in pairs:
                    if not accepts(weights, model, tp):
                        continue
                    for replicas in _replicas(tp * pp, profile):
                        deployment = Deployment(model, weights, kv, tp, pp, 1, replicas)
                        for number, load in enumerate(points):
                            if (load.concurrency or replicas) >= replicas:
                                yield deployment, index, number


def _splits(model: Model, offer: Offer, profile: Profile) -> list[tuple[int, int]]:
    limit = profile.fleet.max_gpus_per_replica
    return [
        (tp, pp)
        for tp in tensor_splits(model, min(limit, node_size(offer.gpu)))
        for pp in pipeline_splits(model, tp, offer.gpu, limit)
    ]


def _replicas(gpus: int, profile: Profile) -> list[int]:
    most = (profile.fleet.max_gpus or gpus) // gpus
    return [2**power for power in range(most.bit_length()) if 2**power <= most]


def _scenario(
    rows: list[tuple[Deployment, int, int]],
    fleet: list[Offer],
    points: list[Load],
    profile: Profile,
) -> Scenario:
    unique = list({id_of(d): d for d, _, _ in rows}.values())
    index = {id_of(deployment): number for number, deployment in enumerate(unique)}
    return Scenario(
        deployments=tuple(unique),
        gpus=tuple(offer.gpu for offer in fleet),
        prices=tuple(offer.price for offer in fleet),
        loads=tuple(points),
        engine=profile.engine,
        deployment_of=np.array([index[id_of(d)] for d, _, _ in rows], np.int32),
        gpu_of=np.array([gpu for _, gpu, _ in rows], np.int32),
        load_of=np.array([load for _, _, load in rows], np.int32),
    )


def id_of(deployment: Deployment) -> tuple[str, str, str, int, int, int, int]:
    """Return what tells one deployment from another."""
    d = deployment
    return d.model.name, d.weights.name, d.kv_format.name, d.tp, d.pp, d.ep, d.replicas

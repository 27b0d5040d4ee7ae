"""A candidate's deployment in aiconfigurator's words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sizer.catalog.aiconfigurator import names
from sizer.catalog.models import find_model, index, knows_model
from sizer.catalog.names import normalised
from sizer.estimate.aiconfigurator.engine import Asked, known_models
from sizer.estimate.aiconfigurator.structure import config_of, folder_with
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Deployment

PLAIN = frozenset({"bf16", "fp16"})


def asked(deployment: Deployment, gpu: Gpu, engine: str) -> Asked | None:
    """Return the question, None where aiconfigurator has no word for a part of it."""
    words = names()
    system, backend = words.systems.get(gpu.name), words.engines.get(engine)
    kv = words.kv.get(deployment.kv_format.name)
    found = _checkpoint(deployment)
    if system is None or backend is None or kv is None or found is None:
        return None
    model, dense, experts = found
    spread = deployment.expert_ranks if deployment.model.is_moe else 1
    return Asked(
        model=model,
        system=system,
        engine=backend,
        tp=deployment.tp,
        pp=deployment.pp,
        dp=deployment.dp,
        expert_tp=spread // deployment.ep,
        expert_ep=deployment.ep,
        dense=dense,
        experts=experts,
        kv=kv,
    )


def _checkpoint(deployment: Deployment) -> tuple[str, str | None, str | None] | None:
    """Return a repository or folder, and the formats of its matrices and experts to apply.

    A checkpoint in the very format says itself which parts are in it; another of the structure is
    told the format, where there is a word for it.
    """
    weights = deployment.weights.name
    config = config_of(deployment.model)
    checkpoints = _of_structure(_stem(deployment.model), config)
    if weights in checkpoints:
        return checkpoints[weights], None, None
    words = names()
    dense, experts = words.dense.get(weights), words.experts.get(weights)
    if dense is None or (experts is None and deployment.model.is_moe):
        return None
    other = min(checkpoints, key=lambda form: (form not in PLAIN, form), default=None)
    if other is not None:
        return checkpoints[other], dense, experts
    return None if config is None else (folder_with(config), dense, experts)


def _stem(model: Model) -> str | None:
    """Return which structure of the catalog a model is; one with its name may be another."""
    stem = knows_model(model.name)
    if stem is None:
        return None
    known = find_model(model.name).value
    same = (known.layers, known.vocab_size) == (model.layers, model.vocab_size)
    return stem if same else None


def _of_structure(stem: str | None, config: str | None) -> Mapping[str, str]:
    """Return the repositories of a structure by format: of its own, or of its like."""
    if stem in _checkpoints():
        return _checkpoints()[stem]
    return {} if config is None else _plain_checkpoints().get(config, {})


@cache
def _plain_checkpoints() -> Mapping[str, Mapping[str, str]]:
    """Return the repositories of each plain structure, as Llama 3.3 is one with Llama 3.1."""
    found = {}
    for checkpoints in _checkpoints().values():
        config = config_of(find_model(min(checkpoints.values())).value)
        if config is not None:
            found[config] = checkpoints
    return found


@cache
def _checkpoints() -> Mapping[str | None, dict[str, str]]:
    """Return aiconfigurator's repositories by structure of the catalog and weight format."""
    found: dict[str | None, dict[str, str]] = {}
    for name in sorted(known_models()):
        if normalised(name) in index():
            stem, form = index()[normalised(name)]
            found.setdefault(stem, {}).setdefault(form or "", name)
    return found

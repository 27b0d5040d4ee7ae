"""Candidates by their names, and those one step away from a candidate."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

import numpy as np
from numpy.typing import NDArray

from sizer.schema.answered.decision import Axis
from sizer.schema.scenario import Deployment, Scenario
from sizer.select.identity import candidate_id, deployment_name, load_name, split_name

Rows = NDArray[np.intp]


def named(scenario: Scenario, candidate: str) -> Rows:
    """Return the rows of every model whose candidate has this name."""
    gpus = _which(candidate.startswith(f"{gpu.name} ") for gpu in scenario.gpus)
    deployments = _which(f" {deployment_name(d)} " in candidate for d in scenario.deployments)
    loads = _which(candidate.endswith(f" {load_name(load)}") for load in scenario.loads)
    found = np.flatnonzero(
        gpus[scenario.gpu_of] & deployments[scenario.deployment_of] & loads[scenario.load_of]
    )
    rows: Rows = found[_which(candidate_id(scenario, int(row)) == candidate for row in found)]
    return rows


def neighbours(scenario: Scenario, row: int) -> dict[Axis, Rows]:
    """Return the rows of the same model that differ from one along one axis alone."""
    coordinates = _coordinates(scenario)
    same = {axis: values == values[row] for axis, values in coordinates.items()}
    models = _numbered(scenario, lambda d: d.model.name)
    alike = models == models[row]
    found: dict[Axis, Rows] = {}
    for axis in coordinates:
        others = alike & ~same[axis]
        for other in coordinates:
            if other != axis:
                others &= same[other]
        found[axis] = np.flatnonzero(others)
    return found


def along(scenario: Scenario, row: int, axis: Axis) -> str:
    """Return what a candidate has along an axis, in words."""
    deployment = scenario.deployments[int(scenario.deployment_of[row])]
    match axis:
        case "accelerator":
            return scenario.gpus[int(scenario.gpu_of[row])].name
        case "weights":
            return deployment.weights.name
        case "kv_format":
            return deployment.kv_format.name
        case "split":
            return split_name(deployment)
        case "load":
            return load_name(scenario.loads[int(scenario.load_of[row])])
        case "engine":
            return scenario.engines[int(scenario.engine_of[row])].name


def _coordinates(scenario: Scenario) -> dict[Axis, NDArray[np.intp]]:
    """Return where each candidate stands along each axis."""
    return {
        "accelerator": scenario.gpu_of.astype(np.intp),
        "weights": _numbered(scenario, lambda d: d.weights.name),
        "kv_format": _numbered(scenario, lambda d: d.kv_format.name),
        "split": _numbered(scenario, lambda d: (d.tp, d.pp, d.ep, d.dp, d.replicas)),
        "load": scenario.load_of.astype(np.intp),
        "engine": scenario.engine_of.astype(np.intp),
    }


def _numbered(scenario: Scenario, key: Callable[[Deployment], Hashable]) -> NDArray[np.intp]:
    """Return a number for what `key` says of each candidate's deployment."""
    numbers: dict[Hashable, int] = {}
    of_deployment = [numbers.setdefault(key(d), len(numbers)) for d in scenario.deployments]
    return np.array(of_deployment, np.intp)[scenario.deployment_of]


def _which(truths: Iterable[bool]) -> NDArray[np.bool_]:
    return np.fromiter(truths, np.bool_)

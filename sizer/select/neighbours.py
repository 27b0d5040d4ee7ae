"""Candidates by their names, and those one step away from a candidate."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
from numpy.typing import NDArray

from sizer.schema.answered.decision import Axis
from sizer.schema.scenario import Deployment, Scenario
from sizer.select.identity import LOAD_WORDS, load_name, placed_name, split_name

Rows = NDArray[np.intp]


def named(scenario: Scenario, candidate: str) -> Rows:
    """Return the rows of every model whose candidate has this name; without a load, at each."""
    words = candidate.split(" ")
    head, load = " ".join(words[:-LOAD_WORDS]), " ".join(words[-LOAD_WORDS:])
    loads = np.array([load_name(each) == load for each in scenario.loads], np.bool_)
    at_load = _deployed(scenario, np.flatnonzero(loads[scenario.load_of]), head)
    return at_load if len(at_load) else _deployed(scenario, np.arange(len(scenario)), candidate)


def _deployed(scenario: Scenario, rows: Rows, name: str) -> Rows:
    """Return those of some rows whose accelerator and deployment have a name."""
    few = scenario.take(rows)
    of_row = np.stack((few.gpu_of, few.deployment_of))
    pairs, which = np.unique(of_row, axis=1, return_inverse=True)
    found = [placed_name(scenario, int(gpu), int(d)) == name for gpu, d in pairs.T]
    mine: Rows = rows[np.array(found, np.bool_)[which.reshape(-1)]]
    return mine


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
        "split": _numbered(scenario, lambda d: (d.tp, d.pp, d.ep, d.dp, d.copies, d.prefill)),
        "load": scenario.load_of.astype(np.intp),
        "engine": scenario.engine_of.astype(np.intp),
    }


def _numbered(scenario: Scenario, key: Callable[[Deployment], Hashable]) -> NDArray[np.intp]:
    """Return a number for what `key` says of each candidate's deployment."""
    numbers: dict[Hashable, int] = {}
    of_deployment = [numbers.setdefault(key(d), len(numbers)) for d in scenario.deployments]
    return np.array(of_deployment, np.intp)[scenario.deployment_of]

"""Which facts leave a metric unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sizer.estimate import estimate, estimator_of
from sizer.estimate.columns import reads
from sizer.schema.facts.gpu import Gpu
from sizer.schema.scenario import Scenario
from sizer.schema.table import Table

Rows = NDArray[np.intp]
FACTS: Mapping[str, str] = MappingProxyType(
    {
        "purchase_usd_per_hour": "price",
        "link_bytes_s": "link",
        "pcie_bytes_s": "pcie",
        "node_link_bytes_s": "node_link",
        "bandwidth_bytes_s": "bandwidth",
        "peak_flops": "peak",
        "peak_flops_16": "peak",
        "expert_peak_flops": "peak",
        "tdp_w": "power",
        "host_w_per_gpu": "host_power",
        "usd_per_kwh": "usd_per_kwh",
        "gco2_per_kwh": "gco2_per_kwh",
        "timed": "timing",
    }
)
# what only a replica needs that is larger than a link domain, or than a server
LEFT: Mapping[str | None, Callable[[Gpu], int]] = MappingProxyType(
    {"pcie": lambda gpu: gpu.domain_devices, "node_link": lambda gpu: gpu.joined_devices}
)


def missing_facts(scenario: Scenario, metric: str) -> Mapping[str, Rows]:
    """Return the facts without which a metric is unknown, each with its rows.

    A metric that is unknown though every fact is known stands for itself, or `overload` or `memory`
    do: what cannot keep up, or has no room for a request, has no times.
    """
    if not len(scenario):
        return {}
    sources = _sources(scenario, metric)
    table = estimate(scenario, sources)
    found: dict[str, Rows] = {}
    for name, lacking in _lacking(sources, table, metric):
        fact = FACTS.get(name)
        rows = lacking[_leaves(scenario, lacking, LEFT[fact])] if fact in LEFT else lacking
        if fact and len(rows):
            found[fact] = np.union1d(found.get(fact, rows), rows)
    told = np.concatenate([*found.values(), np.array([], np.intp)])
    left = np.setdiff1d(np.flatnonzero(table[metric].unknown), told)
    return {**found, **_by_load(scenario, left, metric)}


def _by_load(scenario: Scenario, rows: Rows, metric: str) -> Mapping[str, Rows]:
    """Return what of its load leaves a metric unknown of some rows, or else the metric."""
    if not len(rows):
        return {}
    table = estimate(scenario.take(rows), ("overloaded", "fits"))
    over = table["overloaded"].values == 1
    full = ~over & (table["fits"].values == 0)
    parts = {"overload": rows[over], "memory": rows[full], metric: rows[~over & ~full]}
    return {fact: each for fact, each in parts.items() if len(each)}


def _sources(scenario: Scenario, metric: str) -> Mapping[str, tuple[str, ...]]:
    """Return every column that a metric follows from, itself the first, with what each reads."""
    terms = estimator_of(scenario).terms
    found: dict[str, tuple[str, ...]] = {}
    pending = [metric]
    while pending:
        name = pending.pop()
        if name not in found:
            found[name] = reads(terms[name]) if name in terms else ()
            pending.extend(found[name])
    return found


def _lacking(
    sources: Mapping[str, tuple[str, ...]], table: Table, metric: str
) -> Iterator[tuple[str, Rows]]:
    """Yield every column by which a metric is unknown, with the rows of which it is.

    A column that several others read is unknown of the rows of each of them.
    """
    unknown: dict[str, Rows] = {metric: np.flatnonzero(table[metric].unknown)}
    pending = [metric]
    while pending:
        name = pending.pop()
        for each in sources[name]:
            rows = unknown[name][table[each].unknown[unknown[name]]]
            known = unknown.get(each, rows[:0])
            unknown[each] = np.union1d(known, rows)
            if len(unknown[each]) > len(known):
                pending.append(each)
    yield from unknown.items()


def _leaves(scenario: Scenario, rows: Rows, size: Callable[[Gpu], int]) -> NDArray[np.bool_]:
    """Return of which rows a replica is on more devices than so many of its accelerator."""
    asked = (
        scenario.deployments[scenario.deployment_of[row]].gpus_per_replica
        > size(scenario.gpus[scenario.gpu_of[row]])
        for row in rows
    )
    return np.fromiter(asked, np.bool_, len(rows))

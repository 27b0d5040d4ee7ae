"""Conditions of a profile, judged by simulated times: of the whole run, and request by request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from sizer.expr.check import Policy
from sizer.expr.language import Expression
from sizer.judge.outcome import outcome
from sizer.judge.own_metrics import with_own_metrics
from sizer.schema.answered.simulation import Attainment, Outcome
from sizer.schema.table import Column, Table
from sizer.schema.verdict import FAILS, HOLDS, NOT_APPLICABLE, UNKNOWN
from sizer.simulate import Numbers

PACES = ("ttft", "tpot", "e2e", "queue")
MEANS = {"itl_ms": "tpot"}  # what a mean is of one request
SAID: Mapping[int, Outcome] = {
    HOLDS: "holds",
    FAILS: "fails",
    UNKNOWN: "unknown",
    NOT_APPLICABLE: "not applicable",
}


def attained(
    table: Table, policy: Policy, metrics: Mapping[str, float], of_requests: Mapping[str, Numbers]
) -> Iterator[Attainment]:
    """Yield each rule, and each condition on what was simulated, judged by the simulated times."""
    told = {name: Column(np.array([each])) for name, each in metrics.items() if name in table}
    whole_run = with_own_metrics(policy, {**table, **told})
    each_one = _each_request(table, policy, of_requests)
    for label, kind, require, when in _conditions(policy):
        read = _read(policy, require)
        if kind == "where" and read.isdisjoint(metrics):
            continue
        ended = int(outcome(require, when, whole_run)[0])
        text = " ".join(require.text.split())
        share = None
        if _is_of_requests(read, metrics):
            kept = outcome(require, when, each_one)
            judged_ones = np.count_nonzero((kept == HOLDS) | (kept == FAILS))
            share = float(np.count_nonzero(kept == HOLDS) / judged_ones) if judged_ones else None
        yield Attainment(label, kind, text, SAID[ended], share)


def _conditions(
    policy: Policy,
) -> Iterator[tuple[str, str, Expression, Expression | None]]:
    for condition in policy.where:
        yield condition.text, "where", condition, None
    for each in policy.rules:
        yield each.rule.id, each.rule.level, each.require, each.when


def _read(policy: Policy, require: Expression) -> frozenset[str]:
    """Return the metrics that a condition reads, own ones by what they read."""
    own = policy.metrics
    return frozenset().union(
        *(own[name].names if name in own else {name} for name in require.names)
    )


def _pace_of(metric: str) -> str | None:
    """Return which time of one request a simulated metric is of; single gaps are of none."""
    if metric in MEANS:
        return MEANS[metric]
    name = metric.split("_", 1)[0]
    return name if name in PACES else None


def _is_of_requests(read: Iterable[str], metrics: Iterable[str]) -> bool:
    simulated = frozenset(read) & frozenset(metrics)
    return bool(simulated) and all(_pace_of(each) for each in simulated)


def _each_request(table: Table, policy: Policy, of_requests: Mapping[str, Numbers]) -> Table:
    """Return a table with a row for each request: its own times, and the deployment's figures."""
    count = len(of_requests["ttft"])
    rows = np.zeros(count, np.intp)
    names = {name for each in _conditions(policy) for name in _names(policy, each[2:])}
    found = {name: table[name].take(rows) for name in names if name in table}
    paces = {name: _pace_of(name) for name in found}
    told = {name: Column(of_requests[pace]) for name, pace in paces.items() if pace}
    return with_own_metrics(policy, {**found, **told})


def _names(policy: Policy, parts: Sequence[Expression | None]) -> frozenset[str]:
    return frozenset().union(*(_read(policy, part) for part in parts if part is not None))

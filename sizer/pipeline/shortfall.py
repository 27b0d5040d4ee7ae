"""What a candidate lacks to fit or to keep up, and the single steps with which it would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil

import numpy as np
from attrs import evolve, frozen

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.estimate import estimate
from sizer.resolve.splits import Split, runs_on, splits
from sizer.schema.answered.decision import Relief, Shortfall
from sizer.schema.answered.report import Overload
from sizer.schema.facts.gpu import Gpu
from sizer.schema.scenario import Deployment, Load, Scenario

WEIGHTS = ("bf16", "fp8", "int4")  # one of each width, the mildest first
KV_FORMATS = ("bf16", "fp8")
MORE = 4  # a quarter more replicas than the rate alone asks for are tried
PARTS = 1000  # of a rate, to which the highest that is carried is found
MOST_SPLIT = 64  # accelerators of a replica that are tried


def shortfall(one: Scenario) -> Shortfall | None:
    """Return what the candidate of a scenario of one lacks; None if it fits, or nobody knows."""
    table = estimate(one, ("fits", "memory_headroom_gib"))
    headroom = table["memory_headroom_gib"].cell(0)
    if table["fits"].cell(0) is not False or not isinstance(headroom, float):
        return None
    found = _Steps(one, _fits)
    return Shortfall(
        missing_gib=-headroom,
        concurrency=found.concurrency(),
        context_tokens=found.context_tokens(),
        weights=found.weights(),
        kv_format=found.kv_format(),
        gpus_per_replica=found.gpus_per_replica(),
    )


def relief(one: Scenario) -> Relief | None:
    """Return the steps with which the candidate of a scenario of one keeps up; None if it does."""
    table = estimate(one, ("overloaded", "max_request_rate"))
    most = table["max_request_rate"].cell(0)
    if table["overloaded"].cell(0) is not True:
        return None
    found = _Steps(one, _keeps_up)
    return Relief(
        request_rate=found.request_rate(most) if isinstance(most, float) else None,
        weights=found.weights(),
        kv_format=found.kv_format(),
        gpus_per_replica=found.gpus_per_replica(),
    )


def enough_replicas(one: Scenario, lacking: Overload) -> Overload:
    """Return what a candidate lacks with the replicas that do keep up, and hold their requests.

    The rate alone may ask for fewer: near what they sustain, requests in flight overflow the cache.
    Where prompts are read apart, there are more of both sides.
    """
    least = lacking.replicas_needed
    counts = range(least, least + least // MORE + 3)
    placed = one.deployments[int(one.deployment_of[0])]
    wider = [_more(placed, count) for count in counts]
    enough = zip(wider, _keeps_up(_deployed(one, wider)), strict=True)
    needed = next((each for each, keeps_up in enough if keeps_up), wider[0])
    reading = needed.prefill.replicas if needed.prefill else 0
    replicas = needed.replicas + reading
    return evolve(lacking, replicas_needed=replicas, gpus_needed=needed.gpus)


def _more(placed: Deployment, replicas: int) -> Deployment:
    """Return a deployment with more replicas, and as many more that read prompts apart."""
    pool = placed.prefill
    if pool is not None:
        pool = evolve(pool, replicas=ceil(pool.replicas * replicas / placed.replicas))
    return evolve(placed, replicas=replicas, prefill=pool)


@frozen(eq=False)
class _Steps:
    """Changes one part of a candidate at a time until it is enough: it fits, or keeps up."""

    one: Scenario
    enough: Callable[[Scenario], list[bool]]

    @property
    def deployment(self) -> Deployment:
        return self.one.deployments[int(self.one.deployment_of[0])]

    @property
    def gpu(self) -> Gpu:
        return self.one.gpus[int(self.one.gpu_of[0])]

    @property
    def load(self) -> Load:
        return self.one.loads[int(self.one.load_of[0])]

    def concurrency(self) -> int | None:
        """Return the most requests in flight that fit."""
        now = self.load.concurrency
        if now is None:
            return None
        least = self.deployment.replicas * self.deployment.dp

        def carries(number: int) -> bool:
            return self._carries(evolve(self.load, concurrency=number))

        return _most(least, now - 1, carries)

    def request_rate(self, most: float) -> float | None:
        """Return a rate below `most` that is carried, in parts of it: near it caches overflow."""

        def carries(parts: int) -> bool:
            return self._carries(evolve(self.load, request_rate=most * parts / PARTS))

        found = _most(1, PARTS - 1, carries)
        return None if found is None else most * found / PARTS

    def context_tokens(self) -> int | None:
        """Return the longest sequences that fit, answers as long as before."""
        answer = self.load.output_tokens
        found = _most(1, self.load.input_tokens - 1, self._reads)
        return None if found is None else found + answer

    def weights(self) -> str | None:
        """Return the mildest format with fewer bytes in which it fits."""
        now = self.deployment.weights.linear_bytes
        forms = map(find_weight_format, WEIGHTS)
        fewer = [each for each in forms if each.linear_bytes < now and runs_on(each, self.gpu)]
        named = ((each.name, evolve(self.deployment, weights=each)) for each in fewer)
        return self._first((name, each) for name, each in named if self._is_split(each))

    def kv_format(self) -> str | None:
        """Return the format of the cache with fewer bytes with which it fits."""
        now = self.deployment.kv_format.bytes_per_element
        forms = map(find_kv_format, KV_FORMATS)
        fewer = [each for each in forms if each.bytes_per_element < now and runs_on(each, self.gpu)]
        return self._first((each.name, evolve(self.deployment, kv_format=each)) for each in fewer)

    def gpus_per_replica(self) -> int | None:
        """Return the fewest accelerators of a replica that hold it, more than now."""
        now = self.deployment.gpus_per_replica
        wider = [each for each in self._splits(MOST_SPLIT) if each.gpus > now]
        found = self._first(
            (str(each.gpus), self._divided(each)) for each in sorted(wider, key=_size)
        )
        return None if found is None else int(found)

    def _reads(self, prompt: int) -> bool:
        longest = min(self.load.max_context, prompt + self.load.output_tokens)
        shared = min(self.load.shared_prefix_tokens, prompt)
        load = evolve(self.load, input_tokens=prompt, max_context=longest)
        return self._carries(evolve(load, shared_prefix_tokens=shared))

    def _carries(self, load: Load) -> bool:
        rows = evolve(self.one.listed, load_of=np.zeros(1, np.int32))
        return self.enough(evolve(self.one, loads=(load,), rows=rows))[0]

    def _first(self, named: Iterable[tuple[str, Deployment]]) -> str | None:
        """Return the name of the first deployment that fits."""
        tried = list(named)
        if not tried:
            return None
        holding = self.enough(_deployed(self.one, [each for _, each in tried]))
        return next((name for (name, _), fits in zip(tried, holding, strict=True) if fits), None)

    def _divided(self, split: Split) -> Deployment:
        return evolve(self.deployment, tp=split.tp, pp=split.pp, ep=split.ep, dp=split.dp)

    def _is_split(self, deployment: Deployment) -> bool:
        asked = Split(deployment.tp, deployment.pp, deployment.ep, deployment.dp)
        limit = deployment.gpus_per_replica
        return asked in splits(deployment.model, deployment.weights, self.gpu, limit)

    def _splits(self, limit: int) -> Iterator[Split]:
        return splits(self.deployment.model, self.deployment.weights, self.gpu, limit)


def _deployed(one: Scenario, deployments: Sequence[Deployment]) -> Scenario:
    """Return the scenario of a candidate in several deployments."""
    alike = one.rows.take(np.zeros(len(deployments), np.intp))
    order = np.arange(len(deployments), dtype=np.int32)
    rows = evolve(alike, deployment_of=order)
    return evolve(one, deployments=tuple(deployments), rows=rows)


def _fits(scenario: Scenario) -> list[bool]:
    column = estimate(scenario, ("fits",))["fits"]
    return [column.cell(row) is True for row in range(len(column))]


def _keeps_up(scenario: Scenario) -> list[bool]:
    table = estimate(scenario, ("fits", "overloaded"))
    fits, over = table["fits"], table["overloaded"]
    return [fits.cell(row) is True and over.cell(row) is False for row in range(len(fits))]


def _most(low: int, high: int, fits: Callable[[int], bool]) -> int | None:
    """Return the largest number up to `high` that fits, as all below it do; None without one."""
    if high < low or not fits(low):
        return None
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _size(split: Split) -> tuple[int, int, int]:
    return split.gpus, split.pp, split.dp

"""Both sides of candidates as candidates of their own: one reads prompts, the other decodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from attrs import evolve, field, frozen

from sizer.estimate.columns.inputs import Inputs
from sizer.schema.rows import Indices
from sizer.schema.scenario import Deployment, Load, Scenario
from sizer.schema.table import Values

ANY_RATE = 1.0  # of loads whose rate each row has of its own


@frozen
class Side:
    """Deployments of one side, each once, and which of them each deployment of both has."""

    deployments: tuple[Deployment, ...]
    of: tuple[int, ...]
    loads: tuple[Load, ...]

    def inputs(self, both: Scenario) -> Inputs:
        """Return the columns of one side of some rows."""
        numbers: Indices = np.array(self.of, np.int32)[both.deployment_of]
        rows = evolve(both.listed, deployment_of=numbers)
        alone = evolve(
            both, deployments=self.deployments, loads=self.loads, rows=rows, by_row=UNASKED
        )
        return Inputs.of(alone)


UNASKED: dict[str, Values] = {}


@frozen
class _Both:
    """What both sides are made of, alike when it is the very same."""

    deployments: tuple[Deployment, ...] = field(eq=id)
    loads: tuple[Load, ...] = field(eq=id)


def sides(both: Scenario) -> tuple[Side, Side]:
    """Return the side that reads prompts and the one that decodes."""
    return _sides(_Both(both.deployments, both.loads))


@lru_cache(maxsize=4)
def _sides(both: _Both) -> tuple[Side, Side]:
    return (
        _side(both.deployments, _reading, tuple(map(_prompt, both.loads))),
        _side(both.deployments, _decoding, tuple(map(_answer, both.loads))),
    )


def _side(
    both: Sequence[Deployment], side: Callable[[Deployment], Deployment], loads: tuple[Load, ...]
) -> Side:
    numbers: dict[Deployment, int] = {}
    of = tuple(numbers.setdefault(side(each), len(numbers)) for each in both)
    return Side(tuple(numbers), of, loads)


def _reading(both: Deployment) -> Deployment:
    pool = both.prefill
    if pool is None:
        return both
    tp, pp, ep, dp, replicas = pool.split
    return evolve(both, prefill=None, tp=tp, pp=pp, ep=ep, dp=dp, replicas=replicas)


def _decoding(both: Deployment) -> Deployment:
    return evolve(both, prefill=None)


def _prompt(load: Load) -> Load:
    """Return a load of the same prompts, of each of which one token is wanted."""
    return evolve(_open(load), output_tokens=1, output_tokens_spread=0.0)


def _answer(load: Load) -> Load:
    """Return a load of the same answers, whose prompts are in the cache when they come."""
    return evolve(_open(load), prefix_hit_share=1.0)


def _open(load: Load) -> Load:
    return evolve(
        load,
        concurrency=None,
        users=None,
        think_time_s=0.0,
        request_rate=ANY_RATE,
        requests=None,
        lockstep=False,
    )

"""Both sides of candidates as candidates of their own: one reads prompts, the other decodes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from attrs import evolve, field, frozen

from sizer.estimate.columns.inputs import Inputs
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.price import Price
from sizer.schema.rows import Indices
from sizer.schema.scenario import Deployment, Load, Scenario
from sizer.schema.table import Values

ANY_RATE = 1.0  # of loads whose rate each row has of its own
UNASKED: dict[str, Values] = {}


@frozen
class Axes:
    """What candidates are made of, alike when it is the very same."""

    deployments: tuple[Deployment, ...] = field(eq=id)
    gpus: tuple[Gpu, ...] = field(eq=id)
    prices: tuple[tuple[Price, ...], ...] = field(eq=id)
    loads: tuple[Load, ...] = field(eq=id)


@frozen(eq=False)
class Side:
    """One side's own `axes`; `deployment_of` says which each deployment of both sides has.

    `gpu_of` says on which accelerator, where that is not the one that decodes; else it is -1.
    """

    axes: Axes
    deployment_of: Indices
    gpu_of: Indices

    def inputs(self, both: Scenario) -> Inputs:
        """Return the columns of one side of some rows."""
        listed = both.listed
        own = self.gpu_of[listed.deployment_of]
        rows = evolve(
            listed,
            deployment_of=self.deployment_of[listed.deployment_of],
            gpu_of=np.where(own < 0, listed.gpu_of, own).astype(np.int32),
        )
        axes = self.axes
        alone = evolve(
            both,
            deployments=axes.deployments,
            gpus=axes.gpus,
            prices=axes.prices,
            loads=axes.loads,
            rows=rows,
            by_row=UNASKED,
        )
        return Inputs.of(alone)


def sides(both: Scenario) -> tuple[Side, Side]:
    """Return the side that reads prompts and the one that decodes."""
    return _sides(Axes(both.deployments, both.gpus, both.prices, both.loads))


@lru_cache(maxsize=4)
def _sides(both: Axes) -> tuple[Side, Side]:
    return _side(both, _reading, _prompt, _own_gpu), _side(both, _decoding, _answer, lambda _: None)


def _side(
    both: Axes,
    side: Callable[[Deployment], Deployment],
    load: Callable[[Load], Load],
    gpu: Callable[[Deployment], Gpu | None],
) -> Side:
    numbers: dict[Deployment, int] = {}
    of = [numbers.setdefault(side(each), len(numbers)) for each in both.deployments]
    own: dict[Gpu | None, int] = {None: -1}
    places = [own.setdefault(gpu(each), len(both.gpus) + len(own) - 1) for each in both.deployments]
    extra = tuple(each for each in own if each is not None)
    gpus = (*both.gpus, *extra) if extra else both.gpus
    prices = (*both.prices, *(() for _ in extra)) if extra else both.prices
    axes = Axes(tuple(numbers), gpus, prices, tuple(map(load, both.loads)))
    return Side(axes, np.array(of, np.int32), np.array(places, np.int32))


def _own_gpu(both: Deployment) -> Gpu | None:
    return both.prefill.gpu if both.prefill else None


def _reading(both: Deployment) -> Deployment:
    prefill = both.prefill
    if prefill is None:
        return both
    tp, pp, ep, dp, replicas = prefill.split
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

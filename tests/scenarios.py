"""Small scenarios of real facts, for tests that need an estimate."""

from __future__ import annotations

from itertools import product

import numpy as np

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.catalog.models import find_model
from sizer.catalog.prices import ANY, prices_on
from sizer.schema.asked.serving import Engine
from sizer.schema.rows import Listed
from sizer.schema.scenario import Deployment, Load, Scenario


def deployment(
    model: str, weights: str = "bf16", kv_format: str = "bf16", **split: int
) -> Deployment:
    """Return a catalog model in two formats, split as given."""
    return Deployment(
        find_model(model).value, find_weight_format(weights), find_kv_format(kv_format), **split
    )


def grid(
    deployments: tuple[Deployment, ...],
    gpus: tuple[str, ...] = ("H100-SXM5-80GB",),
    loads: tuple[Load, ...] = (Load(1024, 256, 8, None, 1280),),
    engine: Engine | None = None,
) -> Scenario:
    """Return every combination of the axes, loads fastest."""
    axes = (range(len(deployments)), range(len(gpus)), range(len(loads)))
    rows = np.array(list(product(*axes)), np.int32).T
    found = tuple(find_gpu(name).value for name in gpus)
    prices = tuple(prices_on(gpu.name, ANY) for gpu in found)
    return Scenario(deployments, found, prices, loads, (engine or Engine(),), Listed(*rows))

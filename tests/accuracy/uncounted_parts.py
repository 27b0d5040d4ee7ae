"""What parts take that some structures do not count, in those that do, as intervals of memory.

Run with `python tests/accuracy/uncounted_parts.py` and put what it prints at the end of
sizer/catalog/calibration/memory.toml. A tower that is not counted adds to the weights what 90 % of
the catalog's towers add at most, keys of an index to the cache what they add to an 8-bit latent.
Nothing is less for it, so such an interval has a high end alone.
"""

from __future__ import annotations

from math import log1p

import numpy as np

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.models import find_model, model_names
from sizer.estimate.device.cache import cached_bytes
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Deployment

HOLDS = 0.9


def towers(models: list[Model]) -> list[float]:
    """Return log(with / without) of the parameters of every model with a tower."""
    known = [each for each in models if each.encoder_parameters]
    return [log1p(each.encoder_parameters / _rest(each)) for each in known]


def indices(models: list[Model]) -> list[float]:
    """Return log(with / without) of the cache of every model with an indexer, at 8 bit."""
    found = []
    for model in models:
        group = model.layers[-1].attention
        if group.index_head_dim and not group.compression:
            deployment = Deployment(model, find_weight_format("fp8"), find_kv_format("fp8"))
            keys = group.index_head_dim * (1.0 + 4.0 / 128)
            found.append(log1p(keys / (cached_bytes(group, deployment) - keys)))
    return found


def high_end(found: list[float]) -> float:
    """Return what a share of them does not exceed."""
    return float(np.quantile(found, HOLDS))


def _rest(model: Model) -> int:
    return model.parameters - model.encoder_parameters


if __name__ == "__main__":
    every = [find_model(name).value for name in model_names()]
    for name, found in (("weights", towers(every)), ("cache", indices(every))):
        high = high_end(found)
        inside = sum(each <= high + 1e-9 for each in found) / len(found)
        print(f"[intervals.uncounted_{name}]\nlow = 0.0000\nhigh = {high:.4f}")
        print(f"points = {len(found)}\ncoverage = {inside:.3f}\n")

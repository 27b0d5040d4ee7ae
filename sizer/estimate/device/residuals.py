"""How far memory terms may be off: measured residuals, wider where nothing was measured.

They are wider too for a model that no checkpoint was read for: by how far such entries of the
catalog were found to be off (tests/accuracy/unread_models.py). Where a part of a model is not
counted, they reach as high as such a part takes in models that count it
(tests/accuracy/uncounted_parts.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, hypot

from attrs import frozen

from sizer.catalog.calibration import held_constants
from sizer.estimate.engine.intervals import widened
from sizer.estimate.engine.settings import CURRENT, Settings
from sizer.schema.facts.calibration import Interval
from sizer.schema.facts.unmeasured import (
    NotCounted,
    Part,
    Unmeasured,
    UnmeasuredDraft,
    UnmeasuredSetting,
)
from sizer.schema.scenario import Deployment
from sizer.units import GIB

WIDE_BYTES = 2.0
UNSEEN = 2.0  # intervals are so much wider outside of what the start-ups covered: a choice


@frozen
class Residuals:
    """Factors on weights, the cache's bytes and a checkpoint, bytes more or less in reserve.

    `grounded` is 1 where everything is counted, and its like was measured; else 0.
    """

    weights_low_ratio: float
    weights_high_ratio: float
    cache_low_ratio: float
    cache_high_ratio: float
    checkpoint_low_ratio: float
    checkpoint_high_ratio: float
    reserve_bytes_low: float
    reserve_bytes_high: float
    grounded: float


def doubt(deployment: Deployment, settings: Settings, confidence: float | None = None) -> Residuals:
    """Return how far the terms of a deployment may be off under an engine.

    A confidence other than the intervals' own scales them as normal ones.
    """
    known = held_constants().intervals
    asked = widened(confidence)
    found = tuple(unseen(deployment, settings))
    kinds = set(map(type, found))
    wider = asked * (UNSEEN if kinds - {NotCounted} else 1.0)
    narrow = deployment.weights.linear_bytes < WIDE_BYTES
    weights = known["weights_narrow" if narrow or _parts(deployment) else "weights_wide"]
    cache, files = known[f"cache_{deployment.model.cache}"], known["checkpoint"]
    reserve = known["reserve_gib"]
    more = UNSEEN if any(_is_of_activations(each) for each in found) else 1.0
    return Residuals(
        *_ratios((weights, wider), *((each, asked) for each in _of_weights(deployment))),
        *_ratios((cache, wider), *((each, asked) for each in _of_cache(deployment))),
        *_ratios((files, asked), *((each, asked) for each in _of_weights(deployment))),
        reserve_bytes_low=reserve.low * wider * GIB,
        reserve_bytes_high=reserve.high * wider * more * GIB,
        grounded=float(kinds <= {UnmeasuredSetting}),
    )


def unseen(deployment: Deployment, settings: Settings) -> Iterator[Unmeasured]:
    """Yield what of a candidate is not counted, or outside of the start-ups that were measured."""
    seen = held_constants().seen
    release = None if settings.version == CURRENT else settings.version
    yield from deployment.not_counted
    yield from deployment.model.uncounted_images(settings.extras.images)
    if deployment.draft and deployment.draft.method not in seen.drafts:
        yield UnmeasuredDraft(deployment.draft.method)
    yield from seen.lacking(settings.engine, release, settings.vendor)
    ranges = {
        "max_num_batched_tokens": (settings.max_num_batched_tokens, seen.max_num_batched_tokens),
        "tp": (deployment.tp, seen.tp),
        "pp": (deployment.pp, seen.pp),
    }
    for name, (value, (least, most)) in ranges.items():
        if not least <= value <= most:
            yield UnmeasuredSetting(name, value, least, most)


def _parts(deployment: Deployment) -> bool:
    return deployment.weights.expert_bytes < WIDE_BYTES


def _is_of_activations(each: Unmeasured) -> bool:
    return isinstance(each, NotCounted) and each.part == "activations"


def _lacks(deployment: Deployment, part: Part) -> bool:
    return any(each.part == part for each in deployment.model.uncounted)


def _of_weights(deployment: Deployment) -> Iterator[Interval]:
    """Yield how far weights are off besides: not read, or not all counted."""
    known, model = held_constants().intervals, deployment.model
    if not model.is_read:
        yield known["unread_weights"]
    if _lacks(deployment, "weights"):
        yield known["uncounted_weights"]


def _of_cache(deployment: Deployment) -> Iterator[Interval]:
    known = held_constants().intervals
    if not deployment.model.is_read:
        yield known["unread_cache"]
    if _lacks(deployment, "cache"):
        yield known["uncounted_cache"]


def _ratios(*intervals: tuple[Interval, float]) -> tuple[float, float]:
    """Return both ends of errors that are independent of each other, each so much wider."""
    low = hypot(*(each.low * wider for each, wider in intervals))
    return exp(-low), exp(hypot(*(each.high * wider for each, wider in intervals)))

"""What a profile alone says of its candidates; what an estimate would add is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from pathlib import Path

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.found import Unknown
from sizer.catalog.gpus import knows_gpu
from sizer.catalog.models import find_model
from sizer.schema.lengths import answers, prompts
from sizer.schema.profile import ModelAsk, Profile

MOST_ROWS = 4096
Row = dict[str, float | str | None]


def known_rows(profile: Profile, folder: Path) -> list[Row]:
    """Return a row for each combination that a profile asks for; every candidate agrees with one.

    There are none where they would be too many.
    """
    axes = [_models(profile, folder), _gpus(profile), _loads(profile)]
    if prod(map(len, axes)) > MOST_ROWS:
        return []
    engine: Row = {"engine": profile.engine.name}
    return [{**model, **gpu, **load, **engine} for model, gpu, load in product(*axes)]


def _models(profile: Profile, folder: Path) -> list[Row]:
    return [
        {"model": _model(model, folder), "weights": weights, "kv_format": kv_format}
        for model in profile.models
        for weights in map(_weights, model.weights)
        for kv_format in map(_kv_format, model.kv_format)
    ]


def _model(asked: ModelAsk, folder: Path) -> str | None:
    if asked.num_parameters is not None:
        return asked.name
    try:
        return find_model(asked.name, folder).value.name
    except (Unknown, ValueError):  # whoever resolves it says so
        return None


def _weights(name: str) -> str | None:
    return None if name == "auto" else find_weight_format(name).name


def _kv_format(name: str) -> str:
    return "bf16" if name == "auto" else find_kv_format(name).name


def _gpus(profile: Profile) -> list[Row]:
    named = [knows_gpu(name) for name in profile.fleet.gpus]
    return [{"gpu": name} for name in (*named, *(each.name for each in profile.fleet.custom))]


def _loads(profile: Profile) -> list[Row]:
    load = profile.workload
    offered: list[Row] = [{"request_rate": rate} for rate in load.request_rate]
    offered = offered or [{"concurrency": float(number)} for number in load.concurrency]
    lengths = product(_floats(prompts(load).means), _floats(answers(load).means), offered)
    return [{"input_tokens": i, "output_tokens": o, **each} for i, o, each in lengths]


def _floats(numbers: Sequence[int]) -> list[float]:
    return [float(number) for number in numbers]

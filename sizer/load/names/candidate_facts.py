"""What a profile alone says of its candidates; what an estimate would add is unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product
from math import prod
from pathlib import Path

from attrs import field, frozen

from sizer.catalog.formats import find_kv_format, find_weight_format, own_cache
from sizer.catalog.gpus import find_gpu, knows_gpu
from sizer.catalog.lookup import Unknown
from sizer.catalog.models import find_model, is_kept, knows_model, model_path
from sizer.catalog.override import overridden
from sizer.load.names.expansion import expanded_gpus, expanded_models
from sizer.schema.asked.lengths import answers, context, prompts
from sizer.schema.asked.names import SPLIT
from sizer.schema.asked.profile import CustomGpu, ModelAsk, Profile
from sizer.schema.facts.columns import GPU, MODEL, Cell
from sizer.schema.facts.model import Model

MOST_ROWS = 4096
Row = dict[str, Cell]
_BY_NAME = frozenset({"model", "gpu"})


@frozen(eq=False, repr=False)
class CandidateFacts:
    """A well-formed profile whose relative paths start from a folder."""

    profile: Profile
    folder: Path
    found: dict[tuple[str, str], Row] = field(factory=dict)  # facts that were looked up
    models: dict[str, Model | None] = field(factory=dict)  # the same

    def rows(self, names: Collection[str]) -> list[Row]:
        """Return each combination of what is known of metrics; every candidate agrees with one.

        There are none where they would be too many.
        """
        asked = frozenset(names)
        axes = [
            _distinct(axis, asked)
            for axis in (
                self._models(asked),
                self._gpus(asked),
                self._loads(),
                self._engine(),
                *self._splits(),
            )
        ]
        if prod(map(len, axes)) > MOST_ROWS:
            return []
        return [dict(item for part in parts for item in part) for parts in product(*axes)]

    @property
    def limits(self) -> dict[str, float]:
        """What sizes of splits and of the fleet do not exceed."""
        fleet = self.profile.fleet
        split = min(fleet.max_gpus_per_replica, fleet.largest or fleet.max_gpus_per_replica)
        sizes = dict.fromkeys(SPLIT, float(split))
        gpus = fleet.largest or split * (1 + fleet.spare_replicas)
        return {**sizes, "gpus": float(gpus), "replicas": float(fleet.most_replicas(1))}

    def _models(self, names: Collection[str]) -> Iterator[Row]:
        for model in expanded_models(self.profile.models):
            row = {} if MODEL.keys().isdisjoint(names) else self._model(model)
            caches = "kv_format" in names
            for weights, name in product(model.weights, model.kv_format):
                kv_format = self._kv_format(model, weights, name) if caches else None
                yield {**row, "weights": _weights(weights), "kv_format": kv_format}

    def _gpus(self, names: Collection[str]) -> Iterator[Row]:
        fully = not (GPU.keys() - _BY_NAME).isdisjoint(names)
        for name in expanded_gpus(self.profile.fleet):
            yield self._gpu(name) if fully else {"gpu": knows_gpu(name)}
        yield from map(_custom, self.profile.fleet.custom)

    def _model(self, asked: ModelAsk) -> Row:
        if asked.by_hand:
            return {"model": asked.name}
        model = self._structure(asked)
        return {name: fact(model) for name, fact in MODEL.items()} if model else {}

    def _structure(self, asked: ModelAsk) -> Model | None:
        if asked.name not in self.models:
            self.models[asked.name] = _structure(asked, self.folder)
        return self.models[asked.name]

    def _kv_format(self, asked: ModelAsk, weights: str, name: str) -> str | None:
        """Return a cache format by its own name; what `auto` is only where the model is known."""
        if name != "auto":
            return find_kv_format(name).name
        model = None if asked.by_hand else self._structure(asked)
        if model is None:
            return None
        form = find_weight_format(model.weights if weights == "auto" else weights)
        return own_cache(model, form, self.profile.engine)

    def _gpu(self, name: str) -> Row:
        key = ("gpu", name)
        if key not in self.found:
            self.found[key] = _gpu(name)
        return self.found[key]

    def _loads(self) -> Iterator[Row]:
        """Yield what is known of each load point: nothing of a log that only a run reads."""
        load = self.profile.workload
        if load.trace is not None:
            yield {}
            return
        offered: list[Row] = [
            {} if load.offered == "users" else {str(load.offered): float(each)}
            for each in load.offers
        ]
        offered = offered or [{}]
        promised = float(context(load))
        lengths = product(_floats(prompts(load).means), _floats(answers(load).means), offered)
        for i, o, each in lengths:
            yield {"input_tokens": i, "output_tokens": o, "max_context": promised, **each}

    def _engine(self) -> Iterator[Row]:
        yield {"engine": self.profile.engine.name}

    def _splits(self) -> Iterator[Iterator[Row]]:
        """Yield the sizes of each split that the fleet asks for."""
        for name in SPLIT:
            sizes = getattr(self.profile.fleet, name)
            if sizes:
                yield ({name: float(size)} for size in sizes)


def _distinct(axis: Iterator[Row], names: Collection[str]) -> list[tuple[tuple[str, Cell], ...]]:
    """Return the different rows of an axis, as far as they say something of some metrics."""
    rows = (tuple((name, cell) for name, cell in row.items() if name in names) for row in axis)
    return list(dict.fromkeys(rows))


def _structure(asked: ModelAsk, folder: Path) -> Model | None:
    if not (knows_model(asked.name) or model_path(asked.name, folder) or is_kept(asked.name)):
        return None  # only the hub may know it, and no network is asked
    try:
        return overridden(find_model(asked.name, folder).value, asked)[0]
    except (Unknown, ValueError):  # whoever resolves it says so
        return None


def _gpu(name: str) -> Row:
    try:
        found = find_gpu(name).value
    except Unknown:  # whoever resolves it says so
        return {}
    return {name: fact(found) for name, fact in GPU.items()}


def _custom(asked: CustomGpu) -> Row:
    memory, bandwidth = asked.memory_gb, asked.memory_bandwidth_gb_s
    return {"gpu": asked.name, "gpu_memory_gb": memory, "gpu_bandwidth_gb_s": bandwidth}


def _weights(name: str) -> str | None:
    return None if name == "auto" else find_weight_format(name).name


def _floats(numbers: Sequence[int]) -> list[float]:
    return [float(number) for number in numbers]

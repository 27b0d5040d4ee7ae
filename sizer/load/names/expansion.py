"""What names of a profile may stand for, by the catalog alone: the candidates are among it.

What `all` leaves out for want of a price, and what own prices add, only a run knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from sizer.catalog.gpus import knows_gpu
from sizer.catalog.lookup import Unknown
from sizer.catalog.patterns import ALL, gpus_of, models_of, names_gpus, names_models
from sizer.schema.asked.profile import Fleet, ModelAsk


def expanded_gpus(fleet: Fleet) -> Iterator[str]:
    """Yield the accelerators that a fleet names; an unknown name is itself."""
    for name in fleet.named or (() if fleet.custom else (ALL,)):
        yield from gpus_called(name)


def expanded_models(models: Iterable[ModelAsk]) -> Iterator[ModelAsk]:
    """Yield each model that is asked for, those of a glob under their own names."""
    for asked in models:
        names = (asked.name,) if asked.by_hand else models_called(asked.name)
        yield from (evolve(asked, name=name) for name in names)


def gpus_called(name: str) -> tuple[str, ...]:
    """Return the accelerators that a name stands for, by their full names."""
    if not names_gpus(name):
        return (knows_gpu(name) or name,)
    try:
        return gpus_of(name)
    except Unknown:  # own prices may know the provider
        return (name,)


def models_called(name: str) -> tuple[str, ...]:
    """Return the models that a name stands for."""
    if not names_models(name):
        return (name,)
    try:
        return models_of(name)
    except Unknown:  # whoever resolves it says so
        return (name,)

"""The catalog as the checks read it: whole, from its files, with every name that an entry has."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sizer.catalog.gpus import find_gpu, gpu_names
from sizer.catalog.models import FOLDER, find_model, structure
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import LayerGroup, Model

Offences = Iterator[tuple[str, str]]  # (entry, what is wrong with it)
DATA = Path(__file__).with_name("data")


@cache
def models() -> Mapping[str, Model]:
    """Return every structure by its file's stem."""
    stems = sorted(each.stem for each in Path(str(FOLDER)).glob("*.toml"))
    return {stem: structure(stem) for stem in stems}


@cache
def gpus() -> tuple[Gpu, ...]:
    """Return every accelerator."""
    return tuple(find_gpu(name).value for name in gpu_names())


@cache
def data(name: str) -> Mapping[str, Any]:
    """Return a table of published facts that the catalog is held against."""
    return tomllib.loads(DATA.joinpath(f"{name}.toml").read_text("utf-8"))


def names_of(model: Model) -> list[tuple[str, str]]:
    """Return every repository of a structure with its weight format, its own first."""
    return [(model.name, model.weights), *((each.name, each.weights) for each in model.aliases)]


@cache
def asked(name: str) -> Model:
    """Return what the catalog answers for a name that it has."""
    return find_model(name).value


def groups(model: Model) -> Iterator[tuple[str, LayerGroup]]:
    """Yield each shape of layer with words for it."""
    for number, group in enumerate(model.layers):
        yield f"layers[{number}]", group


def apart(value: float, wanted: float) -> float:
    """Return how far a value is from what is wanted, as a share of it."""
    return abs(value / wanted - 1) if wanted else float(value != wanted)

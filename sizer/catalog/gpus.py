"""Accelerators by name: one TOML each, and an index of names that is quick to read.

`memory_gib` is what a device reports. Where no log tells, it follows from the number on the box:
0.99 of it for HBM, 15/16 for GDDR with in-band ECC, 0.995 for GeForce; each entry says which.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from sizer.catalog.found import Found, Unknown
from sizer.schema.gpu import Gpu
from sizer.structure.facts import read_facts

FOLDER = files("sizer.catalog").joinpath("gpus")


def find_gpu(name: str) -> Found[Gpu]:
    """Return an accelerator by its name or an alias, and a note when the name was ambiguous.

    Raises Unknown with the nearest names.
    """
    known = knows_gpu(name)
    if known is None:
        near = get_close_matches(name, gpu_names(), n=3)
        raise Unknown(f"unknown accelerator {name!r}", tuple(near))
    same = _normal(name) == _normal(known)
    return Found(_read(known), None if same else f"{name} taken as {known}")


def knows_gpu(name: str) -> str | None:
    """Return the catalog's name for a name or alias, None if there is none."""
    return _index().get(_normal(name))


@cache
def gpu_names() -> tuple[str, ...]:
    """Return every accelerator of the catalog, sorted."""
    return tuple(sorted(set(_index().values())))


def build_index() -> dict[str, str]:
    """Return the index that the folder implies: normalised name or alias to name.

    Raises ValueError when two accelerators claim the same name.
    """
    index: dict[str, str] = {}
    for entry in sorted(FOLDER.iterdir(), key=lambda each: each.name):
        if not entry.name.endswith(".toml"):
            continue
        gpu = read_facts(entry.read_text("utf-8"), Gpu)
        for name in (gpu.name, *gpu.aliases):
            if index.setdefault(_normal(name), gpu.name) != gpu.name:
                raise ValueError(f"{name!r} names both {index[_normal(name)]} and {gpu.name}")
    return dict(sorted(index.items()))


@cache
def _read(name: str) -> Gpu:
    return read_facts(FOLDER.joinpath(f"{name.lower()}.toml").read_text("utf-8"), Gpu)


@cache
def _index() -> Mapping[str, str]:
    index: dict[str, str] = json.loads(FOLDER.joinpath("index.json").read_text("utf-8"))
    return index


def _normal(name: str) -> str:
    return "-".join(name.lower().replace("_", " ").replace("-", " ").split())

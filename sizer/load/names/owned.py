"""What a profile says of hardware that is owned, against the catalog."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sizer.catalog.gpus import find_gpu, gpu_names, knows_gpu
from sizer.catalog.lookup import Unknown
from sizer.diagnostic import Diagnostic
from sizer.schema.asked.owned import Owned
from sizer.schema.asked.profile import CustomGpu, Fleet
from sizer.structure.nearest import did_you_mean
from sizer.structure.shape.faults import VALUE
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys

GPU = "SZ701"
POWER = "SZ708"


def owned_faults(fleet: Fleet, document: Document, pinned: Collection[str]) -> Iterator[Diagnostic]:
    """Yield accelerators that nobody knows (SZ701), that stand twice or cost twice (SZ104).

    A warning (SZ708) is of one whose power nobody knows: its cost would be unknown.
    """
    custom = {each.name: each for each in fleet.custom}
    seen: set[tuple[str, int | None]] = set()
    for index, each in enumerate(fleet.owned):
        keys: Keys = ("fleet", "owned", index, "gpu")
        name = each.gpu if each.gpu in custom else knows_gpu(each.gpu)
        if name is None and each.gpu in pinned:
            continue
        if name is None:
            yield _unknown(each.gpu, [*gpu_names(), *custom], document, keys)
            continue
        if (name, each.gpus) in seen:
            said = f"{each.gpu} is owned twice in the same number"
            yield Diagnostic(VALUE, said, document.place(keys), "each stands once")
        seen.add((name, each.gpus))
        yield from _of(each, name, custom.get(name), document, keys)


def _of(
    owned: Owned, name: str, custom: CustomGpu | None, document: Document, keys: Keys
) -> Iterator[Diagnostic]:
    place = document.place(keys)
    if custom is not None and custom.cost_per_hour is not None:
        said = f"{name} has a cost_per_hour and is owned"
        yield Diagnostic(VALUE, said, place, "leave one of them out")
    if owned.usd_per_kwh > 0 and _tdp_w(name, custom) is None:
        said = f"no tdp_w of {name} is known, so what it costs to own is unknown"
        help_ = "usd_per_kwh = 0 leaves power out; a [[fleet.custom]] may have a tdp_w"
        yield Diagnostic(POWER, said, place, help_, "warning")


def _tdp_w(name: str, custom: CustomGpu | None) -> float | None:
    if custom is not None and custom.tdp_w is not None:
        return custom.tdp_w
    try:
        return find_gpu(custom.like or name if custom else name).value.tdp_w
    except Unknown:  # a custom accelerator that is like no other
        return None


def _unknown(name: str, known: list[str], document: Document, keys: Keys) -> Diagnostic:
    help_ = did_you_mean(name, known) or "`sizer gpus` lists them"
    return Diagnostic(GPU, f"unknown accelerator {name!r}", document.place(keys), help_)

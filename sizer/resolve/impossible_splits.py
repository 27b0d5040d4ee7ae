"""Sizes that a fleet asks for and with which no model can be split, and what is possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from attrs import evolve, frozen

from sizer.diagnostic import Diagnostic, Place
from sizer.resolve.fleet import Offer
from sizer.resolve.models import weight_formats
from sizer.resolve.proposals import asks, proposals, requested, why_not
from sizer.resolve.splits import runs_on
from sizer.schema.answered.report import Refusal
from sizer.schema.asked.names import SPLIT
from sizer.schema.asked.profile import Fleet, ModelAsk
from sizer.schema.facts.format import WeightFormat
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model

CODE = "SZ104"
MOST_LISTED = 4
BY_OTHERS: frozenset[Refusal] = frozenset({"other ranks", "beyond the limit"})  # of another size
PlaceOf = Callable[[tuple[str | int, ...]], Place | None]
WHY: Mapping[Refusal, str] = {
    "beyond the limit": "a replica has more accelerators than max_gpus_per_replica",
    "part of a server": "tp x dp is more than one server holds, and fills no whole ones",
    "no network": "nobody says what joins servers",
    "few layers": "there are more stages than layers",
    "no experts": "the model has no experts to share or spread",
    "other ranks": "experts are spread over tp x dp ranks, or over none",
    "uneven experts": "the experts do not divide",
    "uneven widths": "heads or widths do not divide",
    "cut groups": "quantised groups would be cut",
}


@frozen
class _Case:
    """A model in a format on an accelerator that has kernels for it."""

    model: Model
    form: WeightFormat
    gpu: Gpu

    def can(self, fleet: Fleet) -> bool:
        return any(True for _ in proposals(self.model, self.form, self.gpu, fleet))

    def refusals(self, fleet: Fleet) -> Iterator[Refusal]:
        limit = fleet.max_gpus_per_replica
        for split in requested(self.model, self.form, self.gpu, fleet):
            why = why_not(split, self.model, self.form, self.gpu, limit)
            if why is not None:
                yield why


def impossible_splits(
    models: Sequence[tuple[ModelAsk, Model]],
    offers: Sequence[Offer],
    fleet: Fleet,
    place: PlaceOf,
) -> Iterator[Diagnostic]:
    """Yield the fault of each size that no split of any model on any accelerator can have."""
    if not asks(fleet):
        return
    cases = [
        _Case(model, form, offer.gpu)
        for (asked, model), offer in product(models, offers)
        for form in weight_formats(asked, model)
        if runs_on(form, offer.gpu)
    ]
    least = prod(min(getattr(fleet, name) or (1,)) for name in ("tp", "pp", "dp"))
    if least > fleet.max_gpus_per_replica:
        yield _too_large(least, fleet, place)
        return
    found = [each for name in SPLIT if cases for each in _impossible(cases, fleet, name, place)]
    helped = [each for each in found if each.help]
    yield from helped or found


def _impossible(
    cases: Sequence[_Case], fleet: Fleet, name: str, place: PlaceOf
) -> Iterator[Diagnostic]:
    """Yield the fault of each size of one key; those that no other size would mend have no help."""
    for index, size in enumerate(getattr(fleet, name)):
        alone = _asking(fleet, name, size)
        if not any(case.can(alone) for case in cases):
            said = f"{name} = {size} is not possible: {_why(cases, alone)}"
            where = place(("fleet", name, index)) or place(("fleet", name))
            yield Diagnostic(CODE, said, where, _possible(cases, fleet, name))


def impossible_stages(
    models: Sequence[tuple[ModelAsk, Model]],
    fleet: Fleet,
    layers: tuple[int, ...],
    place: PlaceOf,
) -> Iterator[Diagnostic]:
    """Yield why pipeline stages cannot have so many layers each, at their place."""
    where = place(("engine", "layers_per_stage"))
    if layers and fleet.pp != (len(layers),):
        said = f"layers_per_stage is of {len(layers)} stages"
        yield Diagnostic(CODE, said, where, f"write `pp = {len(layers)}` in [fleet]")
        return
    for _, model in models if layers else ():
        if sum(layers) != model.layer_count:
            said = f"{model.name} has {model.layer_count} layers, layers_per_stage {sum(layers)}"
            yield Diagnostic(CODE, said, where, "name the layers of each stage, in order")


def _too_large(least: int, fleet: Fleet, place: PlaceOf) -> Diagnostic:
    asked = [name for name in ("tp", "pp", "dp") if getattr(fleet, name)]
    said = f"{' x '.join(asked)} is at least {least}, above max_gpus_per_replica"
    said += f" = {fleet.max_gpus_per_replica}"
    return Diagnostic(CODE, said, place(("fleet", asked[-1])), f"max_gpus_per_replica = {least}")


def _why(cases: Sequence[_Case], fleet: Fleet) -> str:
    """Return why most of the splits cannot be, by what the size itself breaks if it does."""
    found = Counter(why for case in cases for why in case.refusals(fleet))
    if not found:
        return WHY["no network"]
    return WHY[min(found, key=lambda why: (why in BY_OTHERS, -found[why]))]


def _possible(cases: Sequence[_Case], fleet: Fleet, name: str) -> str | None:
    """Return the sizes that are possible where the others stay as they are asked for, if any."""
    sizes = range(1, fleet.max_gpus_per_replica + 1)
    alone = {size: _asking(fleet, name, size) for size in sizes}
    found = [size for size in sizes if any(case.can(alone[size]) for case in cases)]
    if not found:
        return None
    others = [each for each in SPLIT if each != name and getattr(fleet, each)]
    beside = ", ".join(_listed(each, getattr(fleet, each)) for each in others)
    return f"possible: {_listed(name, found)}{f' beside {beside}' if beside else ''}"


def _asking(fleet: Fleet, name: str, size: int) -> Fleet:
    changed: Any = {name: (size,)}
    return evolve(fleet, **changed)


def _listed(name: str, sizes: Sequence[int]) -> str:
    """Return a key as a profile may have it; many sizes without a gap by their ends."""
    if len(sizes) == sizes[-1] - sizes[0] + 1 > MOST_LISTED:
        return f"{name} from {sizes[0]} to {sizes[-1]}"
    return f"{name} = {sizes[0] if len(sizes) == 1 else list(sizes)}"

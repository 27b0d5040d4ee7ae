"""Prefill apart from decode: every pool of one with every split of the other, in every ratio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from attrs import evolve, frozen

from sizer.diagnostic import Diagnostic, Place
from sizer.resolve.fleet import Offer
from sizer.resolve.models import weight_formats
from sizer.resolve.proposals import proposals
from sizer.resolve.splits import Split, replica_counts, runs_on
from sizer.schema.asked.disaggregated import Disaggregated, Side
from sizer.schema.asked.profile import Fleet, ModelAsk
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.format import WeightFormat
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.facts.pool import PrefillPool

CODE = "SZ104"
TABLE = ("engine", "disaggregated")
PlaceOf = Callable[[tuple[str | int, ...]], Place | None]


@frozen
class Ratio:
    """A pool that reads prompts, and a split of those that decode with numbers of them to try."""

    prefill: PrefillPool
    decode: Split
    replicas: tuple[int, ...]


def ratios(
    model: Model,
    form: WeightFormat,
    gpu: Gpu,
    fleet: Fleet,
    asked: Disaggregated,
    context_ranks: int = 1,
) -> Iterator[Ratio]:
    """Yield every way to read prompts apart: both sides' splits, each number of replicas."""
    sides = (asked.prefill, asked.decode)
    each = [[*proposals(model, form, gpu, _fleet(fleet, side), context_ranks)] for side in sides]
    for prefill, decode in product(*each):
        for number in _numbers(asked.prefill, prefill, fleet, fleet.max_gpus):
            taken = (number + fleet.spare_replicas) * prefill.gpus
            left = None if fleet.max_gpus is None else fleet.max_gpus - taken
            replicas = _numbers(asked.decode, decode, fleet, left)
            replicas = tuple(n for n in replicas if _joined(gpu, fleet, asked, taken, decode, n))
            if replicas:
                split = prefill.tp, prefill.pp, prefill.ep, prefill.dp
                yield Ratio(PrefillPool(number, *split), decode, replicas)


def impossible_ratios(
    models: Sequence[tuple[ModelAsk, Model]],
    offers: Sequence[Offer],
    fleet: Fleet,
    engine: Engine,
    place: PlaceOf,
) -> Iterator[Diagnostic]:
    """Yield why prompts of no model can be read apart on any accelerator, at its place."""
    asked, ranks = engine.disaggregated, engine.decode_context_parallel_size
    cases = [
        (model, form, offer.gpu)
        for (ask, model), offer in product(models, offers)
        for form in weight_formats(ask, model)
        if runs_on(form, offer.gpu)
    ]
    if not asked.is_asked or not cases:
        return
    if any(True for case in cases for _ in ratios(*case, fleet, asked, ranks)):
        return
    for name, side in (("prefill", asked.prefill), ("decode", asked.decode)):
        mine = _fleet(fleet, side)
        if not any(True for case in cases for _ in proposals(*case, mine, ranks)):
            said = f"no replica of {name} can be split like that"
            hint = "name sizes that divide the model and fit in `max_gpus_per_replica`"
            yield Diagnostic(CODE, said, place((*TABLE, name)) or place(TABLE), hint)
            return
    yield _no_room(cases, fleet, asked, place, ranks)


def _no_room(
    cases: Sequence[tuple[Model, WeightFormat, Gpu]],
    fleet: Fleet,
    asked: Disaggregated,
    place: PlaceOf,
    ranks: int,
) -> Diagnostic:
    """Return that both sides are too many accelerators, or that nobody knows their link."""
    unbound = evolve(fleet, max_gpus=None)
    found = [each for case in cases for each in ratios(*case, unbound, asked, ranks)]
    if not found:
        said = "nobody says what joins the servers of both sides"
        hint = "write `link_gb_s = 50.0` in [engine.disaggregated], or `node_link_gb_s` in [fleet]"
        return Diagnostic(CODE, said, place(TABLE), hint)
    spare = fleet.spare_replicas
    least = min(
        (each.prefill.replicas + spare) * each.prefill.gpus_per_replica
        + (min(each.replicas) + spare) * each.decode.gpus
        for each in found
    )
    said = f"both sides are {least} accelerators at least, above max_gpus = {fleet.max_gpus}"
    return Diagnostic(CODE, said, place(("fleet", "max_gpus")), f"max_gpus = {least}")


def _fleet(fleet: Fleet, side: Side) -> Fleet:
    """Return the fleet with the sizes of a side in place of its own."""
    return evolve(
        fleet,
        tp=side.tp or fleet.tp,
        pp=side.pp or fleet.pp,
        dp=side.dp or fleet.dp,
        ep=side.ep or fleet.ep,
    )


def _numbers(side: Side, split: Split, fleet: Fleet, most: int | None) -> tuple[int, ...]:
    """Return the numbers of replicas to try among so many accelerators; None for any number."""
    if most is None:
        return side.replicas or (1,)
    room = max(most // split.gpus - fleet.spare_replicas, 0)
    return tuple(n for n in side.replicas if n <= room) if side.replicas else replica_counts(room)


def _joined(
    gpu: Gpu, fleet: Fleet, asked: Disaggregated, taken: int, decode: Split, replicas: int
) -> bool:
    """Whether somebody knows the link between both sides: none crosses an unknown network."""
    if asked.link_gb_s is not None or gpu.node_link_gb_s is not None:
        return True
    return taken + (replicas + fleet.spare_replicas) * decode.gpus <= gpu.joined_devices

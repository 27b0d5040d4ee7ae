"""Prefill apart from decode: every side of one with every split of the other, in every ratio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from attrs import evolve, frozen

from sizer.catalog.lookup import Unknown
from sizer.diagnostic import Diagnostic, Place
from sizer.resolve.facts import Facts
from sizer.resolve.fleet import Offer, offers
from sizer.resolve.models import weight_formats
from sizer.resolve.proposals import proposals
from sizer.resolve.splits import Split, replica_counts, runs_on
from sizer.schema.asked.disaggregated import Disaggregated, Side
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.format import WeightFormat
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.facts.own_prices import OwnPrices
from sizer.schema.facts.prefill import PrefillReplicas

CODE = "SZ104"
TABLE = ("engine", "disaggregated")
PlaceOf = Callable[[tuple[str | int, ...]], Place | None]


@frozen
class Ratio:
    """Replicas that read prompts, and a split of those that decode with numbers of them to try."""

    prefill: PrefillReplicas
    decode: Split
    replicas: tuple[int, ...]


def ratios(
    model: Model,
    form: WeightFormat,
    gpu: Gpu,
    fleet: Fleet,
    asked: Disaggregated,
    context_ranks: int = 1,
    readers: Sequence[Offer] = (),
) -> Iterator[Ratio]:
    """Yield every way to read prompts apart: both sides' splits, each number of replicas.

    `readers` are accelerators that read prompts; without any it is the one that decodes.
    """
    decoding = [*proposals(model, form, gpu, _fleet(fleet, asked.decode), context_ranks)]
    for reader in readers or (None,):
        own = None if reader is None or reader.gpu.name == gpu.name else reader
        on = own.gpu if own else gpu
        reading = proposals(model, form, on, _fleet(fleet, asked.prefill), context_ranks)
        for prefill, decode in product(reading if runs_on(form, on) else (), decoding):
            yield from _of_splits(prefill, decode, gpu, fleet, asked, own)


def _of_splits(
    prefill: Split,
    decode: Split,
    gpu: Gpu,
    fleet: Fleet,
    asked: Disaggregated,
    own: Offer | None,
) -> Iterator[Ratio]:
    """Yield each number of replicas of both sides in one split each."""
    reading = PrefillReplicas(1, prefill.tp, prefill.pp, prefill.ep, prefill.dp)
    if own is not None:
        reading = evolve(reading, gpu=own.gpu, prices=own.prices)
    for number in _numbers(asked.prefill, prefill, fleet, fleet.max_gpus):
        taken = (number + fleet.spare_replicas) * prefill.gpus
        left = None if fleet.max_gpus is None else fleet.max_gpus - taken
        replicas = _numbers(asked.decode, decode, fleet, left)
        sizes = ((n, taken + (n + fleet.spare_replicas) * decode.gpus) for n in replicas)
        joined = tuple(n for n, size in sizes if _joined(gpu, reading, asked, size))
        if joined:
            yield Ratio(evolve(reading, replicas=number), decode, joined)


def readers(
    profile: Profile, facts: Facts, own: OwnPrices, place: PlaceOf
) -> tuple[Sequence[Offer], list[Diagnostic]]:
    """Return accelerators that read prompts alone, where they are named, and unknown names."""
    named = profile.engine.disaggregated.prefill.gpus
    if not named:
        return (), []
    custom = {each.name for each in profile.fleet.custom}
    try:
        found = offers(evolve(profile.fleet, gpus=named), facts, own)
    except Unknown as unknown:
        where = place((*TABLE, "prefill", "gpus"))
        return (), [Diagnostic("SZ701", str(unknown), where, unknown.hint)]
    return [each for each in found if each.gpu.name not in custom], []


def impossible_ratios(
    models: Sequence[tuple[ModelAsk, Model]],
    offers: Sequence[Offer],
    fleet: Fleet,
    engine: Engine,
    place: PlaceOf,
    readers: Sequence[Offer] = (),
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
    if any(True for case in cases for _ in ratios(*case, fleet, asked, ranks, readers)):
        return
    if readers:
        said = "no ratio of both sides is possible on these accelerators"
        hint = "name sizes, `max_gpus` and a `link_gb_s` that both sides allow"
        yield Diagnostic(CODE, said, place((*TABLE, "prefill", "gpus")) or place(TABLE), hint)
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


def _joined(gpu: Gpu, reading: PrefillReplicas, asked: Disaggregated, gpus: int) -> bool:
    """Whether somebody knows the link between both sides: none crosses an unknown network."""
    if asked.link_gb_s is not None:
        return True
    ends = (gpu, reading.gpu or gpu)
    networked = all(each.node_link_gb_s is not None for each in ends)
    return networked or (reading.gpu is None and gpus <= gpu.joined_devices)

"""Accelerators and prices that a profile asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve, frozen

from sizer.catalog.lookup import Unknown
from sizer.resolve.expansion import Expansion, expanded_gpus
from sizer.resolve.facts import CATALOG, Facts
from sizer.resolve.market import Market
from sizer.resolve.owning import owned_price, owning
from sizer.schema.answered.assumption import (
    AssumedLink,
    Assumption,
    Fp32Only,
    LargeDevice,
    Namesake,
    Remark,
    UnknownPrice,
)
from sizer.schema.asked.owned import Owned
from sizer.schema.asked.profile import CustomGpu, Fleet
from sizer.schema.facts.columns import UNNAMED
from sizer.schema.facts.gpu import Gpu, Peaks
from sizer.schema.facts.own_prices import OwnPrices
from sizer.schema.facts.price import BY_HAND, Price, Terms
from sizer.units import GB, GIB

NO_PRICES = OwnPrices()
LINKS = (
    "devices_per_accelerator",
    "link_gb_s",
    "domain_size",
    "pcie_gb_s",
    "peer_to_peer",
    "host_copy_gb_s",
    "server_size",
)
ASSUMED_LINK = "PCIe 3.0 x16"  # the slowest that servers still have
ASSUMED_LINK_GB_S = 16.0  # one direction


@frozen
class Offer:
    """An accelerator with what is sold of it, and what had to be assumed."""

    gpu: Gpu
    prices: tuple[Price, ...]
    assumptions: tuple[Assumption, ...] = ()


def offers(fleet: Fleet, facts: Facts = CATALOG, own: OwnPrices = NO_PRICES) -> list[Offer]:
    """Return what may be bought, each accelerator once, custom ones after the catalog's.

    Raises sizer.catalog.lookup.Unknown when the catalog lacks a name, or a pattern matches none.
    """
    market = _market(fleet, facts, own)
    listed = (name for each in expanded_gpus(fleet, market) for name in each.names)
    named = [_listed(name, market) for name in listed]
    custom = [_custom(each, market) for each in fleet.custom]
    found = {offer.gpu.name: offer for offer in (*named, *custom)}
    return [_networked(offer, fleet.node_link_gb_s) for offer in found.values()]


def expansions(fleet: Fleet, facts: Facts = CATALOG, own: OwnPrices = NO_PRICES) -> list[Expansion]:
    """Return which accelerators the names of a fleet stand for. Raises Unknown as `offers` does."""
    return expanded_gpus(fleet, _market(fleet, facts, own))


def _market(fleet: Fleet, facts: Facts, own: OwnPrices) -> Market:
    terms = Terms(fleet.provider, fleet.region, fleet.term, own.since)
    return Market(terms, own.prices, facts, _owned(fleet, facts))


def _owned(fleet: Fleet, facts: Facts) -> dict[str, tuple[Owned, ...]]:
    """Return what is owned by the full names of accelerators."""
    custom = {each.name for each in fleet.custom}
    found: dict[str, tuple[Owned, ...]] = {}
    for each in fleet.owned:
        name = each.gpu if each.gpu in custom else facts.gpu(each.gpu).value.name
        found[name] = (*found.get(name, ()), each)
    return found


def _networked(offer: Offer, node_link_gb_s: float | None) -> Offer:
    if node_link_gb_s is None:
        return offer
    return evolve(offer, gpu=evolve(offer.gpu, node_link_gb_s=node_link_gb_s))


def _listed(name: str, market: Market) -> Offer:
    found = market.facts.gpu(name)
    notes: tuple[Assumption, ...] = (Remark(found.note),) if found.note else ()
    name = found.value.name
    if name in market.owned:
        return _of_ones_own(Offer(found.value, (), notes), market.owned[name])
    sold = market.prices(name)
    if not sold:
        notes += (UnknownPrice(name, market.terms),)
    return Offer(found.value, sold, notes)


def _of_ones_own(offer: Offer, owned: Iterable[Owned]) -> Offer:
    """Return an accelerator at what it costs to own."""
    found = tuple(owning(each, offer.gpu) for each in owned)
    prices = tuple(filter(None, map(owned_price, found)))
    return evolve(offer, prices=prices, assumptions=(*offer.assumptions, *found))


def _custom(asked: CustomGpu, market: Market) -> Offer:
    like, notes = _like(asked, market.facts)
    gpu = _described(asked, like)
    if gpu.usable_link_gb_s is None and gpu.joined_devices > 1:
        gpu = _linked(gpu)
        notes = (*notes, AssumedLink(asked.name, ASSUMED_LINK, ASSUMED_LINK_GB_S))
    if like is None and gpu.peaks.fp32 and not (gpu.peaks.fp16 or gpu.peaks.bf16):
        gpu = evolve(gpu, peaks=evolve(gpu.peaks, fp16=0.0, bf16=0.0))
        notes = (*notes, Fp32Only(asked.name))
    offer = Offer(gpu, _sold(asked, like, market), (*notes, *_large(asked, like)))
    owned = market.owned.get(asked.name)
    return offer if owned is None else _of_ones_own(offer, owned)


def _large(asked: CustomGpu, like: Gpu | None) -> Iterator[LargeDevice]:
    """Yield that numbers of a whole accelerator may stand where those of a device are wanted."""
    if like is None or asked.devices_per_accelerator is not None:
        return
    count = like.devices_per_accelerator
    if count > 1 and asked.memory_gb >= count * like.memory_gb:
        yield LargeDevice(asked.name, asked.memory_gb, like.name, like.memory_gb, count)


def _linked(gpu: Gpu) -> Gpu:
    """Return an accelerator with the slowest link that servers still have."""
    if gpu.peer_to_peer is False:
        return evolve(gpu, host_copy_gb_s=ASSUMED_LINK_GB_S)
    return evolve(gpu, link="PCIe", link_gb_s=ASSUMED_LINK_GB_S)


def _given(asked: CustomGpu, names: Iterable[str]) -> dict[str, Any]:
    """Return what of some fields is given."""
    found = {name: getattr(asked, name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _links(asked: CustomGpu) -> dict[str, Any]:
    """Return what is given of its links; a speed of its own is one of direct copies."""
    direct = {"peer_to_peer": None} if asked.link_gb_s is not None else {}
    return direct | _given(asked, LINKS)


def _sold(asked: CustomGpu, like: Gpu | None, market: Market) -> tuple[Price, ...]:
    """Return what the profile says, else prices of the accelerator's own name, or of `like`."""
    if asked.cost_per_hour is not None:
        return (Price(asked.name, BY_HAND, asked.cost_per_hour, as_of="", basis="by hand"),)
    return market.own_prices(asked.name) or (market.prices(like.name) if like else ())


def _like(asked: CustomGpu, facts: Facts) -> tuple[Gpu | None, tuple[Assumption, ...]]:
    try:
        found = facts.gpu(asked.like or asked.name)
    except Unknown:
        if asked.like is not None:
            raise
        return None, ()
    return found.value, (Namesake(asked.name, found.value.name),)


def _described(asked: CustomGpu, like: Gpu | None) -> Gpu:
    blank = Gpu(asked.name, "unknown", UNNAMED, 0, 0, 0, Peaks())
    base = like or blank
    peaks = Peaks(
        fp32=asked.tflops_fp32 or base.peaks.fp32,
        fp16=asked.tflops_fp16 or base.peaks.fp16,
        bf16=asked.tflops_bf16 or (base.peaks.bf16 if like else asked.tflops_fp16),
        fp8=asked.tflops_fp8 or base.peaks.fp8,
        int8=base.peaks.int8,
        fp4=base.peaks.fp4,
    )
    same_memory = like is not None and like.memory_gb == asked.memory_gb
    return evolve(
        evolve(base, **_links(asked)),
        name=asked.name,
        memory_gb=asked.memory_gb,
        memory_gib=base.memory_gib if same_memory else asked.memory_gb * GB / GIB,
        bandwidth_gb_s=asked.memory_bandwidth_gb_s,
        peaks=peaks,
        tdp_w=asked.tdp_w or base.tdp_w,
        aliases=(),
        source="the profile",
    )

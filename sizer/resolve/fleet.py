"""Accelerators and prices that a profile asks for."""

from __future__ import annotations

from attrs import evolve, frozen

from sizer.catalog.found import Unknown
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.gpu import Gpu, Peaks, Price, Terms
from sizer.schema.profile import CustomGpu, Fleet
from sizer.units import GB, GIB

ASSUMED_LINK_GB_S = 16.0  # PCIe 3.0 x16, one direction: the slowest link that servers still have


@frozen
class Offer:
    """An accelerator with its price, and what had to be assumed."""

    gpu: Gpu
    price: Price | None
    assumptions: tuple[str, ...] = ()


def offers(fleet: Fleet, facts: Facts = CATALOG) -> list[Offer]:
    """Return what may be bought, each accelerator once, custom ones after the catalog's.

    Raises sizer.catalog.found.Unknown when the catalog lacks a name.
    """
    terms = Terms(fleet.provider)
    named = [_listed(name, terms, facts) for name in fleet.gpus]
    custom = [_custom(each, terms, facts) for each in fleet.custom]
    return list({offer.gpu.name: offer for offer in (*named, *custom)}.values())


def _listed(name: str, terms: Terms, facts: Facts) -> Offer:
    found = facts.gpu(name)
    notes: tuple[str, ...] = (found.note,) if found.note else ()
    cost = facts.price(found.value.name, terms)
    if cost is None:
        asked = f" from {terms.provider}" if terms.provider else ""
        notes += (f"{found.value.name}: no price{asked} is known, so its cost is unknown",)
    return Offer(found.value, cost, notes)


def _custom(asked: CustomGpu, terms: Terms, facts: Facts) -> Offer:
    like, notes = _like(asked, facts)
    gpu = _described(asked, like)
    if gpu.link_gb_s is None:
        gpu = evolve(gpu, link="PCIe", link_gb_s=ASSUMED_LINK_GB_S)
        notes.append(f"{asked.name}: link assumed to be PCIe 3.0 x16, {ASSUMED_LINK_GB_S:g} GB/s")
    cost = None
    if asked.cost_per_hour is not None:
        cost = Price(
            asked.name, "profile", asked.cost_per_hour, as_of="", basis="given in the profile"
        )
    elif like is not None:
        cost = facts.price(like.name, terms)
    return Offer(gpu, cost, tuple(notes))


def _like(asked: CustomGpu, facts: Facts) -> tuple[Gpu | None, list[str]]:
    try:
        found = facts.gpu(asked.like or asked.name)
    except Unknown:
        if asked.like is not None:
            raise
        return None, []
    return found.value, [f"{asked.name}: what it leaves out is taken from {found.value.name}"]


def _described(asked: CustomGpu, like: Gpu | None) -> Gpu:
    blank = Gpu(asked.name, "unknown", "custom", 0, 0, 0, Peaks())
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
        base,
        name=asked.name,
        memory_gb=asked.memory_gb,
        memory_gib=base.memory_gib if same_memory else asked.memory_gb * GB / GIB,
        bandwidth_gb_s=asked.memory_bandwidth_gb_s,
        peaks=peaks,
        link_gb_s=asked.link_gb_s or base.link_gb_s,
        aliases=(),
        source="the profile",
    )

"""Accelerators: what a chip's units, clock, bus and links make, and what siblings share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import asdict
from integrity.catalog import Offences, apart, data, gpus

from sizer.catalog.gpus import find_gpu, knows_gpu
from sizer.schema.facts.gpu import Gpu

CLOCK = 0.03
RATIO = 0.01
BUS = 0.03
FORMATS = ("fp32", "fp16", "fp8", "int8", "fp4")


def cards_are_described() -> Offences:
    """Every GPU with known units has a row in data/cards.toml. Exact."""
    described = {name for name, _, _ in _cards()}
    for gpu in gpus():
        if gpu.sm_count and gpu.name not in described:
            yield gpu.name, "no row of units, clock and bus"


def units_of_card() -> Offences:
    """Units (SM, CU, Xe core) are the card's. Exact. Source: TechPowerUp's table, by shaders."""
    for gpu, card in _described():
        if gpu.sm_count is not None and gpu.sm_count * devices(gpu) != card["sm"]:
            yield gpu.name, f"{gpu.sm_count} units, published {card['sm']}"


def peaks_of_units() -> Offences:
    """A peak is units times clock times operations of the architecture. Within 3 %.

    Sources: TechPowerUp's clocks, makers' whitepapers of architectures.
    """
    for gpu, card in _described():
        for form, each in _operations(gpu).items():
            peak = getattr(gpu.peaks, form)
            clock = card["mhz"] if form == "fp32" else card.get("tensor_mhz", card["mhz"])
            made = card["sm"] / devices(gpu) * clock * each / 1e6
            if peak and made and apart(peak, made) > CLOCK:
                yield (
                    gpu.name,
                    f"{form} {peak:g}, {card['sm']} units at {clock} MHz make {made:.1f}",
                )


def peaks_are_known() -> Offences:
    """A peak is known where units, clock and architecture make it. Exact."""
    for gpu, card in _described():
        clock = card.get("tensor_mhz", card["mhz"])
        unknown = [form for form in _operations(gpu) if getattr(gpu.peaks, form) is None]
        if unknown and clock:
            yield gpu.name, f"unknown {', '.join(unknown)}"


def formats_keep_ratios() -> Offences:
    """Peaks by format are in the ratios of the architecture, bf16 as fp16. Within 1 %.

    Sources: makers' whitepapers of architectures.
    """
    for gpu in gpus():
        peaks, units = gpu.peaks, _operations(gpu)
        if peaks.fp16 and peaks.bf16 and apart(peaks.bf16, peaks.fp16) > RATIO:
            yield gpu.name, f"bf16 {peaks.bf16:g}, fp16 {peaks.fp16:g}"
        for form in ("fp8", "int8", "fp4"):
            peak = getattr(peaks, form)
            if not peak or not peaks.fp16 or form not in units:
                continue
            wanted = units[form] / units["fp16"]
            if apart(peak / peaks.fp16, wanted) > RATIO:
                yield gpu.name, f"{form} is {peak / peaks.fp16:.2f} times fp16, not {wanted:g}"


def peaks_above_measurements() -> Offences:
    """A measured matrix product is 45 to 100 % of the peak: below, the peak may be a sparse one.

    Sources: data/measured.toml has one for each list.
    """
    for table in data("measured")["measured"]:
        for form in ("fp16", "bf16", "fp8"):
            for name, rate in table.get(form, {}).items():
                peak = getattr(find_gpu(name).value.peaks, form)
                if peak and not 0.45 <= rate / peak <= 1.0:
                    yield name, f"{form} {peak:g}, measured {rate:g} TFLOP/s"


def lacking_is_zero() -> Offences:
    """A format that a family has no units for has the peak 0, and is not unknown. Exact."""
    for gpu in gpus():
        for form in data("operations")["lacks"].get(gpu.family, ()):
            peak = getattr(gpu.peaks, form)
            if peak != 0.0:
                yield gpu.name, f"{form} {peak}, {gpu.family} has none"


def bandwidth_of_bus() -> Offences:
    """Bandwidth is the bus times the rate of a pin. Within 3 %. Source: TechPowerUp's table."""
    for gpu, card in _described():
        made = card["bus"] * card["gbit_s"] / 8 / devices(gpu)
        if gpu.bandwidth_gb_s and apart(gpu.bandwidth_gb_s, made) > BUS:
            yield gpu.name, f"{gpu.bandwidth_gb_s:g} GB/s, the bus makes {made:.0f}"


def power_of_card() -> Offences:
    """The power is the card's. Within 1 %. Source: TechPowerUp's table, data sheets where wrong."""
    for gpu, card in _described():
        stated = card.get("tdp")
        if stated and (gpu.tdp_w is None or apart(gpu.tdp_w * devices(gpu), stated) > RATIO):
            yield gpu.name, f"{gpu.tdp_w} W, published {stated} W"


def year_of_card() -> Offences:
    """The year is the card's. Exact. Source: TechPowerUp's table."""
    for gpu, card in _described():
        if gpu.launch_year != card.get("year", gpu.launch_year):
            yield gpu.name, f"{gpu.launch_year}, published {card['year']}"


def year_of_family() -> Offences:
    """The year is one in which its family came out. Exact. Source: makers' announcements."""
    for gpu in gpus():
        years = data("families")["years"].get(gpu.family)
        if years and not years[0] <= (gpu.launch_year or 0) <= years[1]:
            yield gpu.name, f"{gpu.launch_year}, {gpu.family} is of {years[0]} to {years[1]}"


def capability_of_family() -> Offences:
    """NVIDIA's accelerators have a compute capability of their family, others none. Exact."""
    known = data("families")["capabilities"]
    for gpu in gpus():
        if gpu.vendor != "NVIDIA":
            if gpu.compute_capability is not None:
                yield gpu.name, f"compute capability {gpu.compute_capability} of {gpu.vendor}"
        elif known.get(gpu.family) and gpu.compute_capability not in known[gpu.family]:
            yield gpu.name, f"{gpu.compute_capability}, {gpu.family} has {known[gpu.family]}"


def link_of_generation() -> Offences:
    """NVLink's speed is that of its generation times its links. Within 1 %. Source: whitepapers."""
    links = data("families")["links"]
    for gpu in gpus():
        link = links.get(gpu.link)
        if link and gpu.link_gb_s:
            speeds = [link["gb_s"] * count for count in link["counts"]]
            if all(apart(gpu.link_gb_s, each) > RATIO for each in speeds):
                yield gpu.name, f"{gpu.link} at {gpu.link_gb_s:g} GB/s, not one of {speeds}"


def slot_of_card() -> Offences:
    """PCIe's speed is that of the card's generation and lanes. Within 2 %. Source: TechPowerUp."""
    for gpu, card in _described():
        if "slot" not in card:
            continue
        generation, _, lanes = card["slot"].partition(" x")
        made = data("families")["slots"][generation] * int(lanes) / 16
        speed = gpu.link_gb_s if gpu.link == "PCIe" else getattr(gpu, "pcie_gb_s", None)
        if speed and apart(speed, made) > 2 * RATIO:
            yield gpu.name, f"PCIe at {speed:g} GB/s, {card['slot']} makes {made:g}"


def network_of_ports() -> Offences:
    """The network is one of ports in use: 50, 100, 200, 300, 400, 800 or 1,600 Gb/s. Exact."""
    for gpu in gpus():
        speed = gpu.node_link_gb_s
        if speed and speed * 8 not in {50, 100, 200, 300, 400, 600, 800, 1600}:
            yield gpu.name, f"{speed * 8:g} Gb/s"


def siblings_keep_ratios() -> Offences:
    """Accelerators of one chip have equal facts, or facts in a stated ratio. Within 1 %.

    The ratio is of units, clocks or a maker's sheet: data/siblings.toml says which.
    """
    for row in data("siblings")["siblings"]:
        names = [knows_gpu(name) for name in row["pair"]]
        if None in names:
            continue
        one, other = (find_gpu(str(name)).value for name in names)
        for fact in row.get("same", ()):
            mine, theirs = getattr(one, fact), getattr(other, fact)
            if not _same(mine, theirs):
                yield one.name, f"{fact} {_shown(mine)}, {other.name} {_shown(theirs)}"
        for form in row.get("of", ()):
            mine, theirs = getattr(one.peaks, form), getattr(other.peaks, form)
            if mine and theirs and apart(mine / theirs, row["ratio"]) > RATIO:
                yield one.name, f"{form} is {mine / theirs:.3f} times {other.name}'s: {row['why']}"


def memory_of_rule() -> Offences:
    """Memory that an engine is told is the box's by one of the rules, or logged near one.

    Within 0.1 % where the note names a rule, within 2 % of one where it names a log. Metal lends
    the less of the memory that it shares with the processor the less there is of it.
    """
    for gpu in gpus():
        rules = (
            (2 / 3, 0.75, 0.84, 0.934) if gpu.vendor == "Apple" else (1.0, 0.99, 0.98, 0.95, 0.92)
        )
        share = gpu.memory_gib / gpu.memory_gb
        slack = 0.001 if "memory_gib by rule" in gpu.note else 0.02
        if all(abs(share - rule) > slack for rule in rules):
            yield gpu.name, f"{gpu.memory_gib:g} GiB are {share:.3f} of {gpu.memory_gb:g}"


def names_reach_their_card() -> Offences:
    """Every name of an accelerator reaches it, and no name is of two. Exact."""
    owners: dict[str, set[str]] = {}
    for gpu in gpus():
        for name in (gpu.name, *gpu.aliases):
            owners.setdefault(name.lower(), set()).add(gpu.name)
            if knows_gpu(name) != gpu.name:
                yield gpu.name, f"{name!r} reaches {knows_gpu(name)}"
    for name, of in owners.items():
        if len(of) > 1:
            yield name, f"of {', '.join(sorted(of))}"


def drivers_names_resolve() -> Offences:
    """What drivers print and clouds call an accelerator reaches it. Exact.

    Sources: data/drivers.toml has one for each list of names.
    """
    for table in data("drivers")["names"]:
        for name, wanted in table["reach"].items():
            card = knows_gpu(wanted)
            if card is not None and knows_gpu(name) != card:
                yield name, f"reaches {knows_gpu(name)}, not {card}"


def other_cards_stay_unknown() -> Offences:
    """A card that is near to one of the catalog and is another reaches no entry but its own. Exact.

    Source: NVIDIA's table of devices.
    """
    for name in data("drivers")["others"]["names"]:
        known = knows_gpu(name)
        if known is None:
            continue
        own = {_letters(each) for each in (known, *find_gpu(known).value.aliases)}
        if _letters(name) not in own:
            yield name, f"reaches {known}"


def devices(gpu: Gpu) -> int:
    """Return how many devices an accelerator as it is sold has."""
    return int(getattr(gpu, "devices_per_accelerator", 1))


def _cards() -> Iterator[tuple[str, Gpu, Mapping[str, Any]]]:
    for name, card in data("cards")["cards"].items():
        known = knows_gpu(name)
        if known is not None:
            yield known, find_gpu(known).value, card


def _described() -> Iterator[tuple[Gpu, Mapping[str, Any]]]:
    return ((gpu, card) for _, gpu, card in _cards())


def _operations(gpu: Gpu) -> dict[str, float]:
    """Return a unit's operations in a clock by format, with 32-bit accumulation."""
    table = data("operations")
    units = {**table["units"].get(str(gpu.compute_capability or gpu.family), {})}
    if gpu.name in table["cut"]:
        return {form: each / (1 if form == "fp32" else 2) for form, each in units.items()}
    half = gpu.name.startswith(tuple(table["halved"])) and gpu.name not in table["whole"]
    return {
        form: each / 2 if half and form in {"fp16", "fp8"} else each for form, each in units.items()
    }


def _letters(name: str) -> str:
    """Return a name without its maker, its line of products and its marks."""
    plain = re.sub(r"nvidia|geforce|generation", "", name.lower())
    return re.sub(r"[^a-z0-9]", "", plain)


def _same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, float) and isinstance(theirs, float):
        return apart(mine, theirs) <= RATIO
    return bool(mine == theirs)


def _shown(fact: Any) -> str:
    return str(asdict(fact)) if hasattr(fact, "__attrs_attrs__") else str(fact)


CHECKS = (
    cards_are_described,
    units_of_card,
    peaks_of_units,
    peaks_are_known,
    formats_keep_ratios,
    peaks_above_measurements,
    lacking_is_zero,
    bandwidth_of_bus,
    power_of_card,
    year_of_card,
    year_of_family,
    capability_of_family,
    link_of_generation,
    slot_of_card,
    network_of_ports,
    siblings_keep_ratios,
    memory_of_rule,
    names_reach_their_card,
    drivers_names_resolve,
    other_cards_stay_unknown,
)

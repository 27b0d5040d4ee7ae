"""Assumptions in words, a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any

from attrs import asdict

from sizer.render.kit.phrases import logged_load
from sizer.render.kit.unmeasured import unmeasured_text
from sizer.schema.answered.adapters import UnscoredAdapters
from sizer.schema.answered.assumption import (
    AssumedLink,
    AssumedServer,
    Assumption,
    CacheOfCheckpoint,
    CarefulEnd,
    DefaultOrder,
    Devices,
    DirectCopies,
    EveryPriced,
    FittedLengths,
    Fp32Only,
    HostCopies,
    LargeDevice,
    LargestInstance,
    LeavesServer,
    LoggedLoad,
    MeanPace,
    Namesake,
    NewerEngine,
    NoBf16,
    OneReplica,
    Origin,
    OtherIntervals,
    Owning,
    PresetLoad,
    ReadApart,
    ReadsOnly,
    Remark,
    Servers,
    ShortContext,
    StandsFor,
    UncountedInTimes,
    UnknownFact,
    UnknownPrice,
    UnmeasuredFamily,
    UnreadModels,
    UnstatedFormat,
    UntimedSettings,
    WiderPeak,
    WritesNoText,
)
from sizer.schema.answered.drafting import CurveTaken, UnknownAcceptance, UnscoredDrafts
from sizer.schema.answered.power import RatedServer, UnmeasuredDraw, UnmeasuredPower, Work
from sizer.schema.facts.price import Terms
from sizer.schema.facts.unmeasured import Unsure

MOST_NAMES = 3
WORK: Mapping[Work, str] = {
    "reading": "texts that are only read",
    "apart": "prompts apart from decoding",
    "drafts": "drafted tokens",
}
HOW = "name it as fleet.node_link_gb_s"


def assumption_data(assumption: Assumption) -> dict[str, Any]:
    """Return an assumption as plain data, its words as `text`."""
    return {"kind": assumption.kind, **asdict(assumption), "text": assumption_text(assumption)}


@singledispatch
def assumption_text(assumption: Assumption) -> str:
    """Return an assumption on one line."""
    raise NotImplementedError(type(assumption).__name__)


@assumption_text.register
def _(noted: Remark) -> str:
    return noted.text


@assumption_text.register
def _(pattern: StandsFor) -> str:
    return f"{pattern.name} stands for {', '.join(pattern.gpus)}"


@assumption_text.register
def _(every: EveryPriced) -> str:
    asked = 'gpus = ["all"]' if every.named else "no `gpus` are named"
    what = "accelerator" if every.gpus == 1 else "accelerators"
    left = f", {every.unpriced} without one left out" if every.unpriced else ""
    priced = f"{what} of the catalog with a price{terms_text(every.terms)}"
    return f"{asked}: {every.gpus} {priced}{left}"


@assumption_text.register
def _(order: DefaultOrder) -> str:
    unknown = "no price is known" if order.unknown == "prices" else "times are not known"
    return f"{unknown}, and no `sort` is given: sorted by {order.sort}"


@assumption_text.register
def _(other: OtherIntervals) -> str:
    said = f"intervals of {', '.join(other.metrics)}"
    pairs = f"fewer than {other.fewest_pairs} pairs of model and accelerator"
    few = f"{pairs} were measured for {other.calibration}"
    if other.prior is None:
        return f"no {said}: {few}"
    return f"{said}: {other.prior}'s, widened to what was measured, as {few}"


@assumption_text.register
def _(price: UnknownPrice) -> str:
    return f"{price.gpu}: no price{terms_text(price.terms)} is known, so its cost is unknown"


@assumption_text.register
def _(largest: LargestInstance) -> str:
    held = f"no instance that counts holds more than {largest.gpus}"
    return f"{largest.gpu}: {held}, so the cost of more in one server is unknown"


@assumption_text.register
def _(owned: Owning) -> str:
    what = f"{owned.gpu}: " + (f"a server of {owned.gpus}" if owned.gpus else "one of them")
    if owned.usd_per_hour is None or owned.kilowatts is None:
        if owned.usd_per_hour is None:
            return f"{what} costs an unknown sum to own, as no `tdp_w` is known"
        power = "power is free"
    else:
        drawn = f"{owned.kilowatts:.4g} kW at {owned.usd_per_kwh:g} USD/kWh"
        power = f"{owned.power_usd_per_hour:.3f} for {drawn}"
    years = f"{owned.years:g} years of {owned.hours_per_year:,.0f} hours"
    paid = f"{owned.purchase_usd_per_hour:.3f} for {owned.purchase_usd:,.0f} USD over {years}"
    return f"{what} costs {owned.usd_per_hour:.3f} USD/h to own: {paid}, {power}"


@assumption_text.register
def _(link: AssumedLink) -> str:
    return f"{link.gpu}: link assumed to be {link.link}, {link.link_gb_s:g} GB/s"


@assumption_text.register
def _(server: AssumedServer) -> str:
    return f"{server.gpu}: a server is taken to hold {server.gpus}, as no source says how many"


@assumption_text.register
def _(several: Devices) -> str:
    said = f"{several.gpu}: each is {several.devices} devices to an engine"
    return f"{said}; memory, tp and gpus are of devices, a price is of all {several.devices}"


@assumption_text.register
def _(large: LargeDevice) -> str:
    usual = f"each {large.like} is {large.devices} devices of {large.like_memory_gb:g} GB"
    return (
        f"{large.gpu}: {large.memory_gb:g} GB are taken as of one device, but {usual}; "
        "give those of a device, or devices_per_accelerator = 1"
    )


@assumption_text.register
def _(copies: HostCopies) -> str:
    return f"{copies.gpu}: no direct copies; {copies.host_copy_gb_s:g} GB/s through the host"


@assumption_text.register
def _(taken: Namesake) -> str:
    return f"{taken.gpu}: what it leaves out is taken from {taken.like}"


@assumption_text.register
def _(end: CarefulEnd) -> str:
    return (
        f"conditions and requirements judge the careful end of the interval that holds "
        f"{end.confidence:.0%} of measurements"
    )


@assumption_text.register
def _(lengths: FittedLengths) -> str:
    given = ", ".join(f"{each.name} = {each.tokens:,}" for each in lengths.percentiles)
    return (
        f"{lengths.what} are log-normal with {given}: {lengths.mean_tokens:,} tokens on average, "
        f"standard deviation {lengths.spread:.2f} of it"
    )


@assumption_text.register
def _(load: LoggedLoad) -> str:
    return logged_load(load)


@assumption_text.register
def _(preset: PresetLoad) -> str:
    hits = "" if preset.hit_share is None else f", {preset.hit_share:.0%} of prompts sent before"
    lengths = f"{preset.input_tokens:,} tokens in and {preset.output_tokens:,} out on average"
    return f"preset {preset.name}: {lengths}{hits}, {preset.source}"


@assumption_text.register
def _(short: ShortContext) -> str:
    asked = f"{short.tokens:,} tokens are more than the {short.max_context:,} of {short.model}"
    return f"{asked}: it has no candidate"


@assumption_text.register
def _(_: OneReplica) -> str:
    return "one replica only: `fleet.max_gpus` adds more"


@assumption_text.register
def _(untimed: UntimedSettings) -> str:
    keys = _keys(untimed.settings)
    return f"times are unknown with {keys}, and so is whether candidates keep up with the load"


@assumption_text.register
def _(uncounted: UncountedInTimes) -> str:
    return f"times do not count {_keys(uncounted.settings)}; memory does"


@assumption_text.register
def _(taken: CurveTaken) -> str:
    said = f"{taken.model}: acceptance of drafts is that of {taken.measured_on} on {taken.dataset}"
    if taken.asked:
        return f"{said}, as asked; other texts are accepted less"
    return f"{said}; for other texts write `acceptance_length` in [engine.speculative]"


@assumption_text.register
def _(unknown: UnknownAcceptance) -> str:
    what = f"{unknown.model}: how many of {unknown.tokens} drafted tokens are accepted is not known"
    ends = f"; the curve {unknown.beyond} ends before" if unknown.beyond else ""
    return f"{what}{ends}: times need `acceptance_length` in [engine.speculative]"


@assumption_text.register
def _(unscored: UnscoredDrafts) -> str:
    said = f"times with drafts of {unscored.method} were held against no measurement"
    return f"{said}, only those of {unscored.scored}"


@assumption_text.register
def _(_: UnscoredAdapters) -> str:
    said = "times with LoRA follow from bytes and launches and were held against few measurements"
    return f"{said}: their intervals are twice as wide"


@assumption_text.register
def _(several: Servers) -> str:
    size = f"{several.servers} servers of {several.gpus_per_server} {several.gpu}"
    need = f"{several.model} in {several.weights} takes {size}"
    if several.node_link_gb_s is None:
        return f"{need}: none proposed, their network is not known; {HOW}"
    return f"{need}: their network gives {several.node_link_gb_s:g} GB/s to each"


@assumption_text.register
def _(wide: LeavesServer) -> str:
    size = f"{wide.gpu}: all-reduces of tp{wide.tp} leave the server of {wide.gpus_per_server}"
    if wide.share is None:
        return size
    return f"{size}; links and network take {100.0 * wide.share:.0f} % of a decode step"


@assumption_text.register
def _(copied: DirectCopies) -> str:
    return (
        f"{copied.gpu}: direct copies over PCIe; where a virtual machine grants none, "
        f'give one of your own with like = "{copied.gpu}" and peer_to_peer = false'
    )


@assumption_text.register
def _(lacking: NoBf16) -> str:
    return f"{lacking.gpu} has no bf16 arithmetic: engines run such weights as fp16"


@assumption_text.register
def _(given: Fp32Only) -> str:
    return f"{given.gpu}: no tflops_fp16 is given, so 16 bit runs at its fp32 peak"


@assumption_text.register
def _(lacking: UnknownFact) -> str:
    said = {
        "16-bit peak": "no 16-bit peak is known, so its times are unknown",
        "memory bandwidth": "its memory bandwidth is not known, so its times are unknown",
        "link": "the speed of its link is not known, nor are times of more than one",
    }
    return f"{lacking.gpu}: {said[lacking.fact]}"


@assumption_text.register
def _(peak: WiderPeak) -> str:
    return f"{peak.gpu}: its {peak.form} peak is not known; {peak.form} runs at its 16-bit peak"


@assumption_text.register
def _(family: UnmeasuredFamily) -> str:
    used = f"constants are {family.like}'s" if family.like else "constants are plain ones"
    return f"{family.gpu}: no times of its family were measured; {used}, intervals wider"


@assumption_text.register
def _(power: UnmeasuredPower) -> str:
    used = f"shares of its TDP are {power.like}'s" if power.like else "shares of its TDP are plain"
    return f"{power.gpu}: no power of its family was measured; {used}"


@assumption_text.register
def _(power: UnmeasuredDraw) -> str:
    work = WORK[power.work]
    return f"no power was measured with {work}: shares of a TDP are those of other work"


@assumption_text.register
def _(server: RatedServer) -> str:
    draws = f"a server draws {server.host_w:,.0f} W beside {server.gpus} accelerators"
    return (
        f"{server.gpu}: {draws}, by its rating of {server.rated_w:,.0f} W; `energy.host_w` "
        "says what yours draws"
    )


@assumption_text.register
def _(ours: NewerEngine) -> str:
    day = f" of {ours.released}" if ours.released else ""
    newer = f"{ours.engine} {ours.version} is newer than {ours.newest}{day}"
    return f"{newer}, the newest whose times were measured: taken as that one, and maybe faster"


@assumption_text.register
def _(pace: MeanPace) -> str:
    said = "the pace is the mean of both estimators, first tokens are ours"
    if not pace.alone:
        return said
    return f"{said}; aiconfigurator has no tables of {_several(pace.alone)}, whose pace is ours too"


@assumption_text.register
def _(silent: WritesNoText) -> str:
    return f"{silent.glob}: {silent.model} writes no text, so it is left out"


@assumption_text.register
def _(reading: ReadsOnly) -> str:
    made = "" if reading.model is None else f", which {reading.model} is made for"
    unknown = "so TTFT, ITL and tokens/s are unknown; `e2e_ms` is the latency of a request"
    unseen = "no such run was measured: intervals are those of models that write"
    return f'task = "{reading.task}"{made}: no token is written, {unknown}; {unseen}'


@assumption_text.register
def _(apart: ReadApart) -> str:
    when = "when its prompt is read" if apart.transfer == "whole" else "layer by layer"
    over = "NVLink where it joins both sides, else the network"
    if apart.link_gb_s is not None:
        over = f"a link of {apart.link_gb_s:g} GB/s for each accelerator"
    measured = "only DeepSeek-R1 under SGLang and TensorRT-LLM was measured so"
    said = f"prefill apart from decode: a cache goes over {when}, by {over}"
    return f"{said}; {measured}, so intervals of first tokens are wider"


@assumption_text.register
def _(unread: UnreadModels) -> str:
    first, *others = unread.origins
    wider = "intervals of memory are wider"
    if not others:
        return f"{first.model}: {_origin(first)}, not read from its config.json; {wider}"
    several = _several(f"{each.model} ({_origin(each)})" for each in unread.origins)
    return f"not read from a config.json, {wider}: {several}"


@assumption_text.register
def _(unstated: UnstatedFormat) -> str:
    left = "its config.json was not read, so it is left out"
    return f"{unstated.glob}: the weight format of {unstated.model} is not known, as {left}"


@assumption_text.register
def _(cache: CacheOfCheckpoint) -> str:
    return f"{cache.model}: its cache is {cache.kv_format}, as the checkpoint asks"


@assumption_text.register
def _(unsure: Unsure) -> str:
    return unmeasured_text(unsure)


def _origin(origin: Origin) -> str:
    if origin.source == "recalled":
        return "recalled shapes"
    what = "shapes of a table" if origin.source == "table" else "defaults of a class"
    return f"{what} ({origin.owner})"


def _several(names: Iterable[str]) -> str:
    """Return a few names, and how many more there are."""
    found = list(names)
    more = f" and {len(found) - MOST_NAMES} more" if len(found) > MOST_NAMES else ""
    return ", ".join(found[:MOST_NAMES]) + more


def terms_text(terms: Terms) -> str:
    """Return terms of a price as they stand behind the word, empty where any will do."""
    told = [
        f" from {terms.provider}" if terms.provider else "",
        f" in {terms.region}" if terms.region else "",
        f" as {terms.term}" if terms.term != "on_demand" else "",
        f" since {terms.since}" if terms.since else "",
    ]
    return "".join(told)


def _keys(names: tuple[str, ...]) -> str:
    return ", ".join(f"`engine.{name}`" for name in names)

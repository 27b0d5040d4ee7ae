"""What an answer rests on that its profile left open, each as a value; `render` has the words."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sizer.schema.answered.adapters import UnscoredAdapters
from sizer.schema.answered.drafting import CurveTaken, UnknownAcceptance, UnscoredDrafts
from sizer.schema.answered.power import RatedServer, UnmeasuredDraw, UnmeasuredPower
from sizer.schema.asked.disaggregated import Transfer
from sizer.schema.asked.tasks import Task
from sizer.schema.facts.price import Terms
from sizer.schema.facts.unmeasured import (
    NotCounted,
    UnmeasuredDraft,
    UnmeasuredEngine,
    UnmeasuredVendor,
    UnmeasuredVersion,
)

Fitted = Literal["prompts", "answers"]


@frozen
class Remark:
    """What the catalog, a file or a lock says of a name, like how a short one was taken."""

    text: str
    kind: Literal["remark"] = "remark"


@frozen
class StandsFor:
    """A name of `fleet.gpus` stands for several accelerators, like `H100*` or `vendor:amd`."""

    name: str
    gpus: tuple[str, ...]
    kind: Literal["stands for"] = "stands for"


@frozen
class EveryPriced:
    """The fleet is every accelerator of the catalog with a price on these terms.

    `named` says whether `gpus` names `all`, or nothing. `unpriced` counts those left out.
    """

    named: bool
    gpus: int
    unpriced: int
    terms: Terms
    kind: Literal["every priced"] = "every priced"


@frozen
class DefaultOrder:
    """No sort is given, and prices or times are not known: candidates are ranked by what is."""

    sort: str
    unknown: Literal["prices", "times"] = "prices"
    kind: Literal["default order"] = "default order"


@frozen
class OtherIntervals:
    """Too few pairs of model and accelerator were measured for intervals of a calibration's own.

    They are those of `prior`, widened to what was measured; without one there are none.
    """

    metrics: tuple[str, ...]
    calibration: str
    prior: str | None
    fewest_pairs: int
    kind: Literal["other intervals"] = "other intervals"


@frozen
class UnknownPrice:
    """Nobody says what an accelerator costs on these terms, so its cost is unknown."""

    gpu: str
    terms: Terms
    kind: Literal["unknown price"] = "unknown price"


@frozen
class LargestInstance:
    """No instance of an accelerator that is sold on these terms holds more than so many.

    What takes more of them in one server has no cost.
    """

    gpu: str
    gpus: int
    kind: Literal["largest instance"] = "largest instance"


@frozen
class Owning:
    """What an hour of owning an accelerator costs, or a server of `gpus`; None is unknown.

    It is the purchase over its years of so many hours, and power: `kilowatts` at `usd_per_kwh`.
    """

    gpu: str
    gpus: int | None
    purchase_usd: float
    years: float
    hours_per_year: float
    kilowatts: float | None
    usd_per_kwh: float
    purchase_usd_per_hour: float
    power_usd_per_hour: float | None
    usd_per_hour: float | None
    kind: Literal["owning"] = "owning"


@frozen
class AssumedLink:
    """An accelerator given without a link is taken to have this one, in GB/s one way."""

    gpu: str
    link: str
    link_gb_s: float
    kind: Literal["assumed link"] = "assumed link"


@frozen
class AssumedServer:
    """Nobody says how many accelerators a server holds: the usual number is taken."""

    gpu: str
    gpus: int
    kind: Literal["assumed server"] = "assumed server"


@frozen
class Devices:
    """An accelerator as it is sold is several devices to an engine, which `gpus` counts."""

    gpu: str
    devices: int
    kind: Literal["devices"] = "devices"


@frozen
class LargeDevice:
    """An accelerator by hand has more memory in a device than one of the kind that it is like.

    Its numbers may be those of a whole accelerator, which is several devices to an engine.
    """

    gpu: str
    memory_gb: float
    like: str
    like_memory_gb: float
    devices: int
    kind: Literal["large device"] = "large device"


@frozen
class HostCopies:
    """A driver grants no direct copies: they go through the host's memory, in GB/s one way."""

    gpu: str
    host_copy_gb_s: float
    kind: Literal["host copies"] = "host copies"


@frozen
class Namesake:
    """What an accelerator leaves out that is given by hand is taken from one of the catalog."""

    gpu: str
    like: str
    kind: Literal["namesake"] = "namesake"


@frozen
class CarefulEnd:
    """Conditions judge the careful end of the interval that holds this share of measurements."""

    confidence: float
    kind: Literal["careful end"] = "careful end"


@frozen
class Percentile:
    """A percentile of lengths, like `p90`, and its tokens."""

    name: str
    tokens: int


@frozen
class FittedLengths:
    """Lengths given by percentiles are taken as log-normal; `spread` is a share of the mean."""

    what: Fitted
    percentiles: tuple[Percentile, ...]
    mean_tokens: int
    spread: float
    kind: Literal["fitted lengths"] = "fitted lengths"


@frozen
class LoggedLoad:
    """The load is that of a log; rates are in requests/s.

    `rate_per_s` is what a share `quantile` of its `windows` keep to, of `window_s` seconds each.
    None is a load that the profile names itself, of the log's lengths. `hit_share` is the share of
    prompt tokens that a cache that forgets nothing would find.
    """

    source: str
    requests: int
    mean_per_s: float | None
    peak_per_s: float | None
    window_s: int | None
    windows: int | None
    quantile: float
    rate_per_s: float | None
    input_tokens: float
    output_tokens: float
    hit_share: float | None
    kind: Literal["logged load"] = "logged load"


@frozen
class PresetLoad:
    """Lengths of a load are those of a preset, which has them of a published trace."""

    name: str
    input_tokens: int
    output_tokens: int
    hit_share: float | None
    source: str
    kind: Literal["preset load"] = "preset load"


@frozen
class ShortContext:
    """A model has no candidate: a sequence of `tokens` is asked for, its context is shorter."""

    model: str
    max_context: int
    tokens: int
    kind: Literal["short context"] = "short context"


@frozen
class OneReplica:
    """No more than one replica was tried, as the fleet names no size."""

    kind: Literal["one replica"] = "one replica"


@frozen
class UntimedSettings:
    """Settings of the engine with which no times are known, by their keys."""

    settings: tuple[str, ...]
    kind: Literal["untimed settings"] = "untimed settings"


@frozen
class UncountedInTimes:
    """Settings of the engine that times do not count, by their keys; memory does."""

    settings: tuple[str, ...]
    kind: Literal["uncounted in times"] = "uncounted in times"


@frozen
class Servers:
    """A model takes several servers; None for their network means that none are proposed."""

    model: str
    weights: str
    servers: int
    gpus_per_server: int
    gpu: str
    node_link_gb_s: float | None
    kind: Literal["servers"] = "servers"


@frozen
class LeavesServer:
    """An answer whose all-reduces leave a server; None for an unknown share of a decode step.

    `share` is what all links together take of it.
    """

    gpu: str
    tp: int
    gpus_per_server: int
    share: float | None
    kind: Literal["leaves server"] = "leaves server"


@frozen
class DirectCopies:
    """An answer reduces over PCIe by direct copies, which a virtual machine may not grant."""

    gpu: str
    kind: Literal["direct copies"] = "direct copies"


@frozen
class NoBf16:
    """An accelerator has no bf16 arithmetic: engines run such weights as fp16."""

    gpu: str
    kind: Literal["no bf16"] = "no bf16"


@frozen
class Fp32Only:
    """An accelerator is given by hand with an fp32 peak alone: 16 bit runs at that."""

    gpu: str
    kind: Literal["fp32 only"] = "fp32 only"


@frozen
class UnknownFact:
    """Nobody gives a fact of an accelerator: times that need it are unknown."""

    gpu: str
    fact: Literal["16-bit peak", "memory bandwidth", "link"]
    kind: Literal["unknown fact"] = "unknown fact"


@frozen
class WiderPeak:
    """Nobody gives the peak of a narrow format: it runs at the 16-bit peak."""

    gpu: str
    form: str
    kind: Literal["wider peak"] = "wider peak"


@frozen
class UnmeasuredFamily:
    """No times of an accelerator's family were measured; `like` is whose constants it has.

    None means plain constants.
    """

    gpu: str
    like: str | None
    kind: Literal["unmeasured family"] = "unmeasured family"


@frozen
class NewerEngine:
    """A version of an engine is newer than the newest release whose times were measured.

    `released` is the day of that one, like 2026-04-27; None if nobody says so.
    """

    engine: str
    version: str
    newest: str
    released: str | None
    kind: Literal["newer engine"] = "newer engine"


@frozen
class MeanPace:
    """The pace is the mean of two estimators; of accelerators in `alone` it is ours alone."""

    alone: tuple[str, ...]
    kind: Literal["mean pace"] = "mean pace"


@frozen
class Origin:
    """A model, and where its shapes are from; `owner` is whose table or class, if it is one."""

    model: str
    source: Literal["table", "class default", "recalled"]
    owner: str | None


@frozen
class UnreadModels:
    """The config.json of these models was not read; intervals of their memory are wider."""

    origins: tuple[Origin, ...]
    kind: Literal["unread models"] = "unread models"


@frozen
class UnstatedFormat:
    """A model that a glob stands for has a weight format that no file states: it is left out."""

    glob: str
    model: str
    kind: Literal["unstated format"] = "unstated format"


@frozen
class CacheOfCheckpoint:
    """A checkpoint asks for its cache in a format, which the engine takes unasked."""

    model: str
    kv_format: str
    kind: Literal["cache of checkpoint"] = "cache of checkpoint"


@frozen
class WritesNoText:
    """A model that a glob stands for embeds or classifies texts, so it is left out."""

    glob: str
    model: str
    task: Task
    kind: Literal["writes no text"] = "writes no text"


@frozen
class ReadsOnly:
    """A load writes no token; `model` is one that says so where the profile does not."""

    task: Task
    model: str | None
    kind: Literal["reads only"] = "reads only"


@frozen
class ReadApart:
    """Prompts may be read apart from decoding, and how their caches go over then."""

    transfer: Transfer
    link_gb_s: float | None
    kind: Literal["read apart"] = "read apart"


Assumption = (
    Remark
    | StandsFor
    | EveryPriced
    | DefaultOrder
    | OtherIntervals
    | UnknownPrice
    | LargestInstance
    | Owning
    | AssumedLink
    | AssumedServer
    | Devices
    | HostCopies
    | LargeDevice
    | Namesake
    | CarefulEnd
    | FittedLengths
    | LoggedLoad
    | PresetLoad
    | OneReplica
    | UntimedSettings
    | UncountedInTimes
    | CurveTaken
    | UnknownAcceptance
    | UnscoredDrafts
    | UnscoredAdapters
    | Servers
    | LeavesServer
    | DirectCopies
    | ShortContext
    | NoBf16
    | Fp32Only
    | UnknownFact
    | WiderPeak
    | UnmeasuredFamily
    | UnmeasuredPower
    | UnmeasuredDraw
    | RatedServer
    | NewerEngine
    | MeanPace
    | UnreadModels
    | UnstatedFormat
    | CacheOfCheckpoint
    | WritesNoText
    | ReadsOnly
    | ReadApart
    | NotCounted
    | UnmeasuredEngine
    | UnmeasuredVendor
    | UnmeasuredVersion
    | UnmeasuredDraft
)

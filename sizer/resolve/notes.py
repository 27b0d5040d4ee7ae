"""What a reader of an answer must know of how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import inf

from sizer.catalog import aiconfigurator
from sizer.catalog.calibration import calibration, held_constants, released
from sizer.catalog.formats import find_weight_format, own_cache
from sizer.catalog.patterns import is_all
from sizer.catalog.presets import presets
from sizer.resolve.expansion import Expansion
from sizer.resolve.fleet import Offer
from sizer.resolve.models import weight_formats
from sizer.resolve.splits import runs_on, servers_needed
from sizer.schema.answered.adapters import UnscoredAdapters
from sizer.schema.answered.assumption import (
    AssumedServer,
    CacheOfCheckpoint,
    CarefulEnd,
    Devices,
    EveryPriced,
    Fitted,
    FittedLengths,
    HostCopies,
    LargestInstance,
    LoggedLoad,
    MeanPace,
    NewerEngine,
    NoBf16,
    OneReplica,
    Origin,
    OtherIntervals,
    Percentile,
    PresetLoad,
    ReadApart,
    Servers,
    StandsFor,
    UncountedInTimes,
    UnknownFact,
    UnmeasuredFamily,
    UnreadModels,
    UntimedSettings,
    WiderPeak,
)
from sizer.schema.asked.disaggregated import Disaggregated
from sizer.schema.asked.lengths import Lengths, answers, prompts
from sizer.schema.asked.profile import Estimation, Fleet, ModelAsk
from sizer.schema.asked.serving import Engine, Workload
from sizer.schema.facts.calibration import FEWEST_GROUPS
from sizer.schema.facts.gpu import USUAL_SERVER, Gpu
from sizer.schema.facts.model import Model
from sizer.schema.facts.price import Terms
from sizer.schema.facts.provenance import ClassDefault, Table
from sizer.schema.facts.unmeasured import UnmeasuredDraft, Unsure
from sizer.schema.metrics import together
from sizer.schema.scenario import Deployment, Scenario
from sizer.traffic.design import Design

Asked = tuple[ModelAsk, Model]
NARROW = ("fp8", "int8", "fp4")


def expansion_notes(
    expansions: Iterable[Expansion], fleet: Fleet
) -> Iterator[StandsFor | EveryPriced]:
    """Yield what each name of a fleet stands for that stands for several accelerators."""
    for each in expansions:
        if is_all(each.asked):
            terms = Terms(fleet.provider, fleet.region, fleet.term)
            yield EveryPriced(bool(fleet.gpus), len(each.names), each.unpriced, terms)
        elif each.several:
            yield StandsFor(each.asked, each.names)


def confidence_notes(asked: Estimation) -> Iterator[CarefulEnd]:
    """Yield what a confidence changes."""
    if asked.confidence is not None:
        yield CarefulEnd(asked.confidence)


def origin_notes(
    models: Sequence[Asked], engine: Engine
) -> Iterator[UnreadModels | CacheOfCheckpoint]:
    """Yield which models no checkpoint was read for, and whose cache format was asked for.

    All such models are in one note.
    """
    own = [(ask, model) for ask, model in models if "auto" in ask.weights]
    unread = tuple(_origin(model) for _, model in models if not model.is_read)
    if unread:
        yield UnreadModels(tuple(dict.fromkeys(unread)))
    for ask, model in own:
        if model.kv_cache is not None and "auto" in ask.kv_format:
            taken = own_cache(model, find_weight_format(model.weights), engine)
            if taken == model.kv_cache:
                yield CacheOfCheckpoint(model.name, taken)


def _origin(model: Model) -> Origin:
    match model.provenance:
        case Table(owner=owner, release=release):
            return Origin(model.name, "table", f"{owner} {release}")
        case ClassDefault(library=library, release=release, class_name=name):
            return Origin(model.name, "class default", f"{name} of {library} {release}")
    return Origin(model.name, "recalled", None)


def length_notes(load: Workload) -> Iterator[FittedLengths]:
    """Yield the mean and the spread of lengths that are given by percentiles."""
    if load.input_tokens_percentiles:
        yield _fitted("prompts", load.input_tokens_percentiles, prompts(load))
    if load.output_tokens_percentiles:
        yield _fitted("answers", load.output_tokens_percentiles, answers(load))


def _fitted(what: Fitted, percentiles: Mapping[str, int], found: Lengths) -> FittedLengths:
    given = tuple(Percentile(name, tokens) for name, tokens in percentiles.items())
    (mean,) = found.means
    return FittedLengths(what, given, mean, found.spread)


def traffic_notes(load: Workload, traffic: Design | None) -> Iterator[LoggedLoad | PresetLoad]:
    """Yield the log whose load is asked about, or the preset."""
    if traffic is not None:
        yield traffic.load
    elif load.preset is not None:
        preset = presets()[load.preset]
        lengths = preset.input_tokens, preset.output_tokens
        yield PresetLoad(preset.name, *lengths, preset.prefix_hit_share, preset.source)


def server_notes(scenario: Scenario) -> Iterator[AssumedServer]:
    """Yield each accelerator of which nobody says how many a server holds, if several are used."""
    for gpu, deployments in _deployed(scenario):
        many = any(each.gpus_per_replica > (gpu.domain_size or 1) for each in deployments)
        if gpu.server_size is None and many:
            yield AssumedServer(gpu.name, USUAL_SERVER)


def device_notes(gpus: Iterable[Gpu]) -> Iterator[Devices]:
    """Yield each accelerator that is several devices to an engine."""
    for gpu in gpus:
        if gpu.devices_per_accelerator > 1:
            yield Devices(gpu.name, gpu.devices_per_accelerator)


def copy_notes(scenario: Scenario) -> Iterator[HostCopies]:
    """Yield each accelerator without direct copies that shares a model with its peers."""
    for gpu, deployments in _deployed(scenario):
        several = any(each.gpus_per_replica > 1 for each in deployments)
        if gpu.peer_to_peer is False and gpu.host_copy_gb_s is not None and several:
            yield HostCopies(gpu.name, gpu.host_copy_gb_s)


def replica_notes(asked: Fleet) -> Iterator[OneReplica]:
    """Yield that no more than one replica was tried, where none was asked for."""
    if asked.largest is None:
        yield OneReplica()


def setting_notes(
    engine: Engine,
) -> Iterator[UntimedSettings | UncountedInTimes | UnscoredAdapters]:
    """Yield which settings of the engine leave times unknown or less sure, or do not count."""
    if engine.untimed:
        yield UntimedSettings(engine.untimed)
    if engine.max_loras:
        yield UnscoredAdapters()
    asked = {
        "layers_per_stage": engine.layers_per_stage,
        "images_per_prompt": engine.image_limit,
    }
    uncounted = tuple(name for name, value in asked.items() if value)
    if uncounted:
        yield UncountedInTimes(uncounted)


def network_notes(models: Iterable[Asked], gpus: Iterable[Gpu], limit: int) -> Iterator[Servers]:
    """Yield each pair of model and accelerator that several servers may hold, and over what."""
    for (asked, model), gpu in product(models, tuple(gpus)):
        for form in weight_formats(asked, model):
            count, size = servers_needed(model, form, gpu), gpu.joined_devices
            if count > 1 and count * size <= limit and runs_on(form, gpu):
                yield Servers(model.name, form.name, count, size, gpu.name, gpu.node_link_gb_s)


def instance_notes(fleet: Iterable[Offer], limit: int) -> Iterator[LargestInstance]:
    """Yield each accelerator of which replicas may take more than any instance holds."""
    for offer in fleet:
        largest = max((each.holds for each in offer.prices), default=inf)
        devices = min(limit, offer.gpu.server_devices)
        if largest * offer.gpu.devices_per_accelerator < devices:
            yield LargestInstance(offer.gpu.name, int(largest))


def half_notes(models: Iterable[Asked], gpus: Iterable[Gpu]) -> Iterator[NoBf16]:
    """Yield each accelerator without bf16 arithmetic that would run such weights."""
    asked = any(
        form.compute == "bf16" for ask, model in models for form in weight_formats(ask, model)
    )
    for gpu in gpus if asked else ():
        if gpu.peaks.bf16 == 0 and gpu.peaks.fp16:
            yield NoBf16(gpu.name)


def missing_notes(scenario: Scenario) -> Iterator[UnknownFact | WiderPeak]:
    """Yield each fact of an accelerator without which times are unknown, or taken from another."""
    for gpu, deployments in _deployed(scenario):
        yield from _missing(gpu, deployments)


def _deployed(scenario: Scenario) -> Iterator[tuple[Gpu, list[Deployment]]]:
    """Yield each accelerator that has candidates, and all that is deployed on it."""
    asked: dict[int, list[Deployment]] = {}
    for gpu, deployment in scenario.rows.placed():
        asked.setdefault(gpu, []).append(scenario.deployments[deployment])
    for gpu, deployments in sorted(asked.items()):
        yield scenario.gpus[gpu], deployments


def _missing(gpu: Gpu, deployments: list[Deployment]) -> Iterator[UnknownFact | WiderPeak]:
    peaks = gpu.peaks
    if peaks.fp16 is None and peaks.bf16 is None:
        yield UnknownFact(gpu.name, "16-bit peak")
    else:
        needed = {each.weights.compute for each in deployments}
        for form in sorted(each for each in needed if getattr(peaks, each, 0) is None):
            if form in NARROW:
                yield WiderPeak(gpu.name, form)
    if gpu.bandwidth_gb_s is None:
        yield UnknownFact(gpu.name, "memory bandwidth")
    linked = any(each.gpus_per_replica > 1 for each in deployments) and gpu.joined_devices > 1
    if gpu.usable_link_gb_s is None and linked:
        yield UnknownFact(gpu.name, "link")


def interval_notes(scenario: Scenario) -> Iterator[OtherIntervals]:
    """Yield why a calibration has no interval of its own where the shipped one has."""
    used = scenario.calibration
    if used is None or scenario.estimator == "aiconfigurator":
        return
    found: dict[str | None, list[str]] = {}
    for name in calibration().intervals:
        each = used.intervals.get(name)
        if each is None or each.prior:
            found.setdefault(each.prior if each else None, []).append(name)
    for prior, names in found.items():
        yield OtherIntervals(together(names), used.name, prior, FEWEST_GROUPS)


def unmeasured(scenario: Scenario) -> Iterator[UnmeasuredFamily]:
    """Yield each accelerator of a family that the calibration's measurements lack."""
    known = scenario.calibration
    if known is None or scenario.estimator == "aiconfigurator" or not known.families:
        return
    for gpu in scenario.gpus:
        if gpu.family not in known.families:
            kin = known.nearest_family(gpu.family, gpu.vendor, gpu.launch_year)
            yield UnmeasuredFamily(gpu.name, kin if kin in known.families else None)


def memory_notes(scenario: Scenario) -> Iterator[Unsure]:
    """Yield what no candidate fits surely for: parts not counted, start-ups not measured."""
    seen = held_constants().seen
    for gpu, deployments in _deployed(scenario):
        for each in {(each.model, each.draft): each for each in deployments}.values():
            yield from each.not_counted
            for engine in scenario.engines:
                yield from each.model.uncounted_images(engine.image_limit)
            if each.draft and each.draft.method not in seen.drafts:
                yield UnmeasuredDraft(each.draft.method)
        for engine in scenario.engines:
            yield from seen.lacking(engine.name, engine.release, gpu.vendor)


def apart_notes(asked: Disaggregated) -> Iterator[ReadApart]:
    """Yield how caches go from prompts that are read apart to those that decode."""
    if asked.is_asked:
        yield ReadApart(asked.transfer, asked.link_gb_s)


def estimator_notes(scenario: Scenario) -> Iterator[NewerEngine | MeanPace]:
    """Yield what the estimator has not measured, and whom it asks."""
    yield from _newer(scenario)
    if scenario.estimator == "both":
        yield _mean_pace(scenario)


def _newer(scenario: Scenario) -> Iterator[NewerEngine]:
    """Yield each engine's version that is newer than all that were measured."""
    known = scenario.calibration
    if known is None or scenario.estimator == "aiconfigurator":
        return
    for engine in scenario.engines:
        newest = known.overtaken(engine.name, engine.version)
        if newest is not None and engine.version is not None:
            day = released(engine.name, newest)
            yield NewerEngine(engine.name, engine.version, newest, day)


def _mean_pace(scenario: Scenario) -> MeanPace:
    """Return that two estimators are asked, and the accelerators that only ours knows."""
    words = aiconfigurator.names()
    served = any(each.name in words.engines for each in scenario.engines)
    known = words.systems if served else {}
    return MeanPace(tuple(gpu.name for gpu, _ in _deployed(scenario) if gpu.name not in known))

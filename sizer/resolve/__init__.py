"""The resolve stage: names of a profile to facts, and every candidate that they allow.

Comes in: a profile without faults. Goes out: a scenario with every candidate. It never estimates,
and never leaves a candidate out for its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path

from attrs import evolve, frozen

from sizer.catalog.calibration import found_calibration
from sizer.catalog.lookup import Unknown, states_no_format, writes_no_text
from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.resolve.apart import impossible_ratios, readers
from sizer.resolve.bounds import too_many_candidates, too_many_loads
from sizer.resolve.candidates import (
    Asked,
    fewest_in_flight,
    scenario_of,
    together,
    unproposed,
)
from sizer.resolve.contexts import Short, context_notes, too_short, unproposed_of
from sizer.resolve.drafts import draft_faults, drafting_of
from sizer.resolve.expansion import expanded_model, plainly_named
from sizer.resolve.facts import CATALOG, Facts
from sizer.resolve.fleet import NO_PRICES, expansions, offers
from sizer.resolve.impossible_splits import impossible_splits, impossible_stages
from sizer.resolve.loads import loads
from sizer.resolve.models import structure_of
from sizer.resolve.notes import (
    apart_notes,
    confidence_notes,
    copy_notes,
    device_notes,
    estimator_notes,
    expansion_notes,
    half_notes,
    instance_notes,
    interval_notes,
    length_notes,
    memory_notes,
    missing_notes,
    network_notes,
    origin_notes,
    replica_notes,
    server_notes,
    setting_notes,
    traffic_notes,
    unmeasured,
)
from sizer.resolve.tasks import answer_faults, fleet_of, load_of, task_notes
from sizer.schema.answered.assumption import Assumption, Remark, UnstatedFormat, WritesNoText
from sizer.schema.answered.report import ALL_MODELS, Unproposed
from sizer.schema.asked.lengths import answers, growth_tokens, prompts
from sizer.schema.asked.profile import ModelAsk, Profile
from sizer.schema.asked.tasks import Task, decided, reads_only
from sizer.schema.facts.model import Model
from sizer.schema.facts.own_prices import OwnPrices
from sizer.schema.scenario import Scenario
from sizer.traffic.design import Design

Keys = tuple[str | int, ...]
PlaceOf = Callable[[Keys], Place | None]
LeftOut = WritesNoText | UnstatedFormat


@frozen
class Resolved:
    """A scenario, the models asked for, and what was assumed on the way to it.

    `asked_by` says for each model which of `[[models]]` names it. `unproposed` says for each which
    splits are no candidates.
    """

    scenario: Scenario
    models: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
    unproposed: tuple[tuple[Unproposed, ...], ...] = ()
    asked_by: tuple[int, ...] = ()

    @property
    def answered(self) -> tuple[str, ...]:
        """What answers are of: each model, or all of them together."""
        return (ALL_MODELS,) if self.scenario.across else self.models


def resolve(
    profile: Profile,
    folder: Path | None = None,
    place: PlaceOf = lambda _: None,
    facts: Facts = CATALOG,
    own: OwnPrices = NO_PRICES,
    traffic: Design | None = None,
    *,
    many: bool = False,
) -> Resolved:
    """Return every candidate of a profile, by facts of the catalog or of a lock.

    `traffic` is the log whose load the profile has. With `many` there may be more candidates than
    one core judges in a minute.

    Raises Problem with a place for a model, accelerator or length that cannot be.
    """
    given, faults = _models(profile, folder, place, facts)
    stated = profile.workload.task
    task = decided(stated, (each.asked[1].task for each in given))
    faults += answer_faults(profile.workload, task, place)
    profile = evolve(profile, workload=load_of(profile.workload, task), fleet=fleet_of(profile))
    found, left = _of_task(given, task, profile, place, faults)
    models = [each.asked for each in found]
    short = too_short(models, profile.workload)
    faults += [*_contradictions(models, short, profile, place), *_no_prompt(profile, place)]
    faults += too_many_loads(profile, place)
    try:
        spread = expansions(profile.fleet, facts, own)
        fleet = offers(profile.fleet, facts, own)
    except Unknown as unknown:
        faults.append(Diagnostic("SZ701", str(unknown), place(("fleet",)), unknown.hint))
        fleet = []
    reading, unknown_readers = readers(profile, facts, own, place)
    faults += [
        *_of_engine(models, profile, folder, place, facts),
        *unknown_readers,
        *impossible_splits(models, fleet, profile.fleet, place),
        *impossible_ratios(models, fleet, profile.fleet, profile.engine, place, reading),
    ]
    if faults:
        raise Problem(tuple(faults))
    notes: list[Assumption] = [Remark(each.note) for each in found if each.note]
    notes += [*left, *expansion_notes(spread, profile.fleet)]
    notes += task_notes(stated, task, models)
    notes += [note for offer in fleet for note in offer.assumptions]
    notes += [*context_notes(models, short), *origin_notes(models, profile.engine)]
    able = [asked for asked in models if asked[1].name not in short]
    drafting = drafting_of(profile.engine.speculative, folder, facts)
    asked_loads = loads(
        profile.workload, traffic.lengths if traffic else None, profile.fleet.headroom
    )
    candidates = scenario_of(able, fleet, asked_loads, profile, drafting, reading, many=many)
    if candidates is None:
        fault = too_many_candidates(profile, len(able), len(fleet), place, many=many)
        raise Problem((fault,))
    asked = profile.estimator
    scenario = evolve(
        candidates,
        estimator=asked.name,
        calibration=found_calibration(asked.calibration, folder or Path()),
        confidence=asked.confidence,
        across=profile.select.across == "models",
        day=profile.workload.day,
        task=task,
        energy=profile.energy,
    )
    notes += network_notes(models, candidates.gpus, profile.fleet.max_gpus_per_replica)
    notes += instance_notes(fleet, profile.fleet.max_gpus_per_replica)
    notes += [*half_notes(models, candidates.gpus), *apart_notes(profile.engine.disaggregated)]
    notes += [*length_notes(profile.workload), *traffic_notes(profile.workload, traffic)]
    notes += [
        *confidence_notes(asked),
        *replica_notes(profile.fleet),
        *setting_notes(profile.engine),
    ]
    notes += [*device_notes(candidates.gpus), *server_notes(scenario), *drafting.notes(able)]
    notes += [*copy_notes(scenario), *missing_notes(scenario)]
    notes += [*interval_notes(scenario), *unmeasured(scenario), *memory_notes(scenario)]
    notes += estimator_notes(scenario)
    names = tuple(model.name for _, model in models)
    fewest = fewest_in_flight(candidates.loads, every=profile.select.load == "all")
    refused = tuple(
        unproposed_of(asked, fleet, profile.fleet) if asked[1].name in short else each
        for asked, each in zip(models, unproposed(models, fleet, profile, fewest), strict=True)
    )
    if scenario.across:
        refused = (together(refused),)
    asked_by = tuple(each.index for each in found)
    return Resolved(scenario, names, tuple(dict.fromkeys(notes)), refused, asked_by)


def _of_engine(
    models: list[Asked], profile: Profile, folder: Path | None, place: PlaceOf, facts: Facts
) -> Iterator[Diagnostic]:
    """Yield what an engine cannot do with models: draft tokens, or have so many layers a stage."""
    engine, structures = profile.engine, [model for _, model in models]
    yield from draft_faults(engine.speculative, structures, folder, facts, place)
    yield from impossible_stages(models, profile.fleet, engine.layers_per_stage, place)


@frozen
class _Found:
    """A model, which of `[[models]]` names it, and what had to be decided to find it.

    It is one of several that a glob stands for, or the one that is asked for.
    """

    asked: Asked
    index: int
    note: str | None
    several: bool = False


def _models(
    profile: Profile, folder: Path | None, place: PlaceOf, facts: Facts
) -> tuple[list[_Found], list[Diagnostic]]:
    """Return each model, and what cannot be found."""
    models: list[_Found] = []
    faults: list[Diagnostic] = []
    taken = plainly_named(profile.models)
    for index, asked in enumerate(profile.models):
        where = place(("models", index, "name"))
        try:
            several = [*expanded_model(asked, facts, taken)]
            for each in several:
                found = structure_of(each, folder, facts)
                model = evolve(found.value, name=each.name)
                models.append(_Found((each, model), index, found.note, len(several) > 1))
        except Unknown as unknown:
            code = unknown.code or "SZ702"
            faults.append(Diagnostic(code, str(unknown), where, unknown.hint))
        except ValueError as fault:
            faults.append(Diagnostic("SZ104", f"{asked.name}: {fault}", where))
    return models, faults


def _of_task(
    found: list[_Found], task: Task, profile: Profile, place: PlaceOf, faults: list[Diagnostic]
) -> tuple[list[_Found], list[LeftOut]]:
    """Return the models that do a task, and those of a glob that are left out; add to `faults`."""
    able: list[_Found] = []
    left: list[LeftOut] = []
    for each in found:
        asked, model = each.asked
        refused = _refused(asked, model, task, place(("models", each.index, "name")))
        if refused is None:
            able.append(evolve(each, asked=(asked, evolve(model, task=task))))
        elif each.several:
            left.append(_left_out(profile.models[each.index].name, model, task))
        else:
            faults.append(refused)
    return able, left


def _refused(asked: ModelAsk, model: Model, task: Task, place: Place | None) -> Diagnostic | None:
    """Return why a model of the catalog cannot be sized, None where it can."""
    if reads_only(model.task) and not reads_only(task):
        return writes_no_text(asked.name, model.task, place)
    if "auto" in asked.weights and not model.states_weights:
        return states_no_format(asked.name, model.weights, place)
    return None


def _left_out(glob: str, model: Model, task: Task) -> LeftOut:
    if reads_only(model.task) and not reads_only(task):
        return WritesNoText(glob, model.name, model.task)
    return UnstatedFormat(glob, model.name)


def _no_prompt(profile: Profile, place: PlaceOf) -> list[Diagnostic]:
    shared, shortest = profile.workload.shared_prefix_tokens, min(prompts(profile.workload).means)
    if shared < shortest:
        return _no_message(profile, place) if profile.workload.turns > 1 else []
    said = f"a shared prefix of {shared:,} tokens leaves nothing of a prompt of {shortest:,}"
    hint = "input_tokens counts the prefix too: name a prefix that is shorter"
    return [Diagnostic("SZ104", said, place(("workload", "shared_prefix_tokens")), hint)]


def _no_message(profile: Profile, place: PlaceOf) -> list[Diagnostic]:
    """Return the fault of prompts that are shorter than the answers that they send again."""
    work = profile.workload
    shortest, longest = min(prompts(work).means), max(answers(work).means)
    if growth_tokens(work, shortest, longest) >= longest + 1:
        return []
    shared = work.shared_prefix_tokens
    least = shared + ceil((longest + 1) * (work.turns + 1) / 2) - longest
    said = f"prompts of {shortest:,} tokens have no room for the answers of {work.turns:,} turns"
    hint = f"input_tokens counts the history too: it is {least:,} at least"
    return [Diagnostic("SZ104", said, place(("workload", "turns")), hint)]


def _contradictions(
    found: list[Asked], short: Short, profile: Profile, place: PlaceOf
) -> list[Diagnostic]:
    """Return what of a load no model can take, and lengths that contradict each other."""
    work, faults = profile.workload, []
    if found and len(short) == len(found):
        hint = "ask for shorter ones, or for this model in a profile of its own"
        for _, model in found:
            for each in short[model.name]:
                said = f"{each.tokens:,} tokens are more than the {model.max_context:,}"
                where = place(("workload", each.key))
                faults.append(Diagnostic("SZ104", f"{said} of {model.name}", where, hint))
    longest = max(prompts(work).means) + max(answers(work).means)
    if work.max_context is not None and longest > work.max_context:
        said = f"input and output need {longest} tokens, above max_context = {work.max_context}"
        faults.append(Diagnostic("SZ104", said, place(("workload", "max_context"))))
    return faults

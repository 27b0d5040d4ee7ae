"""Names that a profile takes from the catalog: accelerators, models, formats, providers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from sizer.catalog.format_names import (
    choices_of,
    kv_format_names,
    plain,
    stored_formats,
    weight_format_names,
)
from sizer.catalog.gpus import gpu_names, knows_gpu, of_several_kinds
from sizer.catalog.lookup import Unknown, several_widths, states_no_format, writes_no_text
from sizer.catalog.models import (
    CONFIG,
    FILES,
    is_kept,
    knows_model,
    may_be_on_hub,
    suggestions,
    task_of,
    unstated_format,
)
from sizer.catalog.patterns import (
    ALL,
    gpus_of,
    gpus_priced_by,
    models_of,
    names_gpus,
    names_models,
)
from sizer.diagnostic import MOST_OF_A_KIND, Diagnostic, Place, Problem
from sizer.load.names.engine_settings import engine_faults
from sizer.load.names.tasks import task_asked, task_faults
from sizer.load.sites.duplicates import doubled
from sizer.load.sites.site import Site, outside, shared_site
from sizer.schema.asked.profile import BY_HAND, ModelAsk, Profile
from sizer.schema.asked.tasks import GENERATE, reads_only
from sizer.schema.metrics import Metric, registry
from sizer.structure.files.path_kind import is_file
from sizer.structure.nearest import listed, nearest
from sizer.structure.shape.faults import MISSING
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys

if TYPE_CHECKING:  # few profiles have prices of their own
    from sizer.schema.facts.price import Price

GPU = "SZ701"
MODEL = "SZ702"
FORMAT = "SZ703"
PROVIDER = "SZ704"
ON_HUB = "SZ706"
_LISTED = {GPU: "sizer gpus", MODEL: "sizer models"}


@cache
def vocabulary() -> Mapping[str, Metric]:
    """Return the registry of metrics with the values that the catalog's formats allow."""
    members = stored_formats()
    return {
        name: evolve(metric, members=members[metric.name]) if metric.name in members else metric
        for name, metric in registry().items()
    }


def careful_names(names: Mapping[str, Metric]) -> Mapping[str, Metric]:
    """Return, for each name with an interval, the metric of its careful end.

    That is the end which is worse: the high one where lower is better. `fits` is `fits_surely`.
    """
    ends = {"lower": "high", "higher": "low", "none": ""}
    return {
        name: names[end]
        for name, metric in names.items()
        for end in (f"{metric.name}_{ends[metric.better]}", f"{metric.name}_surely")
        if end in names
    }


def unknown_names(
    profile: Profile,
    document: Document,
    folder: Path,
    pinned: Collection[str] = frozenset(),
    own: Collection[Price] = (),
) -> Iterator[Diagnostic]:
    """Yield a fault for each name that neither the catalog, `pinned` nor an own price has.

    Empty names are somebody else's fault.
    """
    task = task_asked(profile, folder)
    yield from task_faults(profile, document, task)
    yield from _gpus(profile, document, pinned, own)
    yield from doubled(document, ("fleet", "gpus"), profile.fleet.gpus, "accelerator", knows_gpu)
    for index, model in enumerate(profile.models):
        yield from _model(
            model, ("models", index), document, folder, pinned, writes=task == GENERATE
        )
    if profile.fleet.owned:
        from sizer.load.names.owned import owned_faults  # noqa: PLC0415  # few profiles own any

        yield from owned_faults(profile.fleet, document, pinned)
    yield from engine_faults(profile, document)
    yield from _calibration(profile.estimator.calibration, document, folder)
    for key in ("provider", "region"):
        name = getattr(profile.fleet, key)
        if name is not None and name not in pinned:
            yield from _seller(key, name, document, {getattr(each, key) for each in own})


def _calibration(name: str, document: Document, folder: Path) -> Iterator[Diagnostic]:
    if name == "default":
        return
    from sizer.catalog.calibration import found_calibration  # noqa: PLC0415  # few name another

    place = document.place(("estimator", "calibration"))
    site = Site.of(document.file, folder)
    refused = outside(shared_site(site, name), name, site)
    if refused:
        code, message, help_ = refused
        yield Diagnostic(code, message, place, help_)
        return
    try:
        found_calibration(name, folder, place)
    except Problem as caught:
        yield from caught.diagnostics


def _seller(key: str, name: str, document: Document, own: set[str]) -> Iterator[Diagnostic]:
    from sizer.catalog.prices import providers, regions  # noqa: PLC0415  # few profiles name one

    known = {*own, *(providers() if key == "provider" else regions())} - {""}
    if name.casefold() not in {each.casefold() for each in known}:
        yield _unknown(PROVIDER, key, name, ("fleet", key), document, known)


def _gpus(
    profile: Profile, document: Document, pinned: Collection[str], own: Collection[Price]
) -> Iterator[Diagnostic]:
    for index, name in enumerate(profile.fleet.gpus):
        if name and name not in pinned:
            yield from _gpu(name, ("fleet", "gpus", index), document, own)
    for index, custom in enumerate(profile.fleet.custom):
        like = custom.like
        if like and like not in pinned and knows_gpu(like) is None:
            keys = ("fleet", "custom", index, "like")
            yield _unknown(GPU, "accelerator", like, keys, document, _gpu_names())


def _gpu(name: str, keys: Keys, document: Document, own: Collection[Price]) -> Iterator[Diagnostic]:
    if knows_gpu(name):
        return
    mixture = of_several_kinds(name)
    if mixture:
        yield Diagnostic(GPU, mixture[0], document.place(keys), mixture[1])
    elif not names_gpus(name):
        yield _unknown(GPU, "accelerator", name, keys, document, [*_gpu_names(), ALL])
    elif not gpus_priced_by(name, own):
        yield from _matching(gpus_of, GPU, name, document.place(keys))


def _matching(
    names_of: Callable[[str], object], code: str, pattern: str, place: Place | None
) -> Iterator[Diagnostic]:
    """Yield a fault for a pattern that stands for nothing."""
    try:
        names_of(pattern)
    except Unknown as unknown:
        yield Diagnostic(code, str(unknown), place, unknown.hint)


def _gpu_names() -> list[str]:
    """Return full names, and short ones such as `H100` where the catalog knows them."""
    short = {name.partition("-")[0] for name in gpu_names()}
    return [*gpu_names(), *sorted(name for name in short if knows_gpu(name))]


def _model(
    model: ModelAsk,
    keys: Keys,
    document: Document,
    folder: Path,
    pinned: Collection[str],
    *,
    writes: bool,
) -> Iterator[Diagnostic]:
    if model.by_hand or not model.name or model.name in pinned:
        pass
    elif writes and reads_only(task_of(model.name)) and not is_file(folder / model.name):
        place = document.place((*keys, "name"))
        yield writes_no_text(model.name, task_of(model.name), place)
    elif _is_unstated(model, folder):
        place = document.place((*keys, "name"))
        yield states_no_format(model.name, unstated_format(model.name), place)
    elif names_models(model.name):
        yield from _matching(models_of, MODEL, model.name, document.place((*keys, "name")))
    else:
        unknown = list(_model_name(model.name, (*keys, "name"), document, folder))
        half = model.given and any(each.code == MODEL for each in unknown)
        yield from [_half_described(model, keys, document)] if half else unknown
    yield from _formats(model, keys, document)


def _formats(model: ModelAsk, keys: Keys, document: Document) -> Iterator[Diagnostic]:
    """Yield a fault for each format that nobody knows, or that a loader has several of."""
    for index, each in enumerate(model.weights):
        if choices := choices_of(each):
            said, help_ = several_widths(each, choices)
            place = document.place((*keys, "weights", index))
            yield Diagnostic(FORMAT, said, place, help_)
    for key, known in (("weights", weight_format_names()), ("kv_format", kv_format_names())):
        what = "weight format" if key == "weights" else "cache format"
        spelled = set(map(plain, known))
        for index, each in enumerate(getattr(model, key)):
            loads = key == "weights" and choices_of(each)
            if each and not loads and plain(each) not in spelled:
                yield _unknown(FORMAT, what, each, (*keys, key, index), document, known)


def _is_unstated(model: ModelAsk, folder: Path) -> bool:
    """Return whether a model is asked for in its own format, which no file states."""
    own = any(each.lower() == "auto" for each in model.weights)
    return own and unstated_format(model.name) is not None and not is_file(folder / model.name)


def _half_described(model: ModelAsk, keys: Keys, document: Document) -> Diagnostic:
    """Return what a model by hand leaves out; of one that no catalog knows, a number alone."""
    missing = ", ".join(repr(name) for name in BY_HAND if name not in model.given)
    said = f"missing {missing} beside {model.given[0]!r}, as no catalog knows {model.name!r}"
    help_ = f"a model by hand needs {', '.join(BY_HAND)}"
    return Diagnostic(MISSING, said, document.place((*keys, model.given[0]), key=True), help_)


def _model_name(name: str, keys: Keys, document: Document, folder: Path) -> Iterator[Diagnostic]:
    path = folder / name
    if name.endswith(FILES):
        if not is_file(path):
            message = f"no such file: {name!r}"
            yield Diagnostic(MODEL, message, document.place(keys), f"looked for {path}")
    elif knows_model(name) or is_file(path) or is_file(path / CONFIG) or is_kept(name):
        return
    elif may_be_on_hub(name):
        found = suggestions(name) if _is_among_the_first(keys) else ()
        near = next((f"did you mean {each!r}? Or else: " for each in found), "")
        said = f"model {name!r} is not in the catalog; a run asks the hub for it"
        help_ = f"{near}`sizer fetch {name}` keeps it here"
        yield Diagnostic(ON_HUB, said, document.place(keys), help_, "warning")
    else:
        yield _unknown(MODEL, "model", name, keys, document, suggestions(name))


def _is_among_the_first(keys: Keys) -> bool:
    """Return whether a search for what is alike is worth its time: it takes a while for each."""
    return all(isinstance(step, str) or step < MOST_OF_A_KIND for step in keys)


def _unknown(
    code: str, what: str, name: str, keys: Keys, document: Document, known: Collection[str]
) -> Diagnostic:
    near = nearest(name, known) or next(iter(known if code == MODEL else ()), None)
    if near:
        help_ = f"did you mean {near!r}?"
    elif code in _LISTED:
        help_ = f"`{_LISTED[code]}` lists the names"
    else:
        help_ = f"one of {listed(known)}"
    return Diagnostic(code, f"unknown {what} {name!r}", document.place(keys), help_)

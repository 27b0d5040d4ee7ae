"""Profiles that are well formed, drawn from the bounds that their fields declare."""

from __future__ import annotations

from datetime import date
from itertools import cycle, islice
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from attrs import NOTHING, Attribute, evolve, fields, has, resolve_types
from hypothesis import strategies as st

from sizer.schema.asked.disaggregated import NOTHING_APART
from sizer.schema.asked.parameter import Scalar
from sizer.schema.asked.profile import Fleet, Profile
from sizer.schema.asked.serving import Engine, Workload
from sizer.schema.metrics import registry
from sizer.structure.shape.apart import NOT_BY
from sizer.structure.shape.shape import UNIONS

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1)
TEXTS = WORDS.filter(lambda text: text.strip() and text.isprintable())


def values(cls: type) -> st.SearchStrategy[Any]:
    """Return instances of an attrs class, within the bounds of its fields."""
    resolve_types(cls)
    required = {f.name: field(f) for f in fields(cls) if f.default is NOTHING}
    optional = {f.name: field(f) for f in fields(cls) if f.default is not NOTHING}
    return st.fixed_dictionaries(required, optional=optional).map(lambda given: cls(**given))


def field(attribute: Attribute[Any]) -> st.SearchStrategy[Any]:
    return of_type(attribute.type, attribute)


def of_type(annotation: Any, attribute: Attribute[Any]) -> st.SearchStrategy[Any]:
    if has(annotation):
        return values(annotation)
    arguments = get_args(annotation)
    if NoneType in arguments:
        return of_type(next(each for each in arguments if each is not NoneType), attribute)
    return (of_several if arguments else scalar)(annotation, attribute)


def of_several(annotation: Any, attribute: Attribute[Any]) -> st.SearchStrategy[Any]:
    if annotation == Scalar:
        return st.booleans() | TEXTS | st.floats(-(2**53), 2**53)
    arguments = get_args(annotation)
    if get_origin(annotation) in UNIONS:
        return st.one_of(of_type(each, attribute) for each in arguments)
    if get_origin(annotation) is dict:
        return st.dictionaries(TEXTS, of_type(arguments[1], attribute), max_size=3)
    if get_origin(annotation) is Literal:
        return st.sampled_from(arguments)
    least = 1 if attribute.default and not attribute.metadata.get("expression") else 0
    items = of_type(arguments[0], attribute)
    named = fields(arguments[0])[0].name if has(arguments[0]) else None
    by = (lambda item: getattr(item, named)) if named else None
    return st.lists(items, min_size=least, max_size=3, unique_by=by or (lambda item: item)).map(
        tuple
    )


def scalar(annotation: Any, attribute: Attribute[Any]) -> st.SearchStrategy[Any]:
    above, least, most = (attribute.metadata.get(name) for name in ("above", "least", "most"))
    if annotation is date:
        return st.dates()
    if annotation is int:
        return st.integers(int(least or 0), int(most or 2**53))
    if annotation is float:
        low = above if above is not None else least
        return st.floats(low, most, exclude_min=above is not None, allow_subnormal=False)
    return st.booleans() if annotation is bool else TEXTS


def _consistent_load(load: Workload) -> dict[str, Any]:
    """Return what is left of rates, users and concurrencies that exclude one another."""
    plain = Workload()
    if load.day:
        hours = tuple(islice(cycle((*load.day, 1.0)), 24))
        loads = {name: getattr(plain, name) for name in ("request_rate", "users", "concurrency")}
        load = evolve(load, requests=None, request_rate_by_hour=hours, **loads)
        left: dict[str, Any] = {**loads, "request_rate_by_hour": hours, "requests": None}
    else:
        left = {"request_rate_by_hour": ()}
        load = evolve(load, request_rate_by_hour=())
    if load.offered != "concurrency":
        left["concurrency"] = plain.concurrency
    if load.offered == "request_rate":
        thinks = load.turns > 1
        left |= {"users": (), "think_time_s": max(load.think_time_s, 1.0) if thinks else 0.0}
    if load.offered == "concurrency":
        left |= {"think_time_s": 0.0, "turns": 1}
    if load.turns > 1:
        left |= {"prefix_hit_share": 0.0}
    if load.arrivals == "constant":
        left |= {"burstiness": plain.burstiness}
    return left


def consistent(profile: Profile) -> Profile:
    """Return the profile without the contradictions that fields alone can hold.

    A metric of one's own with the name of one of ours is among them.
    """
    own = {name: text for name, text in profile.metrics.items() if name not in registry()}
    profile = evolve(profile, metrics=own)
    loads = _consistent_load(profile.workload)
    for name in ("input_tokens", "output_tokens"):
        if drawn := getattr(profile.workload, f"{name}_percentiles"):
            least, most = min(drawn.values()), max(drawn.values())
            named = {"p50": least, "p99.9": min(most, 20 * least)}
            plain = {each: getattr(Workload(), each) for each in (name, f"{name}_spread")}
            loads |= {f"{name}_percentiles": named, **plain}
    by_hand = dict.fromkeys(
        (
            "num_parameters",
            "num_layers",
            "hidden_size",
            "num_attention_heads",
            "num_kv_heads",
            "vocab_size",
            "max_sequence_length",
        )
    )
    models = tuple(evolve(model, **by_hand) for model in profile.models)
    told = profile.estimator
    if profile.workload.is_highest and told.name == "aiconfigurator":
        told = evolve(told, name="both")
    load = evolve(profile.workload, **loads)
    fleet = _consistent_search(evolve(profile, workload=load))
    kept = evolve(profile, workload=load, models=models, estimator=told, fleet=fleet)
    return evolve(kept, engine=_with_sides(evolve(kept, engine=_with_offload(kept.engine))))


def _with_sides(profile: Profile) -> Engine:
    """Return an engine that reads prompts apart only where nothing contradicts it."""
    refused = any(
        getattr(getattr(profile, table), key) in values for (table, key), values in NOT_BY.items()
    )
    return evolve(profile.engine, disaggregated=NOTHING_APART) if refused else profile.engine


def _with_offload(engine: Engine) -> Engine:
    """Return an engine whose cache beside the accelerators has a speed, and is there if it has."""
    cpu, disk = engine.cpu_cache_gb_s, engine.disk_cache_gb_s
    return evolve(
        engine,
        cpu_cache_gb_s=(cpu or 50.0) if engine.cpu_cache_gib else None,
        disk_cache_gb_s=(disk or 10.0) if engine.disk_cache_gib else None,
    )


def _consistent_search(profile: Profile) -> Fleet:
    """Return a fleet that leaves its searches an end, and asks no headroom of what has none."""
    fleet, load = profile.fleet, profile.workload
    rated = bool(load.rates)
    if not rated or profile.select.load == "any":
        fleet = evolve(fleet, headroom=0.0)
    if load.is_highest:
        fleet = evolve(fleet, replicas="every")
    if load.day:
        fleet = evolve(fleet, replicas="fewest")
    if fleet.max_gpus is not None and fleet.spare_replicas >= fleet.max_gpus:
        fleet = evolve(fleet, spare_replicas=0)
    return fleet


PROFILES = (
    values(Profile)
    .filter(lambda profile: bool(profile.models))
    .map(consistent)
    .map(
        lambda profile: (
            profile
            if profile.fleet.gpus or profile.fleet.custom
            else evolve(profile, fleet=Fleet(gpus=("T4",)))
        )
    )
)

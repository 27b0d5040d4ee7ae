"""Profiles and shared rule files: a document to a value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from attrs import AttrsInstance, frozen

from sizer.diagnostic import Diagnostic, Problem, bounded, in_order
from sizer.schema.asked.key import key
from sizer.schema.asked.parameter import Scalar
from sizer.schema.asked.profile import Level, Profile, Rule, Texts
from sizer.schema.asked.serving import HIGHEST
from sizer.structure.shape.breadth import refuse_too_many
from sizer.structure.shape.faults import VALUE, Unfit
from sizer.structure.shape.shape import structured
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path

if TYPE_CHECKING:  # as below
    from sizer.schema.facts.prices import PriceFile

T = TypeVar("T", bound=AttrsInstance)
DAY = "request_rate_by_hour"
OFFLOADS = {"cpu_cache_gib": "cpu_cache_gb_s", "disk_cache_gib": "disk_cache_gb_s"}
OFFERED = {
    "request_rate": "the arrivals",
    "users": "the people",
    "concurrency": "the requests in flight",
}


@frozen(eq=False, repr=False)
class RuleFile:
    """A file that others name in `extends`: rules, and nothing of a question."""

    dsl: Literal[1] = key("version of this format, 1")
    description: str | None = key("for the reader", default=None)
    owner: str | None = key("who answers for these rules", default=None)
    version: str | None = key("version of these rules, as their owner counts", default=None)
    extends: Texts = key("further rule files, by path from this file or as `pack:NAME`", default=())
    params: dict[str, Scalar] = key(
        "parameters of its rules with their defaults; who extends it may set others", default=dict
    )
    metrics: dict[str, str] = key(
        "own metrics by name, each an expression over metrics", default=dict, expression="condition"
    )
    levels: dict[str, Level] = key("levels of extended rules by id", default=dict)
    rule: tuple[Rule, ...] = key("what must hold", default=())


def structure_profile(document: Document) -> Profile:
    """Return the profile that a document holds.

    Raises Problem with every fault of its shape: SZ101 to SZ104.
    """
    return _or_raise(*read_profile(document))


def structure_rules(document: Document) -> RuleFile:
    """Return the shared rules that a document holds.

    Raises Problem with every fault of its shape: SZ101 to SZ104.
    """
    return _or_raise(*read_rules(document))


def read_profile(document: Document) -> tuple[Profile, list[Diagnostic]]:
    """Return what can be read of a profile, and every fault of its shape.

    Raises Problem (SZ004) when it holds more values than are looked at.
    """
    refuse_too_many(document)
    profile, faults = read_as(document, Profile)
    return profile, [*faults, *_missing(document), *_contradictions(document)]


def read_rules(document: Document) -> tuple[RuleFile, list[Diagnostic]]:
    """Return what can be read of a shared rule file, and every fault of its shape.

    Raises Problem (SZ004) when it holds more values than are looked at.
    """
    refuse_too_many(document)
    return read_as(document, RuleFile)


def read_prices(document: Document) -> tuple[PriceFile, list[Diagnostic]]:
    """Return what can be read of a file of prices, and every fault of its shape."""
    from sizer.schema.facts.prices import PriceFile  # noqa: PLC0415  # few profiles name any

    return read_as(document, PriceFile)


def _or_raise(value: T, faults: list[Diagnostic]) -> T:
    if faults:
        raise Problem(tuple(in_order(faults)))
    return value


def read_as(document: Document, cls: type[T]) -> tuple[T, list[Diagnostic]]:
    """Return what can be read of a file of this class, and every fault of its shape."""
    try:
        return structured(document.data, cls), []
    except Unfit as unfit:
        from sizer.structure.shape.findings import Findings  # noqa: PLC0415  # most files are well
        from sizer.structure.shape.glimpse import glimpse  # noqa: PLC0415  # the same

        return glimpse(document.data, cls), list(bounded(Findings(document, cls).of(unfit)))


def _missing(document: Document) -> Iterator[Diagnostic]:
    """Yield what every question needs although no single key is required."""
    if "models" not in document.data:
        yield from _missing_key(document, ("models",), Profile)


def _missing_key(document: Document, path: Path, cls: type[AttrsInstance]) -> Iterator[Diagnostic]:
    from sizer.structure.shape.findings import Findings  # noqa: PLC0415  # as above

    return Findings(document, Profile).missing(path, cls)


def _contradictions(document: Document) -> Iterator[Diagnostic]:
    workload, engine = document.data.get("workload"), document.data.get("engine")
    if isinstance(workload, dict):
        yield from _of_load(document, workload)
    if _keeps_more(workload, engine):
        from sizer.structure.shape.sessions import session_faults  # noqa: PLC0415  # few have any

        yield from session_faults(document)
    fleet = document.data.get("fleet")
    if _looks_for(workload, fleet):
        from sizer.structure.shape.searches import search_faults  # noqa: PLC0415  # few ask for it

        yield from search_faults(document)
    engine = document.data.get("engine")
    if isinstance(engine, dict) and isinstance(engine.get("disaggregated"), dict):
        from sizer.structure.shape.apart import apart_faults  # noqa: PLC0415  # the same

        yield from apart_faults(document)
    if isinstance(fleet, dict) and fleet.get("gpus") == [] and not fleet.get("custom"):
        help_ = "leave `gpus` out for every accelerator that has a price"
        yield Diagnostic(VALUE, "gpus must not be empty", document.place(("fleet", "gpus")), help_)
    if document.data.get("models") == []:
        yield Diagnostic(VALUE, "models must not be empty", document.place(("models",)))


def _keeps_more(workload: Any, engine: Any) -> bool:
    """Whether a profile has sessions, or cache beside the accelerators."""
    keys = (each.keys() for each in (workload, engine) if isinstance(each, dict))
    return not {"turns", *OFFLOADS, *OFFLOADS.values()}.isdisjoint(chain.from_iterable(keys))


def _looks_for(workload: Any, fleet: Any) -> bool:
    """Whether a profile asks for the highest rate, or the fewest replicas and what is to spare."""
    rate = workload.get("request_rate") if isinstance(workload, dict) else None
    keys = fleet.keys() if isinstance(fleet, dict) else ()
    return rate == HIGHEST or not {"replicas", "spare_replicas", "headroom"}.isdisjoint(keys)


def _of_load(document: Document, workload: dict[str, Any]) -> Iterator[Diagnostic]:
    yield from _load_excludes(document, workload)
    if DAY in workload:
        from sizer.structure.shape.day import day_faults  # noqa: PLC0415  # few loads have one

        yield from day_faults(document, workload)
    if any(name.endswith("_percentiles") for name in workload):
        from sizer.structure.shape.lengths import length_faults  # noqa: PLC0415  # few loads have any

        yield from length_faults(document, workload)


def _load_excludes(document: Document, workload: dict[str, Any]) -> Iterator[Diagnostic]:
    """Yield a fault for each key of a load that another one makes void."""
    given = [name for name in OFFERED if workload.get(name)]
    for name, other in pairwise(given):
        help_ = f"give {OFFERED[name]} or {OFFERED[other]}"
        place = document.place(("workload", name), key=True)
        yield Diagnostic(VALUE, f"{name} excludes {other}", place, help_)
    if workload.get("arrivals") == "constant" and "burstiness" in workload:
        place = document.place(("workload", "burstiness"), key=True)
        help_ = "leave one of them out: constant arrivals have no bursts"
        yield Diagnostic(VALUE, "burstiness excludes constant arrivals", place, help_)
    if "think_time_s" in workload and not (workload.get("users") or workload.get("turns")):
        place = document.place(("workload", "think_time_s"), key=True)
        help_ = "add `users = 100`, or `turns = 5` to a rate"
        yield Diagnostic(VALUE, "think_time_s needs users, or turns", place, help_)

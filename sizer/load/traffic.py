"""The log that a workload names: its summary, whether that is sound, and the load it makes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from sizer.diagnostic import Diagnostic, Problem
from sizer.load.sites.site import Site, shared_site, unreadable
from sizer.schema.asked.profile import Profile
from sizer.schema.asked.serving import OF_LOG, Workload
from sizer.schema.asked.traffic import SHARES, Traffic
from sizer.structure.files.reader import Reader
from sizer.structure.shape.profile import read_as
from sizer.structure.toml.document import Document, parse_document
from sizer.traffic.design import Design, carried, chosen_window_s, designed, names_load

SET_TWICE = "SZ801"
DAY = "request_rate_by_hour"
UNSOUND = "SZ802"
NO_SUCH_RATE = "SZ803"
LARGEST_BYTES = 2**22
LENGTHS = tuple(
    f"{side}_tokens{what}"
    for side in ("input", "output")
    for what in ("", "_spread", "_percentiles")
)
RATES = ("p50_per_s", "p90_per_s", "p95_per_s", "p99_per_s", "p99_9_per_s", "peak_per_s")


@frozen(eq=False, repr=False)
class OwnTraffic:
    """The workload that a log makes, its design, the file of its summary, and what is wrong."""

    workload: Workload
    design: Design | None = None
    files: tuple[Document, ...] = ()
    faults: tuple[Diagnostic, ...] = ()


def own_traffic(profile: Profile, document: Document, folder: Path, reader: Reader) -> OwnTraffic:
    """Return the load of the log that a profile names.

    Faults: SZ501 missing, SZ503 outside the repository, SZ001 to SZ004 and SZ101 to SZ104 of the
    summary, SZ801 for what a log and the profile both say, SZ802 for a summary that contradicts
    itself, SZ803 for a rate that it does not have.
    """
    work, given = profile.workload, document.data["workload"].keys()
    faults = list(_said_twice(work, document, given))
    name = work.traffic or work.trace
    if not name:
        return OwnTraffic(_preset(work, given), faults=tuple(faults))
    site = Site.of(document.file, folder, reader)
    found = shared_site(site, name)
    refused = unreadable(found, name, site)
    if refused:
        code, message, help_ = refused
        place = document.place(("workload", "traffic" if work.traffic else "trace"))
        return OwnTraffic(work, faults=(*faults, Diagnostic(code, message, place, help_)))
    if not work.traffic:
        return OwnTraffic(work, faults=tuple(faults))
    try:
        file, traffic, wrong = read_traffic(found.path, reader)
    except Problem as problem:
        return OwnTraffic(work, faults=(*faults, *problem.diagnostics))
    if wrong:
        return OwnTraffic(work, files=(file,), faults=(*faults, *wrong))
    return _of_log(work, traffic, document, (file,), faults)


def traced(profile: Profile, document: Document, folder: Path) -> OwnTraffic:
    """Return the load of the log itself, read now. Raises Problem as read_log does, or SZ803."""
    from sizer.traffic.logs.reading import read_log  # noqa: PLC0415  # only who names a log reads one

    traffic = read_log(folder / (profile.workload.trace or ""))
    found = _of_log(profile.workload, traffic, document, (), [])
    if found.faults:
        raise Problem(found.faults)
    return found


def read_traffic(path: Path, reader: Reader) -> tuple[Document, Traffic, list[Diagnostic]]:
    """Return a summary with its file, and every fault of it. Raises Problem for what is no TOML."""
    text = reader.text(path, str(path), LARGEST_BYTES, "write it anew with `sizer import --trace`")
    document = parse_document(text, str(path))
    traffic, faults = read_as(document, Traffic)
    return document, traffic, [*faults, *(() if faults else unsound(traffic, document))]


def unsound(traffic: Traffic, document: Document) -> Iterator[Diagnostic]:
    """Yield what of a summary contradicts itself (SZ802)."""
    anew = "write it anew with `sizer import --trace`"
    whole = sum(each.share for each in traffic.lengths.joint)
    if not 0.99 < whole < 1.01:
        said = f"shares of requests sum to {whole:.4g}, not to 1"
        yield Diagnostic(UNSOUND, said, document.place(("lengths", "joint"), key=True), anew)
    for name in ("input_power_means", "output_power_means"):
        means = getattr(traffic.lengths, name)
        if len(means) < 2 or any(later < earlier for earlier, later in pairwise(means)):
            said = f"{name} are two or more, each at least the one before"
            yield Diagnostic(UNSOUND, said, document.place(("lengths", name), key=True), anew)
    if len(traffic.rate_by_hour_per_s) not in {0, 24}:
        said = f"rate_by_hour_per_s has {len(traffic.rate_by_hour_per_s)} hours, and a day has 24"
        yield Diagnostic(UNSOUND, said, document.place(("rate_by_hour_per_s",), key=True), anew)
    for number, window in enumerate(traffic.windows):
        for below, above in pairwise(RATES):
            if getattr(window, below) > getattr(window, above):
                said = f"{below} is more than {above}"
                yield Diagnostic(UNSOUND, said, document.place(("windows", number, below)), anew)


def _of_log(
    work: Workload,
    traffic: Traffic,
    document: Document,
    files: tuple[Document, ...],
    faults: list[Diagnostic],
) -> OwnTraffic:
    given = document.data["workload"].keys()
    design = designed(work, traffic, given)
    missing = list(_no_such_rate(work, traffic, document, given))
    if missing:
        return OwnTraffic(work, files=files, faults=(*faults, *missing))
    return OwnTraffic(carried(work, design, given), design, files, tuple(faults))


def _preset(work: Workload, given: Collection[str]) -> Workload:
    """Return a workload with what its preset has and its own table has not."""
    if work.preset is None:
        return work
    from sizer.catalog.presets import presets  # noqa: PLC0415  # few profiles name one

    found = presets()[work.preset]
    hits = None if "turns" in given else found.prefix_hit_share
    taken: dict[str, Any] = {"prefix_hit_share": hits}
    for side in ("input", "output"):
        if f"{side}_tokens_percentiles" not in given:
            taken[f"{side}_tokens"] = (getattr(found, f"{side}_tokens"),)
            taken[f"{side}_tokens_spread"] = getattr(found, f"{side}_tokens_spread")
    known = {name: value for name, value in taken.items() if value is not None}
    return evolve(work, **{name: value for name, value in known.items() if name not in given})


def _said_twice(work: Workload, document: Document, given: Collection[str]) -> Iterator[Diagnostic]:
    """Yield keys that a log makes void, and keys about a log where none is named."""
    log = next((name for name in ("traffic", "trace") if name in given), None)
    if "traffic" in given and "trace" in given:
        said, help_ = "trace excludes traffic", "leave one of them out"
        yield Diagnostic(SET_TWICE, said, document.place(("workload", "trace"), key=True), help_)
    for name in (*LENGTHS, "preset") if log else ():
        if name in given:
            place = document.place(("workload", name), key=True)
            said = f"{name} and {log} both say the lengths"
            yield Diagnostic(SET_TWICE, said, place, f"leave {name} out: the log has its own")
    offered = ("request_rate", "users", "concurrency", *([DAY] if work.day else ()))
    stated = next((name for name in offered if name in given), None)
    for name in ("window", "quantile"):
        place = document.place(("workload", name), key=True)
        if name in given and log is None:
            said = f"{name} is of a log, and none is named"
            yield Diagnostic(SET_TWICE, said, place, 'add traffic = "traffic.toml"')
        elif name in given and stated:
            said = f"{name} and {stated} both say the load"
            yield Diagnostic(SET_TWICE, said, place, f"leave {name} or {stated} out")


def _no_such_rate(
    work: Workload, traffic: Traffic, document: Document, given: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield why a summary has no rate to carry (SZ803), where the profile names no load."""
    if names_load(work, given):
        return
    log = "traffic" if work.traffic else "trace"
    if not traffic.windows:
        said = f"{traffic.source} does not say how many requests arrive in ten windows of a second"
        place = document.place(("workload", log))
        yield Diagnostic(NO_SUCH_RATE, said, place, "add request_rate = 5, or your own rate")
        return
    if work.request_rate_by_hour == OF_LOG and not traffic.rate_by_hour_per_s:
        said = f"{traffic.source} has no rates by hour: it is shorter than a day, or has no times"
        place = document.place(("workload", DAY))
        yield Diagnostic(NO_SUCH_RATE, said, place, "give 24 rates, from midnight on")
    window_s = chosen_window_s(work, traffic)
    if traffic.window(window_s) is None:
        known = ", ".join(str(each.window_s) for each in traffic.windows)
        said = f"{traffic.source} has no windows of {window_s} s"
        place = document.place(("workload", "window"))
        yield Diagnostic(NO_SUCH_RATE, said, place, f"it has windows of {known} s")
    if work.quantile is not None and work.quantile not in SHARES:
        said = f"{traffic.source} has no quantile of {work.quantile:g}"
        known = ", ".join(f"{share:g}" for share in SHARES)
        place = document.place(("workload", "quantile"))
        yield Diagnostic(NO_SUCH_RATE, said, place, f"it has {known}; 1 is the busiest window")

"""Cases from a lock, where it still holds, or from answering a profile now."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from attrs import astuple

from sizer.diagnostic import Problem
from sizer.diff.case import Case
from sizer.diff.setup import Setup
from sizer.load import load
from sizer.lock.digest import estimator, facts_sha256
from sizer.lock.entry import LockEntry, answered
from sizer.lock.facts import Pinned, terms_of
from sizer.lock.locked_run import input_drifts
from sizer.lock.places import path_of
from sizer.pipeline import silent
from sizer.resolve.facts import Facts
from sizer.schema.answered.lock import Lock, LockedPrice, LockedProfile


def answered_case(path: Path, name: str, folder: Path, source: Facts) -> Case:
    """Answer a profile now. Raises Problem with every fault of it."""
    pinned = source.names if isinstance(source, Pinned) else frozenset()
    made = answered(load(path, pinned=pinned), folder, source, silent)
    setup = Setup.of(made.question, made.facts)
    return Case(
        profile=name,
        answers={each.model: each for each in made.entry.answer},
        estimator=estimator(),
        calibration=made.calibration,
        hashes=_hashes_of(made),
        setup=lambda: setup,
    )


def locked_case(lock: Lock, at: Path, entry: LockedProfile, name: str, beyond: Facts) -> Case:
    """Return a profile as its lock recorded it."""

    @cache
    def setup() -> Setup | None:
        source = Pinned(lock, beyond)
        try:
            question = load(path_of(entry.path, at.parent), pinned=source.names)
            if input_drifts(question, lock, entry, at):
                return None
            made = answered(question, at.parent, source, silent)
        except Problem:
            return None
        return Setup.of(made.question, made.facts)

    return Case(
        profile=name,
        answers={each.model: each for each in entry.answer},
        estimator=lock.estimator,
        calibration=next(each for each in lock.calibration if each.name == entry.calibration),
        hashes=_hashes_in(lock, entry),
        setup=setup,
    )


def _hashes_of(made: LockEntry) -> Mapping[tuple[str, str], str]:
    found = {("profile", made.entry.path): made.entry.sha256}
    found |= {(each.kind, each.path): each.sha256 for each in made.files}
    found |= {("model", each.name): each.sha256 for each in made.models}
    found |= {("accelerator", each.name): each.sha256 for each in made.accelerators}
    return found | _prices(made.prices)


def _hashes_in(lock: Lock, entry: LockedProfile) -> Mapping[tuple[str, str], str]:
    """Return the hashes of the entries that a profile of a lock uses."""
    found = {("profile", entry.path): entry.sha256}
    files = [each for each in lock.file if each.path in entry.files]
    found |= {(each.kind, each.path): each.sha256 for each in files}
    found |= {("model", each.name): each.sha256 for each in lock.model if each.name in entry.models}
    used = [each for each in lock.accelerator if each.name in entry.accelerators]
    found |= {("accelerator", each.name): each.sha256 for each in used}
    names = {each.facts.name for each in used}
    return found | _prices(tuple(each for each in lock.price if each.gpu in names))


def _prices(prices: tuple[LockedPrice, ...]) -> dict[tuple[str, str], str]:
    return {
        ("price", " ".join(filter(None, (each.gpu, *astuple(terms_of(each)))))): (
            facts_sha256(each) if each.facts else ""
        )
        for each in prices
    }

"""A lock from profiles; facts that an older lock holds are kept."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from attrs import evolve

from sizer.diagnostic import Diagnostic, Problem, problem
from sizer.load import Question, load
from sizer.load.rule_sets import is_rule_file, is_test
from sizer.load.rules import Waiving
from sizer.lock.digest import estimator
from sizer.lock.entry import LockEntry, answered
from sizer.lock.facts import Pinned
from sizer.pipeline.blocks import Progress
from sizer.schema.answered.lock import LOCK_VERSION, Lock
from sizer.structure.files.path_kind import is_folder
from sizer.structure.nearest import did_you_mean
from sizer.structure.toml.document import read_document

T = TypeVar("T")
NOT_LOCKED = "SZ512"
LOG = "SZ806"


def made(
    paths: Iterable[Path],
    folder: Path,
    source: Pinned,
    progress: Progress,
    waiving: Waiving | None = None,
) -> Lock:
    """Return the lock of profiles for a folder; `waiving` says which waivers count.

    Raises Problem with every fault of every profile.
    """
    found: list[LockEntry] = []
    faults: list[Diagnostic] = []
    for path in paths:
        try:
            question = load(path, pinned=source.names, waiving=waiving)
            faults += _unpinned(question)
            found.append(answered(question, folder, source, progress))
        except Problem as each:
            faults.extend(each.diagnostics)
    if any(each.severity == "error" for each in faults):
        raise Problem(tuple(dict.fromkeys(faults)))
    return Lock(
        version=LOCK_VERSION,
        estimator=estimator(),
        calibration=_sorted(each.calibration for each in found),
        profile=_sorted(each.entry for each in found),
        file=_sorted(file for each in found for file in each.files),
        model=_sorted(model for each in found for model in each.models),
        accelerator=_sorted(gpu for each in found for gpu in each.accelerators),
        price=_sorted(price for each in found for price in each.prices),
        pattern=_sorted(pattern for each in found for pattern in each.patterns),
    )


def _unpinned(question: Question) -> Iterator[Diagnostic]:
    """Yield the log of a profile, which no lock holds: a summary of it is small enough."""
    log = question.profile.workload.trace
    if log is not None:
        said = f"a lock does not hold the log {log}"
        help_ = f"`sizer import --trace {shlex.quote(log)} -o traffic.toml`, and name that file"
        yield Diagnostic(LOG, said, question.place(("workload", "trace")), help_)


def empty() -> Lock:
    """Return the lock of nothing."""
    return Lock(LOCK_VERSION, estimator())


def without(lock: Lock, names: Iterable[str]) -> Lock:
    """Return a lock that must ask anew for these models, accelerators, patterns and providers.

    Raises Problem (SZ512) for a name that it does not have.
    """
    for name in names:
        known = [each.name for each in (*lock.named, *lock.pattern)]
        known += [each.gpu for each in lock.price]
        known += [each.provider for each in lock.price if each.provider]
        if name not in known:
            help_ = did_you_mean(name, known) or "`sizer update` without a name takes all anew"
            raise problem(NOT_LOCKED, f"the lock has no {name!r}", hint=help_)
        gpus = {name, *(each.facts.name for each in lock.accelerator if each.name == name)}
        lock = evolve(
            lock,
            model=tuple(each for each in lock.model if each.name != name),
            accelerator=tuple(each for each in lock.accelerator if each.name != name),
            price=tuple(
                each for each in lock.price if each.gpu not in gpus and each.provider != name
            ),
            pattern=tuple(each for each in lock.pattern if each.name != name),
        )
    return lock


def profiles_in(path: Path) -> Iterator[Path]:
    """Yield a file, or the profiles in a folder and those below it, sorted."""
    if not is_folder(path):
        yield path
        return
    for each in sorted(path.rglob("*.toml")):
        hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
        if not hidden and asks(each):
            yield each


def asks(path: Path) -> bool:
    """Return whether a file asks a question; one that cannot be read is for `load` to refuse."""
    if is_test(path):
        return False
    try:
        document = read_document(path)
    except Problem:
        return True
    return "models" in document.data and not is_rule_file(document)


def _sorted(entries: Iterable[T]) -> tuple[T, ...]:
    return tuple(each for _, each in sorted({_order(each): each for each in entries}.items()))


def _order(entry: object) -> tuple[str, ...]:
    names = ("path", "name", "kind", "gpu", "provider", "region", "term", "since")
    return tuple(str(getattr(entry, name, None) or "") for name in names)

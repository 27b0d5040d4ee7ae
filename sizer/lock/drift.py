"""What is no longer as it was when a lock was written, each thing by its name."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sizer.catalog.lookup import Unknown
from sizer.diagnostic import Diagnostic, Place
from sizer.lock.digest import named
from sizer.lock.make import NOT_LOCKED
from sizer.lock.places import path_of
from sizer.resolve.facts import CATALOG
from sizer.schema.answered.lock import (
    Lock,
    LockedAnswer,
    LockedDay,
    LockedPattern,
    LockedProfile,
)

CHANGED = "SZ513"
ANSWER = "SZ514"
RENEW = "`sizer lock` answers by what is here now; review the lock's diff"


def drifts(old: Lock, new: Lock, at: Path) -> list[Diagnostic]:
    """Return what makes a lock another one than that which is written now."""
    found = list(_inputs(old, new, at))
    if old.estimator != new.estimator:
        said = f"the estimator is {named(new.estimator)}, the lock's is {named(old.estimator)}"
        found.append(Diagnostic(CHANGED, said, Place(str(at)), RENEW))
    found.extend(_patterns(new, at))
    before = {each.path: each for each in old.profile}
    for each in new.profile:
        if each.path in before:
            found.extend(answer_drifts(before[each.path], each, at))
    return found


def _inputs(old: Lock, new: Lock, at: Path) -> Iterator[Diagnostic]:
    """Yield profiles, files and models by path that changed, came or went."""
    for kind, before, after in (
        ("profile", old.profile, new.profile),
        ("file", old.file, new.file),
        ("model", old.model, new.model),
        ("constants", old.calibration, new.calibration),
    ):
        yield from _entries(kind, _hashes(before), _hashes(after), at)


def _patterns(lock: Lock, at: Path) -> Iterator[Diagnostic]:
    """Yield each pattern that stands for other names in the catalog of today."""
    for each in lock.pattern:
        names = _stands_for(each)
        come, gone = sorted(set(names) - set(each.names)), sorted(set(each.names) - set(names))
        changes = [f"also for {', '.join(come)}"] if come else []
        changes += [f"no longer for {', '.join(gone)}"] if gone else []
        if changes:
            said = f"{each.name!r} now stands {' and '.join(changes)}"
            help_ = (
                f"`sizer update {shlex.quote(each.name)}` answers with it; review the lock's diff"
            )
            yield Diagnostic(CHANGED, said, Place(str(at)), help_)


def _stands_for(pattern: LockedPattern) -> tuple[str, ...]:
    names_of = CATALOG.models_of if pattern.kind == "model" else CATALOG.gpus_of
    try:
        return names_of(pattern.name)
    except Unknown:
        return ()


def _hashes(entries: Iterable[Any]) -> dict[str, str]:
    """Return hashes by path or name."""
    return {getattr(each, "path", None) or each.name: each.sha256 for each in entries}


def _entries(
    kind: str, before: dict[str, str], after: dict[str, str], at: Path
) -> Iterator[Diagnostic]:
    place = Place(str(at))
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield Diagnostic(NOT_LOCKED, f"{kind} {name} is not in the lock", place, RENEW)
        elif name not in after:
            yield Diagnostic(CHANGED, f"{kind} {name} is in the lock alone", place, RENEW)
        elif before[name] != after[name]:
            yield changed(kind, name, at)


def changed(kind: str, name: str, at: Path) -> Diagnostic:
    """Return the finding that a file or its facts are not those that were locked."""
    shown = str(path_of(name, at.parent)) if kind != "constants" else str(at)
    said = f"{kind} {name} changed since {at.name} was written"
    return Diagnostic(CHANGED, said, Place(shown), RENEW)


def answer_drifts(old: LockedProfile, new: LockedProfile, at: Path) -> Iterator[Diagnostic]:
    """Yield each model whose answer is not the locked one."""
    before = {each.model: each for each in old.answer}
    place = Place(str(path_of(new.path, at.parent)))
    said = 0
    for day in old.days if old.sha256 == new.sha256 else ():
        if day not in new.days:
            said += 1
            yield Diagnostic(ANSWER, passed(day), place, RENEW)
    for each in new.answer:
        known = before.get(each.model)
        if known is not None and known != each:
            said += 1
            yield Diagnostic(ANSWER, _moved(known, each), place, RENEW)
    if not said and old.report_sha256 != new.report_sha256 and old.sha256 == new.sha256:
        yield Diagnostic(ANSWER, "what stands behind the choice differs", place, RENEW)


def passed(each: LockedDay) -> str:
    """Return what a day changed that the lock was written before."""
    if each.event == "rule starts":
        return f"rule {each.rule!a} counts with its own level since {each.day}"
    return f"the waiver of rule {each.rule!a} expired on {each.day}"


def _moved(old: LockedAnswer, new: LockedAnswer) -> str:
    if old.candidate != new.candidate:
        chosen = new.candidate or "nothing"
        return f"{new.model}: the answer is {chosen}, locked is {old.candidate or 'nothing'}"
    for name in sorted(old.metrics.keys() | new.metrics.keys()):
        was, now = old.metrics.get(name), new.metrics.get(name)
        if was != now:
            return f"{new.model}: {name} is {_figure(now)}, locked is {_figure(was)}"
    return f"{new.model}: its counts or findings are not the locked ones"


def _figure(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.6g}"

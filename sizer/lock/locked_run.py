"""`sizer run --locked`: an answer by a lock's facts, refused where it is not the locked one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import evolve, frozen

from sizer.catalog.lookup import Unknown
from sizer.catalog.models import find_model, model_path
from sizer.diagnostic import Diagnostic, Place, Problem, problem
from sizer.load import Question, load
from sizer.load.rules import Waiving
from sizer.lock.digest import DISTRIBUTION, calibrated, estimator, named, text_sha256
from sizer.lock.drift import ANSWER, RENEW, answer_drifts, changed, passed
from sizer.lock.entry import locked_answer, locked_facts, locked_files, report_sha256
from sizer.lock.facts import Pinned
from sizer.lock.file import NAME, NO_LOCK, find_lock, read_lock
from sizer.lock.make import NOT_LOCKED
from sizer.lock.places import key_of
from sizer.pipeline import size
from sizer.pipeline.blocks import Progress
from sizer.resolve.fleet import offers
from sizer.schema.answered.lock import Lock, LockedProfile
from sizer.schema.answered.report import Report
from sizer.schema.facts.price import Price
from sizer.units import counted
from sizer.workers import Workers

STALE = "SZ516"


@frozen(eq=False)
class Held:
    """A profile that is as it was when its lock was written."""

    question: Question
    lock: Lock
    at: Path
    entry: LockedProfile


def held(path: Path, waiving: Waiving | None = None) -> Held:
    """Return a profile with its lock; `waiving` says which waivers count.

    Raises Problem: SZ510 no lock, SZ511 it cannot be read, SZ512 the profile is not in it, SZ513
    the profile or a file that it reads changed.
    """
    at = find_lock(path.parent)
    if at is None:
        said = f"no {NAME} in the folder of {path}, or above it in its repository"
        raise problem(NO_LOCK, said, hint=f"`sizer lock {path}` writes one")
    lock = read_lock(at)
    key = key_of(path, at.parent)
    entry = next((each for each in lock.profile if each.path == key), None)
    if entry is None:
        said = f"profile {key} is not in {at}"
        raise problem(NOT_LOCKED, said, Place(str(path)), f"`sizer lock {path}` adds it")
    question = load(path, pinned=Pinned(lock).names, waiving=waiving)
    found = input_drifts(question, lock, entry, at)
    if found:
        raise Problem(tuple(found))
    return Held(question, lock, at, entry)


def run_locked(
    asked: Held,
    *,
    limit: int | None,
    everything: bool,
    progress: Progress,
    workers: Workers | None = None,
) -> Report:
    """Return the locked answer, made again from the lock's facts; no network is needed.

    Raises Problem (SZ514) when this estimator no longer gives it.
    """
    question = asked.question
    if limit is not None:
        question = evolve(question, policy=evolve(question.policy, limit=limit))
    report = size(
        question,
        everything=everything,
        progress=progress,
        facts=Pinned(asked.lock),
        workers=workers,
    )
    whole = limit is None and not everything
    now = evolve(
        asked.entry,
        answer=tuple(locked_answer(each) for each in report.answers),
        report_sha256=report_sha256(report) if whole else asked.entry.report_sha256,
    )
    found = list(answer_drifts(asked.entry, now, asked.at))
    if found:
        raise Problem((*found, *_causes(asked)))
    return report


def refuse_stale(asked: Held, since: str | None) -> None:
    """Raise Problem (SZ516) for prices of a lock that are older than a date or have none."""
    if since is None:
        return
    question = asked.question
    found = offers(question.profile.fleet, Pinned(asked.lock), question.prices)
    help_ = "`sizer update` takes the catalog's, `fleet.prices` your own"
    faults = [
        Diagnostic(STALE, f"{each.gpu.name}: {_aged(stale)}, before {since}", None, help_)
        for each in found
        if (stale := [price for price in each.prices if _is_stale(price, since)])
    ]
    if faults:
        raise Problem(tuple(faults))


def _is_stale(price: Price, since: str) -> bool:
    return bool(price.as_of) and not price.counts_since(since)


def _aged(stale: list[Price]) -> str:
    """Return the first of some prices with its date, and how many there are more."""
    first, *others = stale
    more = f", with {counted(len(others), 'other price')}" if others else ""
    return f"{first.usd_per_hour:.4g} USD/h ({first.provider}{more}) is as of {first.as_of}"


def input_drifts(
    question: Question, lock: Lock, entry: LockedProfile, at: Path
) -> list[Diagnostic]:
    """Return what a profile reads that is not as its lock's entry has it."""
    found = []
    if text_sha256(question.document.text) != entry.sha256:
        found.append(changed("profile", entry.path, at))
    locked = {each.path: each.sha256 for each in lock.file}
    now = {each.path: each.sha256 for each in locked_files(question, at.parent)}
    names = sorted(now.keys() | set(entry.files))
    found += [changed("file", name, at) for name in names if now.get(name) != locked.get(name)]
    return [*found, *_models(question, lock, at)]


def _models(question: Question, lock: Lock, at: Path) -> list[Diagnostic]:
    """Return models by path whose facts are not those that were locked."""
    locked = {each.name: each.sha256 for each in lock.model}
    found = []
    for asked in question.profile.models:
        path = None if asked.by_hand else model_path(asked.name, question.folder)
        if path is None:
            continue
        key = key_of(path, at.parent)
        try:
            _, digest = locked_facts(find_model(asked.name, question.folder).value)
        except (Unknown, ValueError):
            digest = ""
        if digest != locked.get(key):
            found.append(changed("model", key, at))
    return found


def _causes(asked: Held) -> Iterator[Diagnostic]:
    """Yield what may make the answer another one: all its facts and files are the locked ones."""
    lock = asked.lock
    counting = {each.waiver for each in asked.question.policy.waivers}
    for each in asked.question.profile.waiver:
        if each not in counting:
            said = f"the waiver of {each.rule} by {each.owner} expired on {each.expires}"
            yield Diagnostic(ANSWER, said, Place(str(asked.at)), "`sizer lock` answers without it")
    today = str(asked.question.waiving.today)
    for day in asked.entry.days:
        if day.event == "rule starts" and day.day <= today:
            yield Diagnostic(ANSWER, passed(day), Place(str(asked.at)), RENEW)
    help_ = f"`pip install {DISTRIBUTION}=={lock.estimator.version}` answers as before"
    constants = {each.name: each for each in lock.calibration}
    was, now = named(lock.estimator), named(estimator())
    used = calibrated(asked.question)
    told = [("estimator", was, now), ("calibration", named(constants.get(used.name)), named(used))]
    for what, locked, here in told:
        if locked != here:
            said = f"the {what} is {here}, locked is {locked}"
            yield Diagnostic(ANSWER, said, Place(str(asked.at)), help_)

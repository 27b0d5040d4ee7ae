"""One profile answered, with everything that its entries in a lock need."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from attrs import asdict, evolve, frozen

from sizer.catalog.models import model_path
from sizer.load import Question
from sizer.lock.digest import calibrated, data_sha256, facts_sha256, rounded, text_sha256
from sizer.lock.facts import Recording
from sizer.lock.places import key_of
from sizer.pipeline import size
from sizer.pipeline.blocks import Progress
from sizer.render.report import document, gpu_price, usual, waived_by
from sizer.resolve.facts import Facts
from sizer.schema.answered.lock import (
    FileKind,
    LockedAnswer,
    LockedCalibration,
    LockedDay,
    LockedFile,
    LockedFinding,
    LockedGpu,
    LockedModel,
    LockedPattern,
    LockedPrice,
    LockedProfile,
)
from sizer.schema.answered.report import Answer, Finding, Report
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.structure.toml.document import Document

Fact = TypeVar("Fact", Model, Gpu)


@frozen(eq=False)
class LockEntry:
    """A profile's report and what a lock keeps of it."""

    question: Question
    facts: Recording
    report: Report
    entry: LockedProfile
    files: tuple[LockedFile, ...]
    models: tuple[LockedModel, ...]
    accelerators: tuple[LockedGpu, ...]
    prices: tuple[LockedPrice, ...]
    patterns: tuple[LockedPattern, ...]
    calibration: LockedCalibration


def answered(question: Question, folder: Path, source: Facts, progress: Progress) -> LockEntry:
    """Answer a profile by facts, for the lock of a folder."""
    facts = Recording(source)
    report = size(question, facts=facts, progress=progress)
    files = locked_files(question, folder)
    models = tuple(_models(question, facts, folder))
    entry = LockedProfile(
        path=key_of(question.document.file, folder),
        sha256=text_sha256(question.document.text),
        report_sha256=report_sha256(report),
        calibration=calibrated(question).name,
        files=tuple(each.path for each in files),
        models=tuple(each.name for each in models),
        accelerators=tuple(sorted(facts.gpus)),
        patterns=tuple(sorted(name for _, name in facts.patterns)),
        prices=tuple(map(gpu_price, report.prices)),
        days=locked_days(question),
        answer=tuple(locked_answer(each) for each in report.answers),
    )
    gpus = []
    for name, found in facts.gpus.items():
        kept, digest = locked_facts(found.value)
        gpus.append(LockedGpu(name, digest, kept, found.note))
    prices = tuple(
        LockedPrice(gpu, facts=sold, **asdict(terms)) for (gpu, terms), sold in facts.sold.items()
    )
    patterns = tuple(
        LockedPattern(name, kind, names) for (kind, name), names in facts.patterns.items()
    )
    return LockEntry(
        question,
        facts,
        report,
        entry,
        files,
        models,
        tuple(gpus),
        prices,
        patterns,
        calibrated(question),
    )


def locked_files(question: Question, folder: Path) -> tuple[LockedFile, ...]:
    """Return the files that a profile reads, by name."""
    read: tuple[tuple[FileKind, tuple[Document, ...]], ...] = (
        ("rules", question.files),
        ("prices", question.price_files),
        ("traffic", question.traffic_files),
    )
    found = (
        LockedFile(key_of(each.file, folder), kind, text_sha256(each.text))
        for kind, files in read
        for each in files
    )
    return tuple(sorted(found, key=lambda file: file.path))


def locked_days(question: Question) -> tuple[LockedDay, ...]:
    """Return the days to come on which a rule starts or a waiver ends, in their order."""
    now = question.waiving.today
    found = [
        LockedDay(str(rule.start), rule.id, "rule starts")
        for rule in question.profile.rule
        if rule.start is not None and rule.start > now
    ]
    waivers = [each.waiver for each in question.policy.waivers]
    found += [LockedDay(str(each.expires), each.rule, "waiver ends") for each in waivers]
    return tuple(sorted(set(found), key=lambda each: (each.day, each.rule, each.event)))


def locked_answer(answer: Answer) -> LockedAnswer:
    """Return what a lock keeps of a model's answer."""
    chosen = answer.chosen
    metrics = {} if chosen is None else chosen.metrics
    numbers = {name: metrics.get(name) for name in usual(metrics)}
    return LockedAnswer(
        model=answer.model,
        candidates=answer.candidates,
        survivors=answer.survivors,
        candidate=None if chosen is None else chosen.candidate,
        metrics={
            name: rounded(value) for name, value in numbers.items() if isinstance(value, float)
        },
        findings=() if chosen is None else tuple(map(_finding, chosen.findings)),
    )


def _finding(found: Finding) -> LockedFinding:
    waiver = None if found.waiver is None else waived_by(found.waiver)
    return LockedFinding(found.rule, found.level, found.outcome, waiver)


def report_sha256(report: Report) -> str:
    """Return the hash of all that a report says but the names of its files and the day of asking.

    A lock has the files that rules come from by path and hash.
    """
    apart = {"profile": None, "today": None, "rule_sources": None}
    return data_sha256({**document(report), **apart})


def locked_facts(facts: Fact) -> tuple[Fact, str]:
    """Return a model or an accelerator as a lock keeps it, and the hash of that."""
    kept = evolve(facts, aliases=())
    return kept, facts_sha256(kept)


def _models(question: Question, facts: Recording, folder: Path) -> list[LockedModel]:
    found = []
    for name, each in facts.models.items():
        path = model_path(name, question.folder)
        kept, digest = locked_facts(each.value)
        if path is None:
            found.append(LockedModel(name, digest, each.revision, each.note, kept))
        else:
            found.append(LockedModel(key_of(path, folder), digest))
    return sorted(found, key=lambda model: model.name)

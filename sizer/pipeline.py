"""The order of the stages: a question in, a report out, in blocks of bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from attrs import define
from numpy.typing import NDArray

from sizer.catalog.calibration import calibration
from sizer.estimate import estimate
from sizer.expr.policy import Policy
from sizer.judge import judge
from sizer.load import Question, load, load_document
from sizer.resolve import Resolved, resolve
from sizer.schema.metrics import METRICS
from sizer.schema.profile import Profile
from sizer.schema.report import Answer, Choice, NearMiss, Report
from sizer.schema.scenario import Scenario
from sizer.select import Funnel, best, candidate_id, choice, identity, near_miss, reasoning, row_of
from sizer.structure.document import parse_document
from sizer.structure.write import profile_text

BLOCK = 262_144
DEFAULT_LIMIT = 5
EVERYTHING = tuple(metric.name for metric in METRICS)
Rows = NDArray[np.intp]
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Report no progress."""


@define(eq=False)
class Kept:
    """Rows that may still be shown, by model."""

    funnel: Funnel
    survivors: tuple[list[Rows], ...]
    misses: tuple[list[Rows], ...]
    per_gpu: tuple[list[Rows], ...]


def size(
    question: Profile | Question | str | Path,
    *,
    everything: bool = False,
    progress: Progress = silent,
) -> Report:
    """Answer a profile: a path to a TOML file, a loaded question, or a Profile made in Python.

    Raises sizer.diagnostic.Problem with every fault that was found.
    """
    asked = question_of(question)
    resolved = resolve(asked.profile, asked.folder, asked.place)
    limit = None if everything else asked.policy.limit or DEFAULT_LIMIT
    return report(asked, resolved, limit, progress)


def report(question: Question, resolved: Resolved, limit: int | None, progress: Progress) -> Report:
    """Judge every candidate and keep the best `limit` of each model."""
    scenario, policy = resolved.scenario, question.policy
    names = list(dict.fromkeys(d.model.name for d in scenario.deployments))
    kept = _sift(scenario, policy, names, limit, progress)
    answers = tuple(
        _answer(number, name, scenario, policy, kept, limit) for number, name in enumerate(names)
    )
    return Report(
        answers=answers,
        sort=question.profile.select.sort,
        assumptions=resolved.assumptions,
        prices=_price_notes(scenario),
        profile=question.document.file,
        estimator=f"analytic, calibration {calibration().name} {calibration().version}",
    )


def question_of(question: Profile | Question | str | Path) -> Question:
    """Return what is to be answered, with its expressions checked.

    A Profile made in Python is checked as its file would be.
    """
    if isinstance(question, Question):
        return question
    if isinstance(question, Profile):
        return load_document(parse_document(profile_text(question), "profile"), Path.cwd())
    return load(Path(question))


def _sift(
    scenario: Scenario, policy: Policy, names: list[str], limit: int | None, progress: Progress
) -> Kept:
    count = len(names)
    kept = Kept(Funnel(count), _lists(count), _lists(count), _lists(count))
    model_by_deployment = np.array([names.index(d.model.name) for d in scenario.deployments])
    for start in range(0, len(scenario), BLOCK):
        rows = slice(start, min(start + BLOCK, len(scenario)))
        _sift_block(scenario, policy, kept, model_by_deployment, rows, limit)
        progress(rows.stop, len(scenario))
    return kept


def _lists(count: int) -> tuple[list[Rows], ...]:
    return tuple([] for _ in range(count))


def _sift_block(
    scenario: Scenario,
    policy: Policy,
    kept: Kept,
    model_by_deployment: Rows,
    rows: slice,
    limit: int | None,
) -> None:
    block = scenario.take(rows)
    table = estimate(block, _needed(policy))
    verdicts = judge(policy, table)
    model_of = model_by_deployment[block.deployment_of]
    alive = kept.funnel.add(verdicts, model_of)
    broken = np.zeros(len(block), np.int16)
    for verdict in verdicts:
        broken += ~verdict.admits
    ties = identity(block)
    for model in range(len(kept.survivors)):
        mine = model_of == model
        living = np.flatnonzero(mine & alive)
        chosen = best(living, policy.sort, table, ties, limit)
        kept.survivors[model].append(chosen + rows.start)
        for gpu in np.unique(block.gpu_of[living]):
            here = living[block.gpu_of[living] == gpu]
            kept.per_gpu[model].append(best(here, policy.sort, table, ties, 1) + rows.start)
        if not len(living) and mine.any():
            fewest = np.flatnonzero(mine & (broken == broken[mine].min()))
            kept.misses[model].append(best(fewest, policy.sort, table, ties, 1) + rows.start)


def _needed(policy: Policy) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*sorted(policy.names), *(key.name for key in policy.sort))))


def _answer(
    number: int, name: str, scenario: Scenario, policy: Policy, kept: Kept, limit: int | None
) -> Answer:
    sieves = kept.funnel.sieves(number)
    possible = (
        int(sum(scenario.deployments[d].model.name == name for d in scenario.deployment_of))
        if not sieves
        else sieves[0].given
    )
    survivors = sieves[-1].left if sieves else possible
    chosen = _choices(_merged(kept.survivors[number]), scenario, policy, limit)
    by_gpu = _best_by_gpu(_choices(_merged(kept.per_gpu[number]), scenario, policy, None))
    miss = None if chosen else _near_miss(_merged(kept.misses[number]), scenario, policy)
    why = (
        reasoning(chosen[0], policy.sort, survivors, possible)
        if chosen
        else f"none of {possible} candidates survives the conditions"
    )
    return Answer(
        model=name,
        candidates=possible,
        survivors=survivors,
        chosen=chosen[0] if chosen else None,
        reasoning=why,
        others=tuple(chosen[1:]),
        funnel=sieves,
        near_miss=miss,
        per_gpu=tuple(by_gpu),
    )


def _merged(rows: list[Rows]) -> Rows:
    return np.concatenate(rows) if rows else np.empty(0, np.intp)


def _choices(rows: Rows, scenario: Scenario, policy: Policy, limit: int | None) -> list[Choice]:
    if not len(rows):
        return []
    few = scenario.take(rows)
    ordered = best(
        np.arange(len(few)), policy.sort, estimate(few, _needed(policy)), identity(few), limit
    )
    shown = few.take(ordered)
    table = estimate(shown, EVERYTHING)
    verdicts = judge(policy, table)
    return [
        choice(candidate_id(shown, row), row_of(table, row), policy, verdicts, row)
        for row in range(len(shown))
    ]


def _best_by_gpu(choices: Iterable[Choice]) -> list[Choice]:
    first: dict[object, Choice] = {}
    for each in choices:
        first.setdefault(each.metrics["gpu"], each)
    return list(first.values())


def _near_miss(rows: Rows, scenario: Scenario, policy: Policy) -> NearMiss | None:
    if not len(rows):
        return None
    few = scenario.take(rows)
    table = estimate(few, EVERYTHING)
    verdicts = judge(policy, table)
    broken = np.sum([~verdict.admits for verdict in verdicts], axis=0)
    fewest = np.flatnonzero(broken == broken.min())
    row = int(best(fewest, policy.sort, table, identity(few), 1)[0])
    return near_miss(candidate_id(few, row), row_of(table, row), policy, verdicts, row)


def _price_notes(scenario: Scenario) -> tuple[str, ...]:
    notes = []
    for gpu, price in zip(scenario.gpus, scenario.prices, strict=True):
        if price is None:
            notes.append(f"{gpu.name}: unknown")
        else:
            dated = f", as of {price.as_of}" if price.as_of else ""
            notes.append(
                f"{gpu.name}: {price.usd_per_gpu_hour:.3f} USD/h ({price.provider}{dated})"
            )
    return tuple(notes)

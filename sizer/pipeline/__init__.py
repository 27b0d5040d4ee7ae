"""The order of the stages: a question in, a report out.

Comes in: a question. Goes out: a report, a comparison, decisions, ledgers or scores. It never
computes a metric: the stages do.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from sizer.estimate import described
from sizer.estimate.engine import CALIBRATED
from sizer.judge.own_metrics import own_metrics
from sizer.load import Question, load, load_document
from sizer.pipeline.answers import Answers
from sizer.pipeline.blocks import Progress, sift
from sizer.pipeline.default_sort import resolved_question
from sizer.pipeline.kept import Kept
from sizer.pipeline.purchases import prices_of
from sizer.pipeline.remarks.networks import network_remarks
from sizer.pipeline.remarks.power import power_remarks
from sizer.pipeline.sources import model_places, rule_places, rule_sources
from sizer.pipeline.waivers import waivers_of
from sizer.resolve import Resolved
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.answered.report import Report
from sizer.schema.asked.profile import Profile
from sizer.structure.toml.document import parse_document
from sizer.structure.write import data_text, profile_text
from sizer.workers import ALONE, Workers

Asked: TypeAlias = Question | Profile | Mapping[str, Any] | str | Path

DEFAULT_LIMIT = 5


def silent(done: int, total: int) -> None:
    """Report no progress."""


def size(
    question: Asked,
    *,
    everything: bool = False,
    progress: Progress = silent,
    facts: Facts = CATALOG,
    workers: Workers | None = None,
) -> Report:
    """Answer a profile: a path to its file, its tables as a dict, a Profile, a loaded question.

        report = size({
            "models": [{"name": "meta-llama/Llama-3.1-8B"}],
            "fleet": {"gpus": ["L4", "L40S"]},
            "workload": {"concurrency": 8},
        })
        report.answers[0].chosen.metrics["itl_ms"]

    Metrics have their unit in their name; None is unknown. `everything` lists every survivor
    instead of the profile's limit. `facts` are the catalog's, or a lock's.
    `workers` judge what would take one core too long, like `Workers(Processes(4))` of
    `sizer.workers`; the report is the same.

    Raises sizer.Problem with every fault that was found.
    """
    many = workers is not None
    asked, resolved = resolved_question(question_of(question), facts, many=many)
    limit = None if everything else asked.policy.limit or DEFAULT_LIMIT
    return report(asked, resolved, limit, progress, workers or ALONE)


def report(
    question: Question,
    resolved: Resolved,
    limit: int | None,
    progress: Progress,
    workers: Workers = ALONE,
) -> Report:
    """Judge every candidate of a scenario and keep the best `limit` of each model."""
    kept = sift(resolved.scenario, question.policy, resolved.models, limit, progress, workers)
    return report_of(question, resolved, limit, kept)


def report_of(question: Question, resolved: Resolved, limit: int | None, kept: Kept) -> Report:
    """Return the report on what was kept of a scenario, when every candidate has been judged."""
    scenario = resolved.scenario
    answers = Answers(scenario, question.policy, kept, limit, resolved.unproposed)
    told = tuple(answers.of(number, name) for number, name in enumerate(resolved.answered))
    several = len(resolved.models) > 1
    power = power_remarks(told, scenario, question.policy)
    remarks = (*network_remarks(told, scenario), *power)
    return Report(
        answers=told,
        sort=question.profile.select.sort,
        assumptions=(*resolved.assumptions, *dict.fromkeys(remarks)),
        prices=tuple(prices_of(scenario, question.profile.fleet)),
        profile=question.document.file,
        estimator=described(scenario),
        confidence=scenario.confidence or CALIBRATED,
        today=str(question.waiving.today) if question.hangs_on_the_day else None,
        waivers=waivers_of(question, kept.tally),
        rule_sources=rule_sources(question),
        rule_places=rule_places(question, told),
        model_places=model_places(question, resolved),
        per_model=answers.per_model(resolved.models) if several else (),
        own_metrics=own_metrics(question.policy),
    )


def question_of(question: Asked) -> Question:
    """Return what is to be answered, with its expressions checked.

    What is made in Python is checked as its file would be.

    Raises Problem with every fault, TypeError for a value that no TOML file could hold.
    """
    if isinstance(question, Question):
        return question
    if isinstance(question, str | Path):
        return load(Path(question))
    if isinstance(question, Profile):
        text = profile_text(question)
    else:
        text = data_text({"dsl": 1, **question})
    return load_document(parse_document(text, "profile"), Path.cwd())

"""A report as plain data, in a fixed order of keys: what JSON and TOML both write."""

from __future__ import annotations

from typing import Any

from attrs import asdict

from sizer.render.kit.numbers import bounds, number, ordered, overloaded
from sizer.render.report.assumptions import assumption_data
from sizer.render.report.words import REFUSALS
from sizer.schema.answered.day import Day
from sizer.schema.answered.report import (
    Answer,
    AtLoad,
    Bought,
    Choice,
    FunnelStage,
    GpuPrice,
    NearMiss,
    Reasoning,
    Report,
)
from sizer.schema.series import Series


def document(report: Report, *, as_read: bool = False) -> dict[str, Any]:
    """Return a report as dicts, lists and scalars; unknown is None.

    With `as_read` what may be very long is a Series in place of a list.
    """
    return {
        "version": report.version,
        "profile": report.profile,
        "estimator": report.estimator,
        "confidence": report.confidence,
        "sort": report.sort,
        "answered": report.answered,
        "assumptions": [assumption_data(each) for each in report.assumptions],
        "own_metrics": [asdict(each) for each in report.own_metrics],
        "prices": [_price(each) for each in report.prices],
        "rule_sources": [asdict(source) for source in report.rule_sources],
        "today": report.today,
        "waivers": [asdict(waiver) for waiver in report.waivers],
        "per_model": [
            {"model": each.model, "best": None if each.best is None else _choice(each.best)}
            for each in report.per_model
        ],
        "answers": [_answer(answer, as_read=as_read) for answer in report.answers],
    }


def _answer(answer: Answer, *, as_read: bool) -> dict[str, Any]:
    at_loads = Series.of(answer.per_load).mapped(_at_load)
    return {
        "model": answer.model,
        "loads": answer.loads,
        "candidates": answer.candidates,
        "survivors": answer.survivors,
        "reasoning": None if answer.reasoning is None else _reasoning(answer.reasoning),
        "chosen": None if answer.chosen is None else _choice(answer.chosen),
        "others": [_choice(choice) for choice in answer.others],
        "funnel": [_stage(sieve) for sieve in answer.funnel],
        "unproposed": [
            {**asdict(each), "text": REFUSALS[each.reason]} for each in answer.unproposed
        ],
        "near_miss": None if answer.near_miss is None else _near_miss(answer.near_miss),
        "per_gpu": [_choice(choice) for choice in answer.per_gpu],
        "per_load": at_loads if as_read else list(at_loads),
        "unranked": answer.unranked,
        "missing": [asdict(each) for each in answer.missing],
    }


def _at_load(at: AtLoad) -> dict[str, Any]:
    return {"load": at.load, "best": None if at.best is None else _choice(at.best)}


def _stage(stage: FunnelStage) -> dict[str, Any]:
    lacking = None if stage.overload is None else overloaded(stage.overload)
    return {**asdict(stage), "overload": lacking}


def _reasoning(reasoning: Reasoning) -> dict[str, Any]:
    return {**asdict(reasoning), "value": number(reasoning.value)}


def _price(price: GpuPrice) -> dict[str, Any]:
    return _numbered(asdict(price))


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "candidate": choice.candidate,
        "load": choice.load,
        "metrics": ordered(choice.metrics),
        "findings": [asdict(finding) for finding in choice.findings],
        "bought": None if choice.bought is None else _bought(choice.bought),
        "stopped_by": bounds(choice.stopped_by),
        "day": None if choice.day is None else _day(choice.day),
    }


def _day(day: Day) -> dict[str, Any]:
    return {name: number(each) for name, each in asdict(day).items()}


def _bought(bought: Bought) -> dict[str, Any]:
    instances = [_numbered(asdict(each)) for each in bought.instances]
    return {**_numbered(asdict(bought)), "instances": instances}


def _numbered(values: dict[str, Any]) -> dict[str, Any]:
    """Return values with their dollars as numbers of a document."""
    return {name: number(each) if "usd" in name else each for name, each in values.items()}


def _near_miss(miss: NearMiss) -> dict[str, Any]:
    return {
        "candidate": miss.candidate,
        "load": miss.load,
        "overload": None if miss.overload is None else overloaded(miss.overload),
        "metrics": ordered(miss.metrics),
        "bounds": bounds(miss.bounds),
    }

"""JSON of decisions: complete and versioned, the same decision in the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import asdict

from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look
from sizer.render.kit.numbers import bounds, number, ordered, overloaded
from sizer.render.kit.unmeasured import unmeasured_data
from sizer.schema.answered.decision import Change, Decision, Judgement, Part, Relief, Shortfall

VERSION = 1


def render(decisions: Sequence[Decision], _: Look) -> str:
    """Return every decision; unknown is null."""
    return dumped({"version": VERSION, "decisions": [_decision(each) for each in decisions]})


def _decision(decision: Decision) -> dict[str, Any]:
    failed = decision.first_failed
    return {
        "model": decision.model,
        "candidate": decision.candidate,
        "load": decision.load,
        "overload": None if decision.overload is None else overloaded(decision.overload),
        "survives": decision.rank is not None,
        "rank": decision.rank,
        "survivors": decision.survivors,
        "candidates": decision.candidates,
        "first_failed": None if failed is None else failed.label,
        "sort": decision.sort,
        "chosen": decision.chosen,
        "standing": [
            {"metric": name, "value": number(value), "of_chosen": number(best)}
            for name, value, best in decision.standing
        ],
        "conditions": [_judgement(each) for each in decision.judgements],
        "alternatives": [asdict(each) for each in decision.alternatives],
        "shortfall": _shortfall(decision.shortfall),
        "relief": None if decision.relief is None else _relief(decision.relief),
        "stopped_by": bounds(decision.stopped_by),
        "own_metrics": [asdict(each) for each in decision.own_metrics],
        "unsure": [unmeasured_data(each) for each in decision.unsure],
        "traffic": None if decision.traffic is None else asdict(decision.traffic),
        "metrics": ordered(decision.metrics),
    }


def _shortfall(found: Shortfall | None) -> dict[str, Any] | None:
    return None if found is None else {**asdict(found), "missing_gib": number(found.missing_gib)}


def _relief(found: Relief) -> dict[str, Any]:
    return {**asdict(found), "request_rate": number(found.request_rate)}


def _judgement(judgement: Judgement) -> dict[str, Any]:
    first = judgement.require.first_failed
    return {
        "condition": judgement.label,
        "kind": judgement.kind,
        "outcome": judgement.outcome,
        "load": judgement.load,
        "admits": judgement.admits,
        "message": judgement.message,
        "waiver": None if judgement.waiver is None else asdict(judgement.waiver),
        "when": None if judgement.when is None else _part(judgement.when),
        "require": _part(judgement.require),
        "first_failed": None if first is None else first.text,
        "flips": [[_change(change) for change in way] for way in judgement.flips],
        "looked_at": judgement.looked_at,
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "text": part.text,
        "role": part.role,
        "value": number(part.value),
        "wanted": part.wanted,
        "margin": number(part.margin),
        "unit": part.unit,
        "parts": [_part(each) for each in part.parts],
    }


def _change(change: Change) -> dict[str, Any]:
    needed = change.needed
    return {
        "metric": change.metric,
        "value": number(change.value),
        "relation": change.relation,
        "needed": list(needed) if isinstance(needed, tuple) else number(needed),
        "difference": number(change.difference),
        "share": number(change.share),
    }

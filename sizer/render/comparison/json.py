"""A comparison as JSON: figures by estimator's name; unknown is null."""

from __future__ import annotations

from typing import Any

from attrs import asdict

from sizer.render.kit.json_text import dumped
from sizer.render.kit.look import Look
from sizer.render.kit.numbers import number
from sizer.schema.answered.comparison import Compared, Comparison, Tally


def render(comparison: Comparison, _: Look) -> str:
    """Return the whole comparison, of the candidates that are listed."""
    names = comparison.estimators
    return dumped(
        {
            "version": comparison.version,
            "profile": comparison.profile,
            "estimators": dict(zip(names, comparison.sources, strict=True)),
            "share": comparison.share,
            "confidence": comparison.confidence,
            "candidates": comparison.candidates,
            "disagrees": comparison.disagrees,
            "metrics": [_tally(each, names) for each in comparison.tallies],
            "chosen": [
                {"model": each.model, **dict(zip(names, each.candidates, strict=True))}
                for each in comparison.chosen
            ],
            "own_metrics": [asdict(each) for each in comparison.own_metrics],
            "compared": [_compared(each, names) for each in comparison.compared],
        }
    )


def _tally(tally: Tally, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "metric": tally.metric,
        "known": dict(zip(names, tally.known, strict=True)),
        "compared": tally.compared,
        "disagreed": tally.disagreed,
        "bias": {name: number(bias) for name, bias in zip(names[1:], tally.bias, strict=True)},
    }


def _compared(compared: Compared, names: tuple[str, ...]) -> dict[str, Any]:
    figures = [
        {
            "metric": each.metric,
            **{name: number(value) for name, value in zip(names, each.values, strict=True)},
            "spread": number(each.spread),
            "disagrees": each.disagrees,
            "intervals": {
                name: [number(low), number(high)]
                for name, (low, high) in zip(names, each.intervals, strict=True)
            },
        }
        for each in compared.figures
    ]
    return {
        "model": compared.model,
        "candidate": compared.candidate,
        "survives": dict(zip(names, compared.survives, strict=True)),
        "figures": figures,
    }

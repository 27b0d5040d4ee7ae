"""Accelerators and models that conditions name, against those that exist and those that are asked.

`gpu` and `model` are open texts to the language, as every profile may bring its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from sizer.catalog.gpus import gpu_names, knows_gpu
from sizer.catalog.models import knows_model, suggestions
from sizer.diagnostic import MOST_OF_A_KIND, Diagnostic, Place
from sizer.expr.check import Draft, Sources
from sizer.expr.language import Expression, is_like, span
from sizer.expr.regions import both, within
from sizer.expr.text import tokens
from sizer.load.consistency.conditions import Clause, Locate
from sizer.load.names.expansion import gpus_called, models_called
from sizer.structure.nearest import did_you_mean
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys

NOBODY = "SZ210"
UNUSED = "SZ211"
_PATTERN = "a pattern of gpu"


@frozen(eq=False, repr=False)
class Asked:
    """What a profile brings by name; a file of shared rules brings nothing."""

    gpus: Sequence[tuple[Keys, str]]
    models: Sequence[tuple[Keys, str]]
    custom: frozenset[str]

    @classmethod
    def of(cls, document: Document) -> Asked:
        """Return what a well-formed document asks for, accelerators by their full names."""
        custom = _names(document, ("fleet", "custom"), "name")
        gpus = [
            (keys, knows_gpu(name) or name) for keys, name in _names(document, ("fleet", "gpus"))
        ]
        models = _names(document, ("models",), "name")
        return cls([*gpus, *custom], models, frozenset(name for _, name in custom))


def strangers(draft: Draft, asked: Asked, source_of: Sources) -> Iterator[tuple[Keys, Diagnostic]]:
    """Yield a finding for each text that no accelerator or model is called (SZ210), and where.

    Of very many different ones, the first are looked at.
    """
    met: dict[tuple[str, str], tuple[str, str | None] | None] = {}
    for keys, expression in draft.expressions():
        for metric, text, characters in (*_texts(expression), *_patterns(expression)):
            if _is_called(metric, text, asked):
                continue
            if (metric, text) not in met and len(met) < MOST_OF_A_KIND:
                met[metric, text] = _LOOKED_UP[metric](text, asked)
            found = met.get((metric, text))
            if found:
                said, help_ = found
                source = source_of(keys)
                place = source.place(*characters) if source else None
                yield keys, Diagnostic(NOBODY, said, place, help_, "warning")


def unused(
    conditions: Sequence[Clause], asked: Asked, document: Document, locate: Locate
) -> Iterator[Diagnostic]:
    """Yield a finding for each accelerator or model that conditions on its name exclude (SZ211)."""
    for metric, what, listed in (
        ("gpu", "accelerator", asked.gpus),
        ("model", "model", asked.models),
    ):
        deciding = [each for each in conditions if metric in each.reads and _decides(each)]
        for keys, name in listed:
            it = within(metric, (frozenset(_called(metric, name)), frozenset()))
            against = next((each for each in deciding if _excludes(each, it)), None)
            if against:
                said = f"{what} {name!r} is never chosen: {against.name} excludes it"
                place = document.place(keys)
                yield Diagnostic(UNUSED, said, place, _where(locate(against.keys)), "info")


def _called(metric: str, name: str) -> tuple[str, ...]:
    return gpus_called(name) if metric == "gpu" else models_called(name)


def _decides(each: Clause) -> bool:
    return each.whole and each.level == "error"


def _excludes(each: Clause, it: Any) -> bool:
    if each.switched or both((it, each.idle)):
        return False
    return not both((it, each.applies, each.holds)) and bool(each.holds)


def _where(place: Place | None) -> str | None:
    return f"see {place.file}:{place.line}" if place else None


def _is_called(metric: str, text: str, asked: Asked) -> bool:
    if metric == _PATTERN:
        names = (*gpu_names(), *(name for _, name in asked.gpus), *asked.custom)
        return any(is_like(name, text) for name in names)
    if metric == "gpu":
        return knows_gpu(text) == text or text in asked.custom
    return knows_model(text) is not None or any(
        text in models_called(name) for _, name in asked.models
    )


def _gpu(text: str, asked: Asked) -> tuple[str, str | None] | None:
    full = knows_gpu(text)
    if full:
        return f"`gpu` is never {text!r}", f"its full name is {full!r}"
    if "*" in text:
        return f"no accelerator is called {text!r}", f'write `matches(gpu, "{text}")`'
    near = did_you_mean(text, (*gpu_names(), *sorted(asked.custom)))
    return f"no accelerator is called {text!r}", near or "`sizer gpus` lists the names"


def _model(text: str, asked: Asked) -> tuple[str, str | None] | None:
    names = [each for _, name in asked.models for each in models_called(name)]
    near = did_you_mean(text, (*names, *suggestions(text)))
    # without a likeness it may be a model that other profiles bring
    return None if near is None else (f"no model is called {text!r}", near)


def _pattern(text: str, asked: Asked) -> tuple[str, str | None]:
    near = did_you_mean(text.strip("*?"), (*gpu_names(), *sorted(asked.custom)))
    return f"no accelerator matches {text!r}", near or "`sizer gpus` lists the names"


_LOOKED_UP = {"gpu": _gpu, "model": _model, _PATTERN: _pattern}


def _patterns(expression: Expression) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield each pattern of an accelerator, and where it or its name stands."""
    for node in ast.walk(expression.tree) if "gpu" in expression.names else ():
        match node:
            case ast.Call(
                func=ast.Name(id="matches"),
                args=[ast.Name(id="gpu"), ast.Constant(value=str() as text) as given],
            ):
                yield _PATTERN, text, span(given)


def _texts(expression: Expression) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield each text that `gpu` or `model` is compared with, and where it or its name stands."""
    if not expression.names & {"gpu", "model"}:
        return
    for node in ast.walk(expression.tree):
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            named = [side.id for side in sides if isinstance(side, ast.Name)]
            if named and named[0] in {"gpu", "model"}:
                for text, span in _constants(sides, expression.text):
                    yield named[0], text, span


def _constants(sides: Sequence[ast.expr], written: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for side in sides:
        if isinstance(side, ast.Constant):
            values = side.value if isinstance(side.value, tuple) else (side.value,)
            start = side.col_offset
            inside = tokens(written[start : side.end_col_offset])
            words = [token for token in inside if token.kind in {"text", "name"}]
            for value, word in zip(values, words, strict=True):
                yield str(value), (start + word.start, start + word.end)


def _names(document: Document, table: Keys, key: str | None = None) -> list[tuple[Keys, str]]:
    listed = document.value(table) or []
    steps = (key,) if key else ()
    found = [
        (*table, index, *steps) for index in range(len(listed) if isinstance(listed, list) else 1)
    ]
    return [(keys, document.value(keys)) for keys in found if isinstance(document.value(keys), str)]

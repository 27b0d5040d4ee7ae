"""What `sizer run --format json` writes, as JSON Schema (draft 7), from the classes of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from attrs import fields, has

from sizer.schema.answered.assumption import Assumption
from sizer.schema.answered.report import Report, Unproposed
from sizer.schema.metrics import METRICS, Metric
from sizer.structure.docstring import docstring

DRAFT = "http://json-schema.org/draft-07/schema#"
INNER = {"rule_places", "model_places"}  # they serve the formats that annotate files
WORDED = {*get_args(Assumption), Unproposed}  # their words stand beside them as `text`
_TYPES = {int: "integer", float: "number", str: "string", bool: "boolean"}
_KINDS = {"number": "number", "text": "string", "bool": "boolean"}
Schema = dict[str, Any]


def answer_schema() -> Schema:
    """Return the schema of an answer; every key is there, unknown is null."""
    found = _object(Report)
    found["properties"]["answered"] = {"type": "boolean", "description": "every model has a choice"}
    found["required"].append("answered")
    return {"$schema": DRAFT, "title": "answer of sizer", **found}


def _object(cls: type[Any]) -> Schema:
    hints = get_type_hints(cls)
    names = [each.name for each in fields(cls) if each.name not in INNER]
    properties = {name: _value(hints[name]) for name in names}
    if cls in WORDED:
        properties |= {"text": {"type": "string", "description": "the same in words"}}
    return {
        "type": "object",
        "description": _described(cls),
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _described(cls: type[Any]) -> str:
    """Return the first two paragraphs of a docstring: what stands below is for Python alone."""
    paragraphs = docstring(cls).split("\n\n")[:2]
    return " ".join(" ".join(paragraphs).split()).replace("None", "null")


def _value(annotation: Any) -> Schema:
    inner = [each for each in get_args(annotation) if each is not NoneType]
    if get_origin(annotation) in {tuple, Sequence}:
        return {"type": "array", "items": _value(inner[0])}
    if get_origin(annotation) is Mapping:
        return _metrics()
    if get_origin(annotation) is Literal:
        return {"enum": list(get_args(annotation))}
    if not inner:
        return _object(annotation) if has(annotation) else {"type": _TYPES[annotation]}
    return _one_of(inner, absent=NoneType in get_args(annotation))


def _one_of(kinds: Sequence[Any], *, absent: bool) -> Schema:
    """Return what is of one of several classes or scalars, or null where it may be absent."""
    if any(map(has, kinds)):
        found = [_object(each) for each in kinds]
        return {"anyOf": [*found, {"type": "null"}] if absent else found}
    return {"type": [*(_TYPES[each] for each in kinds), *(["null"] if absent else [])]}


def _metrics() -> Schema:
    named = {metric.name: _metric(metric) for metric in METRICS}
    own = {"type": ["number", "null"], "description": "one of the profile's own metrics"}
    return {"type": "object", "additionalProperties": own, "properties": named}


def _metric(metric: Metric) -> Schema:
    unit = str(metric.unit)
    said = metric.doc if metric.kind != "number" or unit == "1" else f"{metric.doc} ({unit})"
    return {"type": [_KINDS[metric.kind], "null"], "description": said}

"""Which parts a quantised checkpoint stores in another format than the rest, and what share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sizer.catalog.config.parts.module_formats import WIDE, ModuleFormats, module_formats
from sizer.catalog.config.parts.modules import draft_names, full_names, head_names, modules_of
from sizer.catalog.config.weights import quantisation
from sizer.schema.facts.model import LayerGroup, Role

DIGITS = 6
Part = tuple[Role, str, float]


def stored_parts(
    config: Mapping[str, Any], family: str, layers: Sequence[LayerGroup], whole: str
) -> tuple[Part, ...]:
    """Return (part, format, share) of what is stored in another format than `whole`.

    `layers` are in their order in the file.
    """
    table = quantisation(config)
    if table is None:
        return ()
    if config.get("expert_dtype") == "fp4" and whole == "mxfp4":
        return ("attention", "fp8-block", 1.0), ("shared", "fp8-block", 1.0)
    formats = module_formats(table, whole)
    parts = tuple(_exceptions(_held(formats, family, layers), whole))
    return parts + _draft(formats, len(layers)) + _head(formats)


def _draft(formats: ModuleFormats, layers: int) -> tuple[Part, ...]:
    """Return the modules for speculation if the file leaves them alone."""
    kept = formats.keeps(draft_names(layers)) and formats.kept == WIDE != formats.whole
    return (("draft", WIDE, 1.0),) if kept else ()


def _head(formats: ModuleFormats) -> tuple[Part, ...]:
    """Return the output projection if the file says that it is narrow."""
    names = tuple(head_names())
    if not formats.says_of(names):
        return ()
    form = formats.format_of(names)
    return () if form in {None, formats.kept} else (("head", str(form), 1.0),)


def _held(
    formats: ModuleFormats, family: str, layers: Sequence[LayerGroup]
) -> dict[Role, dict[str, float]]:
    """Return the parameters of each part by the format that they are stored in."""
    held: dict[Role, dict[str, float]] = {}
    for layer, group in enumerate(layers):
        for role, names, size in modules_of(group, family):
            form = formats.format_of(full_names(names, layer)) or formats.whole
            if size:
                of = held.setdefault(role, {})
                of[form] = of.get(form, 0.0) + size
    return held


def _exceptions(held: dict[Role, dict[str, float]], whole: str) -> Iterator[Part]:
    for role, by_format in held.items():
        total = sum(by_format.values())
        for form, size in by_format.items():
            if form != whole:
                yield role, form, round(size / total, DIGITS)

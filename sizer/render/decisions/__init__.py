"""Decisions explained, as text or JSON. A form's module is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

from sizer.render.look import Look
from sizer.render.plain import cleaned
from sizer.schema.answered.decision import Decision

__all__ = ["DECISIONS", "render_decisions"]

Renderer = Callable[[Sequence[Decision], Look], str]
DECISIONS: Mapping[str, str] = MappingProxyType(
    {"text": "sizer.render.decisions.text", "json": "sizer.render.decisions.json"}
)


def render_decisions(decisions: Sequence[Decision], form: str, look: Look | None = None) -> str:
    """Return decisions in one of DECISIONS, ended by a newline, without control characters.

    Raises KeyError for a form that does not exist.
    """
    renderer: Renderer = import_module(DECISIONS[form]).render
    return renderer([cleaned(each) for each in decisions], look or Look())

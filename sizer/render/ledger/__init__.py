"""A ledger of memory, as text or JSON. A form's module is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from sizer.render.plain import cleaned
from sizer.schema.answered.ledger import Ledger

__all__ = ["LEDGERS", "render_ledger"]

LEDGERS: Mapping[str, str] = MappingProxyType(
    {"text": "sizer.render.ledger.text", "json": "sizer.render.ledger.json"}
)


def render_ledger(ledger: Ledger, form: str) -> str:
    """Return a ledger in one of LEDGERS, ended by a newline, without control characters.

    Raises KeyError for a form that does not exist.
    """
    renderer: Callable[[Ledger], str] = import_module(LEDGERS[form]).render
    return renderer(cleaned(ledger))

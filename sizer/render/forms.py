"""The one table of what is rendered and in which forms: `sizer/render/<noun>/<form>.py`.

A form is a module with a function `render`, imported when it is asked for. A new form is that file
and its name here; a new noun is a folder and a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import frozen

from sizer.render.kit.look import Look
from sizer.render.kit.plain import cleaned

if TYPE_CHECKING:  # the parser asks for names alone
    from sizer.diagnostic import Checked
    from sizer.render.listing import Listing
    from sizer.render.points import Estimated
    from sizer.render.scores import Scored
    from sizer.schema.answered.comparison import Comparison
    from sizer.schema.answered.decision import Decision
    from sizer.schema.answered.difference import Difference
    from sizer.schema.answered.ledger import Ledger
    from sizer.schema.answered.report import Report
    from sizer.schema.answered.simulation import Simulation
    from sizer.schema.answered.trial import Tested

Told = TypeVar("Told")
Text = TypeVar("Text")  # a str, or for what is long an iterator of them


def _as_it_is(told: Any) -> Any:
    """Return the reader's own cells, or what makes each of its lines plain itself."""
    return told


@frozen
class Noun(Generic[Told, Text]):
    """What is rendered: its folder, its forms, and what takes control characters out of it."""

    folder: str
    forms: tuple[str, ...]
    clean: Callable[[Any], Any] = cleaned

    def render(self, told: Told, form: str, look: Look | None = None) -> Text:
        """Return the text, ended by a newline, without control characters.

        `look` matters to `text` alone. Raises KeyError for a form that does not exist.
        """
        renderer: Callable[[Told, Look], Text] = self._module(form).render
        return renderer(self.clean(told), look or Look())

    def pieces(self, told: Told, form: str, look: Look | None = None) -> Iterator[Text]:
        """Yield the same text in pieces, where a form has them: it may be too long to be held."""
        module = self._module(form)
        cut: Callable[[Told, Look], Iterator[Text]] | None = getattr(module, "pieces", None)
        if cut is None:
            yield self.render(told, form, look)
        else:
            yield from cut(self.clean(told), look or Look())

    def _module(self, form: str) -> ModuleType:
        if form not in self.forms:
            raise KeyError(form)
        return import_module(f"sizer.render.{self.folder}.{form}")


GATES = ("github", "gitlab", "junit", "sarif")  # what lets a change pass or not

COMPARISON: Noun[Comparison, str] = Noun("comparison", ("text", "json"))
DECISIONS: Noun[Sequence[Decision], str] = Noun("decisions", ("text", "json"))
DIFFERENCE: Noun[Difference, str] = Noun("difference", ("text", "json", "markdown"))
FINDINGS: Noun[Checked, str] = Noun("findings", ("text", "concise", "json", *GATES))
LEDGER: Noun[Ledger, str] = Noun("ledger", ("text", "json"))
LISTING: Noun[Listing, str] = Noun("listing", ("text", "json", "csv"))
POINTS: Noun[Estimated, Iterator[str]] = Noun("points", ("csv", "jsonl"), _as_it_is)
REPORT: Noun[Report, str] = Noun("report", ("text", "json", "markdown", "csv", "toml", "reference"))
SCORES: Noun[Scored, str] = Noun("scores", ("text", "json"))
SIMULATION: Noun[Sequence[Simulation], str] = Noun("simulation", ("text", "json", "csv"))
TRIALS: Noun[Tested, str] = Noun("trials", ("text", "junit"), _as_it_is)

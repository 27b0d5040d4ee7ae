"""Decisions for a terminal: what decided, part by part, and what would have turned it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from sizer.render.decisions.words import (
    binding,
    changed,
    failed_of,
    headline,
    lacking,
    noted,
    reason,
    relieved,
    shortened,
    speaks,
    standing,
    too_long,
)
from sizer.render.kit.console import printed
from sizer.render.kit.look import Look
from sizer.render.kit.phrases import logged_load, overload, stops, waived_by
from sizer.render.kit.unmeasured import unmeasured_text
from sizer.schema.answered.decision import Alternative, Decision, Judgement, Part

_INDENT = (0, 0, 0, 2)
_STYLES = {"holds": "green", "fails": "bold red", "unknown": "yellow", "not applicable": "dim"}
_WAYS = 3
_VALUES = 4


def render(decisions: Sequence[Decision], look: Look) -> str:
    """Return decisions as wide as the look; plain characters unless it has colour."""
    return printed(_parts(decisions), look)


def _parts(decisions: Sequence[Decision]) -> Iterator[RenderableType]:
    for number, decision in enumerate(decisions):
        if number:
            yield ""
        yield Text(decision.model, style="bold underline")
        for part in _decision(decision):
            yield Padding(part, _INDENT)


def _decision(decision: Decision) -> Iterator[RenderableType]:
    refused = decision.rank is None
    yield Text(decision.candidate, style="bold red" if refused else "bold green")
    yield Text(headline(decision))
    yield from _of_load(decision)
    for line in standing(decision):
        yield Text(line, style="dim")
    for unsure in decision.unsure:
        yield Text(unmeasured_text(unsure), style="yellow")
    for line in lacking(decision.shortfall) if decision.shortfall else ():
        yield Text(line, style="cyan")
    for line in relieved(decision.relief) if decision.relief else ():
        yield Text(line, style="cyan")
    for judgement in decision.judgements:
        yield ""
        yield from _judgement(judgement, first=judgement is decision.first_failed)
    if decision.alternatives:
        yield ""
        yield Text("one step away", style="dim")
        yield Padding(_alternatives(decision.alternatives), _INDENT)


def _of_load(decision: Decision) -> Iterator[RenderableType]:
    if decision.overload:
        yield Text(f"overloaded: {overload(decision.overload)}", style="yellow")
    if decision.load:
        yield Text(f"figures at {decision.load}, the load that decides", style="dim")
    for line in binding(decision.metrics):
        yield Text(line, style="dim")
    if decision.stopped_by:
        yield Text(f"stopped by {stops(decision.stopped_by, decision.metrics)}", style="cyan")
    if decision.traffic:
        yield Text(logged_load(decision.traffic), style="dim")


def _judgement(judgement: Judgement, *, first: bool) -> Iterator[RenderableType]:
    label = f"{judgement.label} ({judgement.kind})"
    line = Text(label, style="bold" if first else "")
    line.append(f": {judgement.outcome}", style=_STYLES[judgement.outcome])
    yield line.append(f" at {judgement.load}" if judgement.load else "", style="default")
    if judgement.message:
        yield Padding(Text(judgement.message), _INDENT)
    if judgement.waiver:
        by = f"waived by {waived_by(judgement.waiver)}"
        yield Padding(Text(by, style="yellow"), _INDENT)
    if judgement.when is not None:
        yield Padding(_tree(judgement.when, None, "when "), _INDENT)
    if judgement.outcome == "not applicable":
        return
    yield Padding(_tree(judgement.require, judgement.require.first_failed), _INDENT)
    verb = "fail" if judgement.outcome == "holds" else "hold"
    for number, way in enumerate(judgement.flips[:_WAYS]):
        start = f"would {verb} with " if not number else "or with "
        yield Padding(Text(start + " and ".join(map(changed, way)), style="cyan"), _INDENT)
    if judgement.looked_at is not None:
        yield Padding(Text(too_long(judgement.looked_at), style="dim"), _INDENT)
    elif not judgement.flips:
        yield Padding(Text(f"no change that was tried makes it {verb}", style="dim"), _INDENT)


def _tree(part: Part, failed: Part | None, prefix: str = "") -> Tree:
    label = Text(prefix, style="dim").append(reason(part), style="default")
    if part is failed:
        label.append("  <- " + failed_of(part), style="bold red")
    elif noted(part):
        label.append(f"  ({noted(part)})", style="dim")
    tree = Tree(label, guide_style="dim")
    _grow(tree, part, failed)
    return tree


def _grow(tree: Tree, part: Part, failed: Part | None) -> None:
    words = ("if ", "then ", "else ") if part.role == "choice" else ("",) * len(part.parts)
    for word, child in zip(words, part.parts, strict=True):
        told = part.role == "comparison" and not child.parts
        if told or not speaks(child):
            continue
        tree.children.append(_tree(child, failed, word))


def _alternatives(alternatives: Sequence[Alternative]) -> Table:
    grid = Table.grid(padding=(0, 2))
    for each in alternatives:
        counted = f"{each.passing} of {each.others} pass"
        grid.add_row(Text(each.axis, style="dim"), counted, shortened(each.values, _VALUES))
    return grid

"""Text for a terminal: for each model the choice, why, what came next and what removed the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sizer.render.kit.console import NARROWEST, measured_width, printed
from sizer.render.kit.figures import headline, interval, measured, usual
from sizer.render.kit.look import Look
from sizer.render.kit.phrases import misses
from sizer.render.report import funnel, prices, words
from sizer.render.report.assumptions import assumption_text
from sizer.render.report.day import day_lines
from sizer.render.report.ranking import RANKED, ranking
from sizer.render.report.reasons import why
from sizer.render.report.words import Column, columns, legend
from sizer.schema.answered.report import (
    Answer,
    AtLoad,
    AtModel,
    Choice,
    Finding,
    FunnelStage,
    NearMiss,
    Report,
)

LEVEL_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan", "waived": "magenta"}
INDENT = (0, 0, 0, 2)
Columns = Sequence[Column]


def render(report: Report, look: Look) -> str:
    """Return the report as wide as the look; plain characters unless it has colour."""
    width = max(look.width, NARROWEST) - INDENT[3]
    return printed(_parts(report, width, plain=not look.blocks), look)


def _parts(report: Report, width: int, *, plain: bool) -> Iterator[RenderableType]:
    shown = columns(report)
    yield from _at_models(report.per_model, shown, width)
    for answer in report.answers:
        yield Text(answer.model, style="bold underline")
        for part in _answer(answer, shown, width, plain=plain):
            yield Padding(part, INDENT)
        yield ""
    yield from _notes("assumptions", list(map(assumption_text, report.assumptions)))
    yield from _notes("own metrics", list(map(words.own_metric, report.own_metrics)))
    yield from _notes("prices for one accelerator", list(map(prices.gpu_price, report.prices)))
    yield from _notes("rules from", [words.source(each) for each in report.rule_sources])
    waivers = [words.waiver(each) for each in report.waivers]
    yield from _notes(f"waivers, as of {report.today}", waivers)
    about = [("estimate", report.estimator), ("in brackets", legend(report))]
    yield _labelled([("sorted by", report.sort), *about])


def _answer(answer: Answer, shown: Columns, width: int, *, plain: bool) -> Iterator[RenderableType]:
    if answer.chosen is None:
        nobody = "no candidate can be ranked" if answer.survivors else "no candidate survives"
        yield Text(nobody, style="bold red")
        yield _labelled([("why", why(answer))])
        yield from _near_miss(answer.near_miss)
        yield ""
        yield from _at_loads(answer.per_load, shown, width)
    else:
        yield from _choice(answer.chosen, why(answer), shown, width, plain=plain)
        yield from _candidates((answer.chosen, *answer.others), shown, width)
        yield from _at_loads(answer.per_load, shown, width)
    if answer.funnel:
        yield _funnel(answer.funnel)
    about = [*funnel.behind(answer.funnel)]
    if answer.unproposed:
        about.append(("not proposed", words.unproposed(answer.unproposed)))
    if about:
        yield _labelled(about)


def _choice(
    choice: Choice, reasoning: str, shown: Columns, width: int, *, plain: bool
) -> Iterator[RenderableType]:
    yield Text(choice.candidate, style="bold green")
    stops = words.stopped_by(choice)
    near = words.near_saturation(choice)
    about = [("why", reasoning), ("stopped by", stops), ("near saturation", near)]
    about.append(("prompt cache", words.found_again(choice)))
    yield _labelled([*about, ("buys", prices.buys(choice)), *day_lines(choice, plain=plain)])
    for finding in choice.findings:
        yield _finding(finding)
    yield from ("", _headline(choice, shown, width), "")


def _finding(finding: Finding) -> Text:
    level, message = words.finding(finding)
    said = Text(f"{level}[{finding.rule}]", style=LEVEL_STYLES.get(level, ""))
    return said.append(f": {message}", style="default")


def _headline(choice: Choice, shown: Columns, width: int) -> Table:
    """Return the figures in two columns, or in one where two are too wide."""
    own = {column.metric: column.unit for column in shown if column.unit}
    shown_first = headline(choice.metrics)
    first = usual(choice.metrics)
    half, more = len(first) // 2, (*shown_first[len(first) :], *own)
    left, right = (*first[:half], *more[::2]), (*first[half:], *more[1::2])
    wide = _figures(list(zip_longest(left, right)), choice, own)
    fits = measured_width(wide) <= width
    return wide if fits else _figures([(name,) for name in (*first, *more)], choice, own)


def _figures(
    rows: Iterable[tuple[str | None, ...]], choice: Choice, own: Mapping[str, str]
) -> Table:
    grid = Table.grid(padding=(0, 2))
    for names in rows:
        pairs = (
            (Text(name, style="dim", no_wrap=True), _measured(name, choice, own))
            for name in names
            if name is not None
        )
        grid.add_row(*(cell for pair in pairs for cell in pair))
    return grid


def _measured(name: str, choice: Choice, own: Mapping[str, str]) -> Text:
    found = Text(measured(name, choice.metrics, own))
    between = interval(name, choice.metrics)
    return found.append(f" ({between})", style="dim") if between else found


def _candidates(
    choices: Sequence[Choice], shown: Columns, width: int, heading: str = RANKED
) -> Iterator[RenderableType]:
    table, shared = ranking(choices, shown, width, heading)
    yield from (table, "")
    common = words.common_load(choices)
    if shared or common:
        yield from (_labelled([("all with", shared), ("figures at", common or "")]), "")


def _at_loads(loads: Sequence[AtLoad], shown: Columns, width: int) -> Iterator[RenderableType]:
    if words.too_many(loads):
        yield from (_labelled([("best at each of", words.too_many(loads))]), "")
        return
    found = [each.best for each in loads if each.best is not None]
    if loads:
        yield from _candidates(found, shown, width, "best at each load")
    none = ", ".join(each.load for each in loads if each.best is None)
    if none:
        yield from (_labelled([("none at", none)]), "")


def _at_models(models: Sequence[AtModel], shown: Columns, width: int) -> Iterator[RenderableType]:
    found = [each.best for each in models if each.best is not None]
    if found:
        yield from _candidates(found, shown, width, "best of each model")
        none = ", ".join(each.model for each in models if each.best is None)
        if none:
            yield from (_labelled([("none of", none)]), "")


def _near_miss(miss: NearMiss | None) -> Iterator[RenderableType]:
    if miss is None:
        return
    yield _labelled([("nearest", miss.candidate)])
    for line in misses(miss):
        yield Padding(Text(line), INDENT)


def _funnel(sieves: Sequence[FunnelStage]) -> Table:
    headings, rows = funnel.funnel(sieves)
    table = _ruled(*headings)
    for drawn in table.columns[1:]:
        drawn.justify = "right"
        drawn.no_wrap = True
    for row in rows:
        table.add_row(*row)
    return table


def _ruled(*headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _notes(title: str, lines: Sequence[str]) -> Iterator[RenderableType]:
    if lines:
        yield Text(title, style="dim")
        for line in lines:
            yield Padding(Text(line), INDENT)
        yield ""


def _labelled(pairs: Iterable[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    for label, value in pairs:
        if value:
            grid.add_row(Text(label, style="dim"), value)
    return grid

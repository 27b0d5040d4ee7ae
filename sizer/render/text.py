"""Text for a terminal: for each model the choice, why, what came next and what removed the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sizer.render import figures
from sizer.render.console import printed
from sizer.render.figures import HEADLINE, columns, figure, interval, legend, measured, missed
from sizer.render.look import Look
from sizer.schema.report import Answer, Choice, Finding, NearMiss, Report, Sieve

LEVEL_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan", "waived": "magenta"}
INDENT = (0, 0, 0, 2)


def render(report: Report, look: Look) -> str:
    """Return the report as wide as the look; plain characters unless it has colour."""
    return printed(_parts(report), look)


def _parts(report: Report) -> Iterator[RenderableType]:
    for answer in report.answers:
        yield Text(answer.model, style="bold underline")
        for part in _answer(answer, report.sort):
            yield Padding(part, INDENT)
        yield ""
    yield from _notes("assumptions", report.assumptions)
    yield from _notes("prices for one accelerator", report.prices)
    yield from _notes("rules from", [figures.source(each) for each in report.rule_sources])
    waivers = [figures.waiver(each) for each in report.waivers]
    yield from _notes(f"waivers, as of {report.today}", waivers)
    about = [("estimate", report.estimator), ("in brackets", legend(report))]
    yield _labelled([("sorted by", report.sort), *about])


def _answer(answer: Answer, sort: str) -> Iterator[RenderableType]:
    if answer.chosen is None:
        yield Text("no candidate survives", style="bold red")
        yield _labelled([("why", answer.reasoning)])
    else:
        yield from _choice(answer.chosen, answer.reasoning)
        yield ""
        yield _candidates((answer.chosen, *answer.others), sort)
    if answer.near_miss is not None:
        yield from _near_miss(answer.near_miss)
    if answer.funnel:
        yield ""
        yield _funnel(answer.funnel)
    if answer.unproposed:
        yield _labelled([("not proposed", figures.unproposed(answer.unproposed))])


def _choice(choice: Choice, reasoning: str) -> Iterator[RenderableType]:
    yield Text(choice.candidate, style="bold green")
    yield _labelled([("why", reasoning)])
    for finding in choice.findings:
        yield _finding(finding)
    yield ""
    yield _headline(choice)


def _finding(finding: Finding) -> Text:
    level, message = figures.finding(finding)
    said = Text(f"{level}[{finding.rule}]", style=LEVEL_STYLES.get(level, ""))
    return said.append(f": {message}", style="default")


def _headline(choice: Choice) -> Table:
    grid = Table.grid(padding=(0, 2))
    half = len(HEADLINE) // 2
    for left, right in zip(HEADLINE[:half], HEADLINE[half:], strict=True):
        cells = [
            cell
            for name in (left, right)
            for cell in (Text(name, style="dim"), _measured(name, choice))
        ]
        grid.add_row(*cells)
    return grid


def _measured(name: str, choice: Choice) -> Text:
    found = Text(measured(name, choice.metrics))
    between = interval(name, choice.metrics)
    return found.append(f" ({between})", style="dim") if between else found


def _candidates(choices: Sequence[Choice], sort: str) -> Table:
    shown = columns(sort)
    table = _ruled("candidate", *(column.heading for column in shown))
    for column, drawn in zip(shown, table.columns[1:], strict=True):
        drawn.justify = "right" if column.is_number else "left"
        drawn.no_wrap = True
    for rank, choice in enumerate(choices):
        cells = [figure(choice.metrics.get(column.metric)) for column in shown]
        table.add_row(figures.named(choice), *cells, style="bold" if rank == 0 else "")
    return table


def _near_miss(miss: NearMiss) -> Iterator[RenderableType]:
    yield _labelled([("nearest", miss.candidate)])
    for bound in miss.bounds:
        yield Padding(Text(missed(bound)), INDENT)


def _funnel(sieves: Sequence[Sieve]) -> Table:
    headings, rows = figures.funnel(sieves)
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

"""Text for a terminal: for each model the choice, why, what came next and what removed the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sizer.render.kit.console import NARROWEST, measured_width, printed
from sizer.render.kit.figures import HEADLINE, interval, measured
from sizer.render.kit.look import Look
from sizer.render.kit.phrases import misses
from sizer.render.report import funnel, words
from sizer.render.report.assumptions import assumption_text
from sizer.render.report.ranking import RANKED, ranking
from sizer.render.report.reasons import why
from sizer.render.report.words import legend
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


def render(report: Report, look: Look) -> str:
    """Return the report as wide as the look; plain characters unless it has colour."""
    return printed(_parts(report, max(look.width, NARROWEST) - INDENT[3]), look)


def _parts(report: Report, width: int) -> Iterator[RenderableType]:
    yield from _at_models(report.per_model, report.sort, width)
    for answer in report.answers:
        yield Text(answer.model, style="bold underline")
        for part in _answer(answer, report.sort, width):
            yield Padding(part, INDENT)
        yield ""
    yield from _notes("assumptions", list(map(assumption_text, report.assumptions)))
    yield from _notes("prices for one accelerator", list(map(words.gpu_price, report.prices)))
    yield from _notes("rules from", [words.source(each) for each in report.rule_sources])
    waivers = [words.waiver(each) for each in report.waivers]
    yield from _notes(f"waivers, as of {report.today}", waivers)
    about = [("estimate", report.estimator), ("in brackets", legend(report))]
    yield _labelled([("sorted by", report.sort), *about])


def _answer(answer: Answer, sort: str, width: int) -> Iterator[RenderableType]:
    if answer.chosen is None:
        nobody = "no candidate can be ranked" if answer.survivors else "no candidate survives"
        yield Text(nobody, style="bold red")
        yield _labelled([("why", why(answer))])
        yield from _near_miss(answer.near_miss)
        yield ""
        yield from _at_loads(answer.per_load, sort, width)
    else:
        yield from _choice(answer.chosen, why(answer), width)
        yield from _candidates((answer.chosen, *answer.others), sort, width)
        yield from _at_loads(answer.per_load, sort, width)
    if answer.funnel:
        yield _funnel(answer.funnel)
    yield _labelled(
        [*funnel.behind(answer.funnel), ("not proposed", words.unproposed(answer.unproposed))]
    )


def _choice(choice: Choice, reasoning: str, width: int) -> Iterator[RenderableType]:
    yield Text(choice.candidate, style="bold green")
    yield _labelled([("why", reasoning)])
    for finding in choice.findings:
        yield _finding(finding)
    yield from ("", _headline(choice, width), "")


def _finding(finding: Finding) -> Text:
    level, message = words.finding(finding)
    said = Text(f"{level}[{finding.rule}]", style=LEVEL_STYLES.get(level, ""))
    return said.append(f": {message}", style="default")


def _headline(choice: Choice, width: int) -> Table:
    """Return the figures in two columns, or in one where two are too wide."""
    half = len(HEADLINE) // 2
    pairs = list(zip(HEADLINE[:half], HEADLINE[half:], strict=True))
    wide = _figures(pairs, choice)
    fits = measured_width(wide) <= width
    return wide if fits else _figures([(name,) for name in HEADLINE], choice)


def _figures(rows: Iterable[tuple[str, ...]], choice: Choice) -> Table:
    grid = Table.grid(padding=(0, 2))
    for names in rows:
        cells = [(Text(name, style="dim", no_wrap=True), _measured(name, choice)) for name in names]
        grid.add_row(*(cell for pair in cells for cell in pair))
    return grid


def _measured(name: str, choice: Choice) -> Text:
    found = Text(measured(name, choice.metrics))
    between = interval(name, choice.metrics)
    return found.append(f" ({between})", style="dim") if between else found


def _candidates(
    choices: Sequence[Choice], sort: str, width: int, heading: str = RANKED
) -> Iterator[RenderableType]:
    table, shared = ranking(choices, sort, width, heading)
    yield from (table, "")
    common = words.common_load(choices)
    if shared or common:
        yield from (_labelled([("all with", shared), ("figures at", common or "")]), "")


def _at_loads(loads: Sequence[AtLoad], sort: str, width: int) -> Iterator[RenderableType]:
    if words.too_many(loads):
        yield from (_labelled([("best at each of", words.too_many(loads))]), "")
        return
    found = [each.best for each in loads if each.best is not None]
    if loads:
        yield from _candidates(found, sort, width, "best at each load")
    none = ", ".join(each.load for each in loads if each.best is None)
    if none:
        yield from (_labelled([("none at", none)]), "")


def _at_models(models: Sequence[AtModel], sort: str, width: int) -> Iterator[RenderableType]:
    found = [each.best for each in models if each.best is not None]
    if found:
        yield from _candidates(found, sort, width, "best of each model")
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

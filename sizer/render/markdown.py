"""Markdown for pull requests and pages: the content of the text format, as tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sizer.render import figures
from sizer.render.assumptions import assumption_text
from sizer.render.figures import HEADLINE, columns, figure, interval, legend, measured, misses
from sizer.render.look import Look
from sizer.render.reasons import why
from sizer.schema.answered.report import Answer, AtLoad, Choice, Finding, Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#@&])")


def render(report: Report, _: Look) -> str:
    """Return the report; texts from the profile are escaped, so that none becomes markup."""
    lines = [line for answer in report.answers for line in _answer(answer, report.sort)]
    lines += _bullets("Assumptions", map(assumption_text, report.assumptions))
    lines += _bullets("Prices for one accelerator", map(figures.gpu_price, report.prices))
    lines += _bullets("Rules from", [figures.source(each) for each in report.rule_sources])
    waivers = [figures.waiver(each) for each in report.waivers]
    lines += _bullets(f"Waivers, as of {report.today}", waivers)
    between = legend(report)
    footing = [
        f"Sorted by {escaped(report.sort)}.",
        _estimate(report.estimator),
        f"Intervals: {between}." if between else "",
    ]
    return "\n".join((*lines, " ".join(filter(None, footing)))) + "\n"


def escaped(text: str) -> str:
    """Return a text in which Markdown and HTML find nothing to do."""
    return _SPECIAL.sub(r"\\\1", text)


def _answer(answer: Answer, sort: str) -> Iterator[str]:
    yield from (f"## {escaped(answer.model)}", "")
    if answer.chosen is None:
        nobody = "No candidate can be ranked" if answer.survivors else "No candidate survives"
        yield from (f"**{nobody}.**", "")
    else:
        yield from (f"**{escaped(answer.chosen.candidate)}**", "")
    yield from (escaped(why(answer)), "")
    if answer.chosen is not None:
        yield from _choice(answer.chosen)
        yield from _candidates((answer.chosen, *answer.others), sort)
    yield from _at_loads(answer.per_load, sort)
    if answer.near_miss is not None:
        title = f"Nearest: {answer.near_miss.candidate}"
        yield from _bullets(title, misses(answer.near_miss))
    if answer.funnel:
        yield from _table(*figures.funnel(answer.funnel, escaped))
    if answer.unproposed:
        yield from (f"Not proposed: {escaped(figures.unproposed(answer.unproposed))}.", "")


def _choice(choice: Choice) -> Iterator[str]:
    rows = [
        tuple(map(escaped, (name, measured(name, choice.metrics), interval(name, choice.metrics))))
        for name in HEADLINE
    ]
    between = figures.has_interval(choice)
    headings = ("metric", "value", "interval") if between else ("metric", "value")
    yield from _table(headings, [row[: len(headings)] for row in rows])
    if choice.findings:
        yield from _bullets("Findings", [_finding(finding) for finding in choice.findings])


def _finding(finding: Finding) -> str:
    level, message = figures.finding(finding)
    return f"{level} {finding.rule}: {message}"


def _at_loads(loads: Sequence[AtLoad], sort: str) -> Iterator[str]:
    if figures.too_many(loads):
        yield from (f"Best at each of {figures.too_many(loads)}.", "")
        return
    if loads:
        found = [each.best for each in loads if each.best is not None]
        yield from _candidates(found, sort, "best at each load")
    none = ", ".join(each.load for each in loads if each.best is None)
    if none:
        yield from (f"None at {escaped(none)}.", "")


def _candidates(choices: Iterable[Choice], sort: str, heading: str = "candidate") -> Iterator[str]:
    shown = columns(sort)
    headings = (heading, *(column.heading for column in shown))
    rows = [
        (
            escaped(figures.named(choice)),
            *(escaped(figure(choice.metrics.get(column.metric))) for column in shown),
        )
        for choice in choices
    ]
    yield from _table(headings, rows)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "|---" + "|---:" * (len(headings) - 1) + "|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _bullets(title: str, lines: Iterable[str]) -> list[str]:
    items = [f"- {escaped(line)}" for line in lines]
    return [f"{escaped(title)}:", "", *items, ""] if items else []


def _estimate(estimator: str) -> str:
    return f"Estimate: {escaped(estimator)}." if estimator else ""

"""Markdown for pull requests and pages: the content of the text format, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sizer.render.kit.figures import figure, headline, interval, measured
from sizer.render.kit.look import Look
from sizer.render.kit.markdown_text import escaped, table
from sizer.render.kit.phrases import misses
from sizer.render.report import funnel, prices, words
from sizer.render.report.assumptions import assumption_text
from sizer.render.report.day import day_lines
from sizer.render.report.reasons import why
from sizer.render.report.words import Column, columns, legend
from sizer.schema.answered.report import Answer, AtLoad, AtModel, Choice, Finding, Report

Columns = Sequence[Column]


def render(report: Report, _: Look) -> str:
    """Return the report; texts from the profile are escaped, so that none becomes markup."""
    shown = columns(report)
    lines = list(_at_models(report.per_model, shown))
    lines += [line for answer in report.answers for line in _answer(answer, shown)]
    lines += _bullets("Assumptions", map(assumption_text, report.assumptions))
    lines += _bullets("Own metrics", map(words.own_metric, report.own_metrics))
    lines += _bullets("Prices for one accelerator", map(prices.gpu_price, report.prices))
    lines += _bullets("Rules from", [words.source(each) for each in report.rule_sources])
    waivers = [words.waiver(each) for each in report.waivers]
    lines += _bullets(f"Waivers, as of {report.today}", waivers)
    between = legend(report)
    footing = [
        f"Sorted by {escaped(report.sort)}.",
        _estimate(report.estimator),
        f"Intervals: {between}." if between else "",
    ]
    return "\n".join((*lines, " ".join(filter(None, footing)))) + "\n"


def _answer(answer: Answer, shown: Columns) -> Iterator[str]:
    yield from (f"## {escaped(answer.model)}", "")
    if answer.chosen is None:
        nobody = "No candidate can be ranked" if answer.survivors else "No candidate survives"
        yield from (f"**{nobody}.**", "")
    else:
        yield from (f"**{escaped(answer.chosen.candidate)}**", "")
    yield from (escaped(why(answer)), "")
    if answer.chosen is not None:
        yield from _choice(answer.chosen, shown)
        yield from _candidates((answer.chosen, *answer.others), shown)
    yield from _at_loads(answer.per_load, shown)
    if answer.near_miss is not None:
        title = f"Nearest: {answer.near_miss.candidate}"
        yield from _bullets(title, misses(answer.near_miss))
    if answer.funnel:
        yield from (*table(*funnel.funnel(answer.funnel, escaped)), "")
        lines = [f"{label}: {said}" for label, said in funnel.behind(answer.funnel)]
        yield from _bullets("Of these", lines)
    if answer.unproposed:
        yield from (f"Not proposed: {escaped(words.unproposed(answer.unproposed))}.", "")


def _choice(choice: Choice, shown: Columns) -> Iterator[str]:
    own, metrics = {column.metric: column.unit for column in shown if column.unit}, choice.metrics
    rows = [
        tuple(map(escaped, (name, measured(name, metrics, own), interval(name, metrics))))
        for name in (*headline(metrics), *own)
    ]
    between = words.has_interval(choice)
    headings = ("metric", "value", "interval") if between else ("metric", "value")
    yield from (*table(headings, [row[: len(headings)] for row in rows]), "")
    stops = words.stopped_by(choice)
    if stops:
        yield from (f"Stopped by {escaped(stops)}.", "")
    near = words.near_saturation(choice)
    if near:
        yield from (f"Near saturation: {escaped(near)}.", "")
    again = words.found_again(choice)
    if again:
        yield from (f"Prompt cache: {escaped(again)}.", "")
    buys = prices.buys(choice)
    if buys:
        yield from (f"Buys {escaped(buys)}.", "")
    yield from _bullets("By the hour", [f"{label}: {said}" for label, said in day_lines(choice)])
    if choice.findings:
        yield from _bullets("Findings", [_finding(finding) for finding in choice.findings])


def _finding(finding: Finding) -> str:
    level, message = words.finding(finding)
    return f"{level} {finding.rule}: {message}"


def _at_loads(loads: Sequence[AtLoad], shown: Columns) -> Iterator[str]:
    if words.too_many(loads):
        yield from (f"Best at each of {words.too_many(loads)}.", "")
        return
    if loads:
        found = [each.best for each in loads if each.best is not None]
        yield from _candidates(found, shown, "best at each load")
    none = ", ".join(each.load for each in loads if each.best is None)
    if none:
        yield from (f"None at {escaped(none)}.", "")


def _at_models(models: Sequence[AtModel], shown: Columns) -> Iterator[str]:
    found = [each.best for each in models if each.best is not None]
    if found:
        yield from _candidates(found, shown, "best of each model")
        none = ", ".join(each.model for each in models if each.best is None)
        if none:
            yield from (f"None of {escaped(none)}.", "")


def _candidates(
    choices: Iterable[Choice], shown: Columns, heading: str = "candidate"
) -> Iterator[str]:
    headings = (heading, *(column.heading for column in shown))
    rows = [
        (
            escaped(words.named(choice)),
            *(escaped(figure(choice.metrics.get(column.metric))) for column in shown),
        )
        for choice in choices
    ]
    yield from (*table(headings, rows), "")


def _bullets(title: str, lines: Iterable[str]) -> list[str]:
    items = [f"- {escaped(line)}" for line in lines]
    return [f"{escaped(title)}:", "", *items, ""] if items else []


def _estimate(estimator: str) -> str:
    return f"Estimate: {escaped(estimator)}." if estimator else ""

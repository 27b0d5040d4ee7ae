"""CSV: one row for each listed candidate, all metrics; an empty cell is unknown.

The last column names the rules that are waived for the candidate.
"""

from __future__ import annotations

from collections.abc import Iterator

from sizer.render.kit.csv_text import table
from sizer.render.kit.look import Look
from sizer.render.kit.numbers import METRIC_COLUMNS, ordered
from sizer.schema.answered.report import Answer, Choice, Report, Value

COLUMNS = ("rank", "candidate", *METRIC_COLUMNS, "waived")


def render(report: Report, _: Look) -> str:
    """Return the rows of all models, best first within each; rank 1 is the chosen one."""
    return table(COLUMNS, (row for answer in report.answers for row in _rows(answer)))


def _rows(answer: Answer) -> Iterator[list[Value]]:
    chosen = () if answer.chosen is None else (answer.chosen,)
    for rank, choice in enumerate((*chosen, *answer.others), start=1):
        yield _row(rank, choice)


def _row(rank: int, choice: Choice) -> list[Value]:
    metrics = ordered(choice.metrics)
    waived = " ".join(finding.rule for finding in choice.findings if finding.waiver)
    return [rank, choice.candidate, *(metrics.get(name) for name in METRIC_COLUMNS), waived]

"""CSV: one row for each listed candidate, all metrics; an empty cell is unknown.

A profile's own metrics stand behind the others. The last column names the rules that are waived
for the candidate.
"""

from __future__ import annotations

from sizer.render.kit.csv_text import table
from sizer.render.kit.look import Look
from sizer.render.kit.numbers import METRIC_COLUMNS, ordered
from sizer.schema.answered.report import Answer, Choice, Report, Value

COLUMNS = ("rank", "candidate", *METRIC_COLUMNS)


def render(report: Report, _: Look) -> str:
    """Return the rows of all models, best first within each; rank 1 is the chosen one."""
    listed = [_listed(answer) for answer in report.answers]
    own = tuple(each.name for each in report.own_metrics)
    rows = (_row(rank, each, own) for choices in listed for rank, each in enumerate(choices, 1))
    return table((*COLUMNS, *own, "waived"), rows)


def _listed(answer: Answer) -> tuple[Choice, ...]:
    return answer.others if answer.chosen is None else (answer.chosen, *answer.others)


def _row(rank: int, choice: Choice, own: tuple[str, ...]) -> list[Value]:
    metrics = ordered(choice.metrics)
    waived = " ".join(finding.rule for finding in choice.findings if finding.waiver)
    return [
        rank,
        choice.candidate,
        *(metrics.get(name) for name in (*METRIC_COLUMNS, *own)),
        waived,
    ]

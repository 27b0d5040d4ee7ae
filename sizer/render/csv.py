"""CSV: one row for each listed candidate, all metrics; an empty cell is unknown.

The last column names the rules that are waived for the candidate.
"""

from __future__ import annotations

import csv
from io import StringIO

from sizer.render.document import ordered
from sizer.render.look import Look
from sizer.schema.answered.report import Choice, Report, Value
from sizer.schema.metrics import METRICS

METRIC_COLUMNS = tuple(metric.name for metric in METRICS)
COLUMNS = ("rank", "candidate", *METRIC_COLUMNS, "waived")


def render(report: Report, _: Look) -> str:
    """Return the rows of all models, best first within each; rank 1 is the chosen one."""
    out = StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for answer in report.answers:
        chosen = () if answer.chosen is None else (answer.chosen,)
        for rank, choice in enumerate((*chosen, *answer.others), start=1):
            rows.writerow(_row(rank, choice))
    return out.getvalue()


def _row(rank: int, choice: Choice) -> list[str]:
    metrics = ordered(choice.metrics)
    cells = [cell(metrics.get(name)) for name in METRIC_COLUMNS]
    waived = " ".join(finding.rule for finding in choice.findings if finding.waiver)
    return [str(rank), cell(choice.candidate), *cells, cell(waived)]


def cell(value: Value) -> str:
    """Return a value as text; one that a spreadsheet would run as a formula gets a quote."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        return "'" + value
    return str(value)

"""`sizer explain`: what a metric means, or what a diagnostic wants."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from textwrap import indent

from sizer.cli.arguments import USAGE
from sizer.cli.command import Command
from sizer.cli.exit import Exit
from sizer.cli.streams import answer
from sizer.diagnostic import problem
from sizer.schema.metrics import METRICS, Metric, registry

_CODE = re.compile(r"sz\d+", re.IGNORECASE)


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("subject", metavar="METRIC|CODE", help="like itl_ms, or SZ202")


def handle(arguments: Namespace) -> Exit:
    """Print the page of a code or of a metric."""
    subject: str = arguments.subject
    answer(_code(subject) if _CODE.fullmatch(subject) else _metric(subject))
    return Exit.WELL


def _code(code: str) -> str:
    from sizer.catalog.codes import codes, page  # noqa: PLC0415  # heavy

    found = page(code)
    if found is None:
        raise problem(USAGE, f"unknown code {code!r}", hint=f"codes are {', '.join(codes())}")
    bad, good = indent(found.bad.strip("\n"), "    "), indent(found.good.strip("\n"), "    ")
    return f"{found.code}: {found.title}\n\n{found.why}\n\nbad:\n{bad}\n\ngood:\n{good}\n"


def _metric(name: str) -> str:
    metric = registry().get(name)
    if metric is None:
        from sizer.structure.nearest import did_you_mean  # noqa: PLC0415  # only a fault needs it

        hint = did_you_mean(name, registry()) or f"metrics are {_names(METRICS)}"
        raise problem(USAGE, f"unknown metric {name!r}", hint=hint)
    facts = {
        "type": metric.kind,
        "unit": str(metric.unit) if metric.kind == "number" else "",
        "values": ", ".join(metric.members),
        "better": metric.better if metric.better != "none" else "",
        "alias": ", ".join(metric.aliases),
        "reads": ", ".join(_reads(metric)),
        "reference": metric.reference,
    }
    lines = [f"  {label:<10}{told}" for label, told in facts.items() if told]
    return "\n".join((f"{metric.name}: {metric.doc}", *lines)) + "\n"


def _reads(metric: Metric) -> Iterable[str]:
    from sizer.estimate.analytic import TERMS  # noqa: PLC0415  # heavy
    from sizer.estimate.graph import reads  # noqa: PLC0415  # heavy

    term = TERMS.get(metric.name)
    return () if term is None else reads(term)


def _names(metrics: Iterable[Metric]) -> str:
    return ", ".join(metric.name for metric in metrics)


COMMAND = Command("explain", "say what a metric means, or what a diagnostic wants", declare, handle)

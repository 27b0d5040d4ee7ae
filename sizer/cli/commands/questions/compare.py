"""`sizer compare`: the candidates of a profile by several estimators."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

from sizer.cli.options import terms, workers
from sizer.cli.options.arguments import USAGE, amount, count, declare_form
from sizer.cli.options.estimators import APART, ESTIMATORS
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver
from sizer.cli.streams.progress import Progress
from sizer.cli.streams.streams import say, tell
from sizer.diagnostic import problem
from sizer.render.forms import COMPARISON
from sizer.structure.nearest import did_you_mean

SHARE = 0.25
LISTED = 5

if TYPE_CHECKING:  # the parser alone loads no questions
    from collections.abc import Collection, Mapping

    from sizer.expr.language import Expression


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("profile", metavar="PROFILE", help="a TOML file; `-` is standard input")
    help_ = f"two or more, the first is what others are held against ({','.join(ESTIMATORS)})"
    parser.add_argument("--estimators", metavar="A,B", type=_estimators, default=APART, help=help_)
    help_ = f"how far apart figures may be, the largest over the smallest (default: {SHARE})"
    parser.add_argument("--share", metavar="SHARE", type=amount, default=SHARE, help=help_)
    help_ = "what to compare, own metrics too (default: times, throughput, memory)"
    parser.add_argument("--metrics", metavar="A,B", type=_words, help=help_)
    declare_form(parser, COMPARISON)
    parser.add_argument("--output", metavar="FILE", help="where to write (default: stdout)")
    listed = parser.add_mutually_exclusive_group()
    listed.add_argument("--top", metavar="N", type=count, default=LISTED, help=_listed())
    listed.add_argument("--all", action="store_true", help="list every candidate")
    terms.declare(parser)
    workers.declare(parser)
    help_ = "end with 1 when a figure or a choice differs"
    parser.add_argument("--exit-code", action="store_true", help=help_)


def handle(arguments: Namespace) -> Exit:
    """Print both sides; without a figure that all of them know, the exit code is 1."""
    from sizer.cli.options.question import question

    asked = question(arguments.profile)
    tell(asked.notes)
    asked = terms.on_terms(asked, arguments)
    metrics = _metrics(arguments.metrics, asked.policy.metrics)
    from sizer.cli.options.facts import asking_hub
    from sizer.pipeline.comparisons import METRICS, compare
    from sizer.workers import ALONE

    with Progress() as progress:
        found = compare(
            asked,
            arguments.estimators,
            arguments.share,
            metrics or METRICS,
            None if arguments.all else arguments.top,
            progress=progress,
            facts=asking_hub(),
            workers=workers.workers_of(arguments) or ALONE,
        )
    deliver(COMPARISON.render(found, arguments.format), arguments.output)
    if not found.common:
        say("there is no figure of any candidate that all of them know")
        return Exit.NOTHING_SURVIVES
    return Exit.NOTHING_SURVIVES if arguments.exit_code and found.disagrees else Exit.WELL


def _listed() -> str:
    return f"candidates to list for each model (default: {LISTED})"


def _estimators(text: str) -> tuple[str, ...]:
    names = _words(text)
    for name in names:
        if name not in ESTIMATORS:
            raise ArgumentTypeError(f"unknown estimator {name!r}; {_hint(name, ESTIMATORS)}")
    if len(names) < 2:
        raise ArgumentTypeError(f"{text!r} are not two estimators")
    return names


def _metrics(names: tuple[str, ...] | None, own: Mapping[str, Expression]) -> tuple[str, ...]:
    """Return metrics by their canonical names. Raises Problem (SZ006) for what is no number."""
    from sizer.schema.metrics import registry

    known = registry()
    for name in names or ():
        if name not in own and (name not in known or known[name].kind != "number"):
            said = f"{name!r} is no numeric metric"
            raise problem(USAGE, said, hint=_hint(name, (*known, *own)))
    named = (name if name in own else known[name].name for name in names or ())
    return tuple(dict.fromkeys(named))


def _hint(word: str, known: Collection[str]) -> str:
    return did_you_mean(word, known) or "`sizer explain` knows them"


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


COMMAND = Command("compare", "hold estimators against each other", declare, handle)

"""`sizer compare`: the candidates of a profile by several estimators."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from sizer.cli.options.arguments import amount, count, declare_form
from sizer.cli.options.estimators import ESTIMATORS
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver
from sizer.cli.streams.progress import Progress
from sizer.cli.streams.streams import say, tell
from sizer.render.forms import COMPARISON
from sizer.structure.nearest import did_you_mean

SHARE = 0.25
LISTED = 5


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("profile", metavar="PROFILE", help="a TOML file; `-` is standard input")
    help_ = f"two or more, the first is what others are held against ({','.join(ESTIMATORS)})"
    parser.add_argument(
        "--estimators", metavar="A,B", type=_estimators, default=ESTIMATORS, help=help_
    )
    help_ = f"how far apart figures may be, the largest over the smallest (default: {SHARE})"
    parser.add_argument("--share", metavar="SHARE", type=amount, default=SHARE, help=help_)
    help_ = "what to compare (default: times, throughput, memory)"
    parser.add_argument("--metrics", metavar="A,B", type=_metrics, help=help_)
    declare_form(parser, COMPARISON)
    parser.add_argument("--output", metavar="FILE", help="where to write (default: stdout)")
    listed = parser.add_mutually_exclusive_group()
    listed.add_argument("--top", metavar="N", type=count, default=LISTED, help=_listed())
    listed.add_argument("--all", action="store_true", help="list every candidate")
    help_ = "end with 1 when a figure or a choice differs"
    parser.add_argument("--exit-code", action="store_true", help=help_)


def handle(arguments: Namespace) -> Exit:
    """Print both sides; without a figure that all of them know, the exit code is 1."""
    from sizer.cli.options.question import question

    asked = question(arguments.profile)
    tell(asked.notes)
    from sizer.cli.options.facts import asking_hub
    from sizer.pipeline.comparisons import METRICS, compare

    with Progress() as progress:
        found = compare(
            asked,
            arguments.estimators,
            arguments.share,
            arguments.metrics or METRICS,
            None if arguments.all else arguments.top,
            progress=progress,
            facts=asking_hub(),
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


def _metrics(text: str) -> tuple[str, ...]:
    from sizer.schema.metrics import registry

    names = _words(text)
    for name in names:
        if name not in registry() or registry()[name].kind != "number":
            raise ArgumentTypeError(f"{name!r} is no numeric metric; {_hint(name, registry())}")
    return tuple(dict.fromkeys(registry()[name].name for name in names))


def _hint(word: str, known: object) -> str:
    return did_you_mean(word, known) or "`sizer explain` knows them"  # type: ignore[arg-type]


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


COMMAND = Command("compare", "hold estimators against each other", declare, handle)

"""`sizer run`: the answer to a profile."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from sizer.cli.options import choice, price_age, terms, waiver_day, workers
from sizer.cli.options.arguments import USAGE, count
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import STANDARD, deliver_pieces, look_of
from sizer.cli.streams.progress import Progress
from sizer.cli.streams.streams import say, tell
from sizer.diagnostic import problem
from sizer.render.forms import GATES, REPORT

if TYPE_CHECKING:  # the parser alone loads no reports
    from sizer.diagnostic import Diagnostic
    from sizer.load import Question
    from sizer.schema.answered.report import Report

    Answered = tuple[Report, tuple[Diagnostic, ...]]

COMPATIBLE = ("reference",)
DATELESS = ("csv", "reference", "github", "gitlab")  # without a place for the day of waivers
OWN = (*(name for name in REPORT.forms if name not in COMPATIBLE), *GATES)


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("profile", metavar="PROFILE", help="a TOML file; `-` is standard input")
    parser.add_argument("--format", choices=OWN, help="of the answer (default: text)")
    parser.add_argument("--compat", choices=COMPATIBLE, help="whose JSON to write instead of ours")
    parser.add_argument("--output", metavar="FILE", help="where to write (default: stdout)")
    choice.declare(parser)
    waiver_day.declare(parser)
    help_ = "answer by the facts of sizer.lock, without a network, or say what drifted"
    parser.add_argument("--locked", action="store_true", help=help_)
    terms.declare(parser)
    price_age.declare(parser)
    listed = parser.add_mutually_exclusive_group()
    listed.add_argument("--top", metavar="N", type=count, help="candidates to list for each model")
    listed.add_argument("--all", action="store_true", help="list every candidate that survives")
    workers.declare(parser)


def handle(arguments: Namespace) -> Exit:
    """Load first, so that a bad profile is refused before anything heavy is imported."""
    form = _format(arguments)
    report, notes = _locked(arguments) if arguments.locked else _answered(arguments)
    tell(notes)
    if form in DATELESS and report.today:
        say(f"waivers as of {report.today}")
    deliver_pieces(_written(report, form, arguments.output, notes), arguments.output)
    return Exit.WELL if report.answered else Exit.NOTHING_SURVIVES


def _written(
    report: Report, form: str, output: str | None, notes: tuple[Diagnostic, ...]
) -> Iterable[str]:
    if form not in GATES:
        return REPORT.pieces(report, form, look_of(output))
    from sizer.render.report import gate

    return [gate(report, form, notes)]


def _answered(arguments: Namespace) -> Answered:
    from sizer.cli.options.question import question

    waivers = waiver_day.waiving_of(arguments)
    asked = question(arguments.profile, choice.selection_of(arguments), waivers)
    tell(asked.notes)
    _refuse_one_of_all(asked, arguments)
    asked = terms.on_terms(asked, arguments)
    asked = evolve(asked, prices=evolve(asked.prices, since=price_age.oldest(arguments)))
    if arguments.top is not None:
        asked = evolve(asked, policy=evolve(asked.policy, limit=arguments.top))
    from sizer.cli.options.facts import asking_hub
    from sizer.pipeline import size
    from sizer.pipeline.ranking import ranking_notes
    from sizer.pipeline.waivers import waiver_notes

    with Progress() as progress:
        report = size(
            asked,
            everything=arguments.all,
            progress=progress,
            facts=asking_hub(),
            workers=workers.workers_of(arguments),
        )
    return report, (*waiver_notes(asked, report), *ranking_notes(asked, report))


def _locked(arguments: Namespace) -> Answered:
    if arguments.profile == STANDARD or arguments.select or arguments.ignore:
        hint = "a lock holds the answer of a file by all its rules"
        raise problem(USAGE, "--locked goes with no `-`, --select or --ignore", hint=hint)
    if arguments.no_waivers:
        raise problem(USAGE, "--locked goes with no --no-waivers", hint="run without --locked")
    if terms.given(arguments):
        hint = "a lock holds the prices on the profile's own terms"
        raise problem(USAGE, "--locked goes with no --provider, --region or --term", hint=hint)
    from sizer.lock.locked_run import held, refuse_stale, run_locked

    asked = held(Path(arguments.profile), waiver_day.waiving_of(arguments))
    refuse_stale(asked, price_age.oldest(arguments))
    tell(asked.question.notes)
    _refuse_one_of_all(asked.question, arguments)
    from sizer.pipeline.ranking import ranking_notes
    from sizer.pipeline.waivers import waiver_notes

    with Progress() as progress:
        report = run_locked(
            asked,
            limit=arguments.top,
            everything=arguments.all,
            progress=progress,
            workers=workers.workers_of(arguments),
        )
    asked_of = asked.question
    return report, (*waiver_notes(asked_of, report), *ranking_notes(asked_of, report))


def _refuse_one_of_all(asked: Question, arguments: Namespace) -> None:
    """Raise Problem where the reference system's JSON, an answer for each model, has no place."""
    if arguments.compat and asked.profile.select.across == "models":
        said = f'--compat {arguments.compat} has an answer for each model, `across = "models"` one'
        raise problem(USAGE, said, hint="write `--format json`, or leave out `select.across`")


def _format(arguments: Namespace) -> str:
    compat: str | None = arguments.compat
    form: str | None = arguments.format
    if compat is not None and form not in {None, "json"}:
        hint = f"--compat {compat} writes JSON"
        raise problem(USAGE, f"--compat does not go with --format {form}", hint=hint)
    return compat or form or "text"


COMMAND = Command("run", "answer a profile", declare, handle)

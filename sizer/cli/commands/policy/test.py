"""`sizer test`: rules tried on candidates whose end is known."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import deliver, write_whole
from sizer.cli.streams.streams import UNWRITABLE, answer, look, say, tell
from sizer.diagnostic import Diagnostic, Place, Problem, in_order, problem

if TYPE_CHECKING:  # the parser alone loads no rules
    from sizer.load.cases import Cases
    from sizer.schema.answered.trial import Tested

WHOLE = 100


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "files of tests, rule files that have one, or folders (default: this one)"
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help=help_)
    help_ = "leave out files of folders that match, or whose folder does"
    parser.add_argument("--exclude", metavar="GLOB", action="append", default=[], help=help_)
    help_ = "fail below this share of rules and conditions seen either way"
    parser.add_argument("--min-coverage", metavar="PERCENT", type=percent, default=0, help=help_)
    help_ = "write what came into the files of tests, in place of what was expected"
    parser.add_argument("--update", action="store_true", help=help_)
    parser.add_argument("--junit", metavar="FILE", help="write the result as JUnit XML too")


def handle(arguments: Namespace) -> Exit:
    """Print every case that does not hold, what no case shows, and the counts."""
    loaded = _loaded(arguments)
    from sizer.render.forms import TRIALS
    from sizer.trials import trials_of

    found = trials_of(loaded)
    if arguments.update and not found.holds:
        _update(loaded, found)
        found = trials_of(_loaded(arguments))
    found = evolve(found, least=arguments.min_coverage)
    if arguments.junit is not None:
        deliver(TRIALS.render(found, "junit"), arguments.junit)
    answer(TRIALS.render(found, "text", look()))
    return Exit.WELL if found.enough and found.holds else Exit.NOTHING_SURVIVES


def _update(files: Sequence[Cases], tested: Tested) -> None:
    """Rewrite every file of tests in which a case differs.

    Raises Problem (SZ005) for one that cannot be.
    """
    from sizer.render.kit import plain
    from sizer.structure.files.text_file import read_bytes, written_like
    from sizer.structure.shape.expectations import rewritten

    documents = {cases.document.file: cases.document for cases in files}
    for suite in tested.suites:
        wanted = {each.index: each.found for each in suite.trials if each.can_be_updated}
        if not wanted:
            continue
        try:
            text = rewritten(documents[suite.file], wanted)
        except Problem:
            raise
        except ValueError as error:
            hint = "write each key of `expect` on a line of its own"
            raise problem(UNWRITABLE, str(error), Place(suite.file), hint) from None
        path = Path(suite.file)
        write_whole(path, [written_like(text, read_bytes(path))])
        names = ", ".join(each.name for each in suite.trials if each.can_be_updated)
        say(f"{plain(suite.file)}: {names}")


def percent(text: str) -> float:
    """Return a number from 0 to 100.

    Raises argparse.ArgumentTypeError for anything else.
    """
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= WHOLE:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 100")
    return number


def _loaded(arguments: Namespace) -> list[Cases]:
    """Return all tests. Raises Problem with what is wrong with any of them."""
    paths, exclude = arguments.paths or [Path()], tuple(arguments.exclude)
    from sizer.load.cases import load_cases, suites, untested

    found: list[Cases] = []
    faults: list[Diagnostic] = []
    for path in suites(paths, exclude):
        try:
            found.append(load_cases(path))
        except Problem as problem:
            faults.extend(problem.diagnostics)
    if faults:
        raise Problem(tuple(in_order(faults)))
    tell(note for cases in found for note in cases.notes)
    return [*found, *untested(paths, found, exclude)]


COMMAND = Command("test", "try rules on cases, and say what no case shows", declare, handle)

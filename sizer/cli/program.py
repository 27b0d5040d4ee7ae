"""One run: parse, hand over, and turn whatever happens into words and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from sizer.cli.options.arguments import USAGE, parser_of
from sizer.cli.streams.commands import NAMES, command, commands
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.streams import answer, say, silence, tell
from sizer.diagnostic import Diagnostic, Problem, problem

DEBUG = "SIZER_DEBUG"
SHELL_ASKS = "_ARGCOMPLETE"
FAULT = "SZ900"


def run(argv: Sequence[str] | None) -> int:
    """Return the exit code of a command line; only KeyboardInterrupt leaves."""
    try:
        return _done(argv)
    except Problem as problem:
        tell(problem.diagnostics)
        return Exit.BAD_QUESTION
    except BrokenPipeError:
        silence(sys.stdout)
        return Exit.READER_GONE
    except Exception as fault:  # the roof: whoever asked must not see a traceback
        if isinstance(fault.__cause__, KeyboardInterrupt):  # as a class in the making wraps it
            raise KeyboardInterrupt from fault
        return _own_fault(fault)


def _done(argv: Sequence[str] | None) -> int:
    if SHELL_ASKS in os.environ:
        from sizer.cli.options.completers import complete  # noqa: PLC0415  # only a shell asks

        complete(parser_of(commands()))
    given = sys.argv[1:] if argv is None else argv
    if not given:
        say(parser_of(commands()).format_help().rstrip())
        return Exit.BAD_QUESTION
    _refuse_unknown(given[0])
    asked = (command(given[0]),) if given and given[0] in NAMES else commands()
    try:
        arguments = parser_of(asked).parse_args(given)
    except SystemExit as stop:  # --help and --version have answered
        answer("")
        return int(stop.code or 0)
    code: Exit = arguments.handle(arguments)
    return code


def _refuse_unknown(word: str) -> None:
    """Raise Problem (SZ006) for what is no command; options are the parser's."""
    if word in NAMES or word.startswith("-"):
        return
    from sizer.structure.nearest import did_you_mean  # noqa: PLC0415  # only a fault needs it

    hint = did_you_mean(word, NAMES) or "`sizer --help` lists the commands"
    raise problem(USAGE, f"no command is called {word!r}", hint=hint)


def _own_fault(fault: Exception) -> Exit:
    if os.environ.get(DEBUG):
        import traceback  # noqa: PLC0415  # only for who debugs

        traceback.print_exception(fault)
    said = f"sizer itself failed: {type(fault).__name__}: {fault}"
    help_ = f"please report it with the traceback, which {DEBUG}=1 shows"
    tell([Diagnostic(FAULT, said, help=help_)])
    return Exit.OWN_FAULT

"""The command line: arguments, streams and exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; see cli/exit.py.

    Nothing is imported before the guard, so that Ctrl-C is quiet from the first moment.
    """
    try:
        from sizer.cli.program import run  # noqa: PLC0415  # see above

        return int(run(argv))
    except KeyboardInterrupt:
        if sys.stderr is not None:
            sys.stderr.write("\nsizer: interrupted\n")
        return INTERRUPTED

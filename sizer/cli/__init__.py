"""The command line: arguments, streams and exit codes.

Comes in: the words after `sizer`. Goes out: an answer on stdout, all else on stderr, an exit code.
It never computes: each command calls the library and hands on what comes back.
"""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Sequence

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: cli/streams/exit.py, or 130 after Ctrl-C.

    Without `argv` the process ends with the command, which is the one of its own arguments.

    Everything else is imported behind the guard, so that Ctrl-C is quiet from the first moment.
    A command ends before collecting garbage pays: without it, `sizer check` starts a fifth faster.
    """
    gc.disable()
    atexit.register(gc.freeze)
    try:
        from sizer.cli.program import run  # noqa: PLC0415  # see above

        code = int(run(argv))
        if argv is None:
            _end_in_peace()
    except KeyboardInterrupt:
        if argv is None:
            _end_in_peace()
        if sys.stderr is not None:
            sys.stderr.write("\nsizer: interrupted\n")
        return INTERRUPTED
    else:
        return code
    finally:
        if argv is not None:  # a process that ends would collect everything it holds, for nothing
            gc.enable()


def _end_in_peace() -> None:
    """Ignore Ctrl-C from here on: all is said, and Python would answer with a traceback."""
    import signal  # noqa: PLC0415  # only at the end

    signal.signal(signal.SIGINT, signal.SIG_IGN)

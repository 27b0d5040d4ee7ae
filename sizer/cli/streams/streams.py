"""The answer goes to standard output, the conversation to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from io import TextIOWrapper
from typing import TextIO

from sizer.diagnostic import Diagnostic, problem
from sizer.render.findings import written
from sizer.render.kit import PAGE_WIDTH, Look, plain

UNWRITABLE = "SZ005"


def answer(text: str) -> None:
    """Write to standard output, all of it.

    Raises BrokenPipeError when the reader is gone, Problem (SZ005) when nothing can be written.
    """
    if sys.stdout is None:
        raise problem(UNWRITABLE, "standard output is closed")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a poor locale spoils no answer
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence(sys.stdout)
        raise problem(UNWRITABLE, f"standard output: {reason(error)}") from None


def say(text: str) -> None:
    """Write lines to standard error, without what could steer a terminal or a build.

    Who does not listen misses them.
    """
    if sys.stderr is None:
        return
    try:
        sys.stderr.write("".join(f"{plain(line)}\n" for line in text.split("\n")))
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def tell(diagnostics: Iterable[Diagnostic]) -> None:
    """Say findings, each with its source line and help."""
    for each in diagnostics:
        say(written(each))


def silence(stream: TextIO | None) -> None:
    """Send what is still in a stream's buffer nowhere, so that Python does not try at its exit."""
    if stream is None:
        return
    with suppress(OSError, ValueError):  # a stream of a test may have no descriptor
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def look() -> Look:
    """Return what standard output shows: a terminal's width, colour unless NO_COLOR forbids."""
    blocks = "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()
    if sys.stdout is None or not sys.stdout.isatty():
        return Look(blocks=blocks)
    try:
        width = os.get_terminal_size(sys.stdout.fileno()).columns or PAGE_WIDTH
    except (OSError, ValueError):
        width = PAGE_WIDTH
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Look(width, colour, blocks)


def reason(error: OSError) -> str:
    """Return why an operation failed, in the system's words."""
    return (error.strerror or type(error).__name__).lower()

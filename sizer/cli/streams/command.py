"""What a command is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from attrs import frozen

from sizer.cli.streams.exit import Exit


@frozen(eq=False, repr=False)
class Command:
    """A word after `sizer`: what it takes, and what it does.

    `handle` imports what is heavy when it is called. It raises Problem for a bad question.
    """

    name: str
    summary: str
    declare: Callable[[ArgumentParser], None]
    handle: Callable[[Namespace], Exit]

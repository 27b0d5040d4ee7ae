"""Every command, in the order of `sizer --help`; a module is imported when its command is."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword

from sizer.cli.command import Command

NAMES = (
    "run",
    "estimate",
    "score",
    "compare",
    "calibrate",
    "check",
    "fmt",
    "lock",
    "update",
    "test",
    "diff",
    "init",
    "explain",
    "schema",
    "completion",
    "fetch",
    "cache",
    "gpus",
    "prices",
    "models",
    "import",
    "recommend",
)


def command(name: str) -> Command:
    """Return the command of a name in NAMES; its module has that name, `import_` for `import`."""
    module = f"{name}_" if iskeyword(name) else name
    found: Command = import_module(f"sizer.cli.{module}").COMMAND
    return found


def commands() -> tuple[Command, ...]:
    """Return all commands."""
    return tuple(map(command, NAMES))

"""Every command, as `sizer --help` groups them; a module is imported when its command is."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from types import MappingProxyType

from sizer.cli.command import Command

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "questions": ("run", "explain", "compare", "diff", "init"),
        "rules in a repository": ("check", "fmt", "test", "lock", "update"),
        "measurements": ("estimate", "score", "calibrate", "import"),
        "facts": ("gpus", "models", "prices", "fetch", "cache"),
        "around": ("schema", "completion", "recommend"),
    }
)
NAMES = tuple(name for names in GROUPS.values() for name in names)


def command(name: str) -> Command:
    """Return the command of a name in NAMES; its module has that name, `import_` for `import`."""
    module = f"{name}_" if iskeyword(name) else name
    found: Command = import_module(f"sizer.cli.{module}").COMMAND
    return found


def commands() -> tuple[Command, ...]:
    """Return all commands."""
    return tuple(map(command, NAMES))

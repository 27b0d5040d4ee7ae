"""Every command, as `sizer --help` groups them; a module is imported when its command is."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from types import MappingProxyType

from sizer.cli.streams.command import Command

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "questions": ("run", "explain", "compare", "simulate", "diff", "init"),
        "rules in a repository": ("check", "fmt", "test", "lock", "update"),
        "measurements": ("estimate", "score", "calibrate", "import"),
        "facts": ("gpus", "models", "prices", "fetch", "cache"),
        "around": ("schema", "completion", "recommend"),
    }
)
FOLDERS: Mapping[str, str] = MappingProxyType({"rules in a repository": "policy"})
_FOLDER = {name: FOLDERS.get(group, group) for group, names in GROUPS.items() for name in names}
NAMES = tuple(name for names in GROUPS.values() for name in names)


def command(name: str) -> Command:
    """Return the command of a name in NAMES.

    Its module has that name, `import_` for `import`, and stands in the folder of its group.
    """
    module = f"{name}_" if iskeyword(name) else name
    found: Command = import_module(f"sizer.cli.commands.{_FOLDER[name]}.{module}").COMMAND
    return found


def commands() -> tuple[Command, ...]:
    """Return all commands."""
    return tuple(map(command, NAMES))

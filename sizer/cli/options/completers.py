"""What a shell offers behind each argument that is neither a file nor one of a few choices."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from sizer.diagnostic import Problem

Completer = Callable[..., Collection[str]]


def complete(parser: argparse.ArgumentParser) -> None:
    """Answer the shell that asks through argcomplete's variables, and leave.

    Raises ImportError when argcomplete, which the shell's set-up comes from, is not installed.
    """
    import argcomplete

    for action in _actions(parser):
        completer = COMPLETERS.get(action.dest)
        if completer is not None:
            vars(action)["completer"] = completer
    argcomplete.autocomplete(parser)


def metrics_and_codes(**_: object) -> Collection[str]:
    """Return every metric with its aliases, and every diagnostic code."""
    from sizer.catalog.codes import codes
    from sizer.schema.metrics import registry

    return (*registry(), *codes())


def rules_and_tags(parsed_args: argparse.Namespace, **_: object) -> Collection[str]:
    """Return the ids and tags of the rules of the files that are named before."""
    from sizer.load.rule_sets import well_formed
    from sizer.structure.toml.document import read_document

    named = getattr(parsed_args, "files", None) or [getattr(parsed_args, "profile", None)]
    found: list[str] = []
    for path in (Path(each) for each in named if each):
        try:
            rules = well_formed(read_document(path), path.parent).rules
        except Problem:  # half a file is being written; `sizer check` says what is wrong with it
            continue
        found += [name for rule in rules for name in (rule.id, *rule.tags)]
    return sorted(set(found))


def processes(**_: object) -> Collection[str]:
    """Return the numbers of processes that have a processor each."""
    return [str(number) for number in range(1, (os.cpu_count() or 1) + 1)]


def heads(**_: object) -> Collection[str]:
    """Return the address of the Ray cluster that the environment names, if it does."""
    return [each for each in (os.environ.get("RAY_ADDRESS"),) if each]


def folders(prefix: str, **_: object) -> Collection[str]:
    """Return the folders that a path may go on with."""
    from argcomplete.completers import DirectoriesCompleter

    return [*DirectoriesCompleter()(prefix)]


COMPLETERS: Mapping[str, Completer] = {
    "jobs": processes,
    "ray": heads,
    "resume": folders,
    "subject": metrics_and_codes,
    "select": rules_and_tags,
    "ignore": rules_and_tags,
}


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001  # argparse has no public list of them
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  # nor a name for these
            for inner in action.choices.values():
                yield from _actions(inner)

"""`sizer fetch`: models of the Hugging Face hub into the cache."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sizer.cli.options.arguments import USAGE
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.streams import UNWRITABLE, answer, say
from sizer.diagnostic import Diagnostic, Place, Problem


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "a repository of the hub; its revision is a branch, a tag or a commit"
    parser.add_argument("names", metavar="ORG/MODEL[@REV]", nargs="+", help=help_)


def handle(arguments: Namespace) -> Exit:
    """Ask the hub for each model, now; print what was found."""
    from sizer.catalog.hub import Hub, HubFault, repository
    from sizer.catalog.hub.structure import found_in
    from sizer.catalog.models import knows_exactly

    wanted = {name: repository(name) for name in arguments.names}
    wrong = [_no_name(name) for name, what in wanted.items() if what is None]
    if wrong:
        raise Problem(tuple(wrong))
    hub, faults = Hub(say), []
    for name, what in wanted.items():
        try:
            snapshot = hub.fetch(what)  # type: ignore[arg-type]  # None is refused above
            model = found_in(snapshot, name).value
        except HubFault as fault:
            faults.append(Diagnostic(str(fault.code), str(fault), None, fault.hint))
            continue
        kept = hub.kept(what)  # type: ignore[arg-type]  # as above
        if kept is None or kept.commit != snapshot.commit:
            faults.append(_unkept(name, hub.settings.cache))
        size = f"{model.parameters / 1e9:.3f}B parameters in {model.weights}"
        if knows_exactly(name):
            say(f"{name} is in the catalog, which comes first; {name}@main asks for this one")
        answer(f"{snapshot.name}@{snapshot.commit}  {size}\n")
    if faults:
        raise Problem(tuple(faults))
    return Exit.WELL


def _unkept(name: str, cache: Path) -> Diagnostic:
    help_ = "set SIZER_CACHE_DIR to a folder that you may write"
    return Diagnostic(UNWRITABLE, f"{name} is not kept", Place(str(cache)), help_)


def _no_name(name: str) -> Diagnostic:
    return Diagnostic(USAGE, f"{name!a} is no name of the hub", None, "like Qwen/Qwen3-8B@main")


COMMAND = Command("fetch", "fetch models of the Hugging Face hub into the cache", declare, handle)

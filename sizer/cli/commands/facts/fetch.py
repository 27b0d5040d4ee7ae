"""`sizer fetch`: models of the Hugging Face hub into the cache."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from sizer.cli.options.arguments import USAGE
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.streams import UNWRITABLE, answer, say
from sizer.diagnostic import Diagnostic, Place, Problem

if TYPE_CHECKING:
    from sizer.catalog.review import Review


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "a repository of the hub; its revision is a branch, a tag or a commit"
    parser.add_argument("names", metavar="ORG/MODEL[@REV]", nargs="+", help=help_)
    help_ = "print how entries of the catalog would change, as a patch; exit 1 if one would"
    parser.add_argument("--diff", action="store_true", help=help_)


def handle(arguments: Namespace) -> Exit:
    """Ask the hub for each model, now; print what was found."""
    from sizer.catalog.hub import Hub, HubFault, repository
    from sizer.catalog.hub.structure import found_in
    from sizer.catalog.models import knows_exactly
    from sizer.catalog.review import reviewed

    wanted = {name: repository(name) for name in arguments.names}
    wrong = [_no_name(name) for name, what in wanted.items() if what is None]
    if wrong:
        raise Problem(tuple(wrong))
    hub, faults = Hub(say), []
    reviews: list[Review] = []
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
        tell = say if arguments.diff else _line
        tell(f"{snapshot.name}@{snapshot.commit}  {size}")
        review = reviewed(snapshot.name, model)
        if review is not None and not review.agrees:
            say(_difference(snapshot.name, review))
            reviews.append(review)
    if arguments.diff:
        answer("".join(map(_patch, reviews)))
    if faults:
        raise Problem(tuple(faults))
    return Exit.NOTHING_SURVIVES if arguments.diff and reviews else Exit.WELL


def _line(text: str) -> None:
    answer(f"{text}\n")


def _difference(name: str, review: Review) -> str:
    """Return which facts of a checkpoint the catalog has otherwise."""
    parts = []
    if review.differs:
        parts.append(f"{', '.join(review.differs)} (`sizer fetch --diff {name}` shows a patch)")
    if review.foreign:
        shapes = ", ".join(review.foreign)
        parts.append(f"{shapes}: it is no alias of {review.stem}.toml, but a structure of its own")
    return f"{name}: the catalog has other {'; and other '.join(parts)}"


def _patch(review: Review) -> str:
    from sizer.render.kit import patch

    file = f"sizer/catalog/models/{review.stem}.toml"
    return patch(review.before, review.after, f"a/{file}", f"b/{file}")


def _unkept(name: str, cache: Path) -> Diagnostic:
    help_ = "set SIZER_CACHE_DIR to a folder that you may write"
    return Diagnostic(UNWRITABLE, f"{name} is not kept", Place(str(cache)), help_)


def _no_name(name: str) -> Diagnostic:
    return Diagnostic(USAGE, f"{name!a} is no name of the hub", None, "like Qwen/Qwen3-8B@main")


COMMAND = Command("fetch", "fetch models of the Hugging Face hub into the cache", declare, handle)

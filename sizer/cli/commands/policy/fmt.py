"""`sizer fmt`: profiles and rule files in one layout, with every comment."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import write_whole
from sizer.cli.streams.streams import answer, say, tell
from sizer.diagnostic import Diagnostic, Place, Problem, in_order
from sizer.render.kit import patch, plain

STANDARD = "-"
OWN_FAULT = "SZ900"


@frozen
class Draft:
    """A file before and after; its lines end as its first one does, without a byte-order mark."""

    file: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether the file is not in the layout yet."""
        return self.after != self.before

    @property
    def diff(self) -> str:
        """The changes as `diff -u` writes them, without what could steer a terminal."""
        return patch(self.before, self.after, self.file, self.file)


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_ = "files, folders and globs of profiles and rule files; `-` is standard input to output"
    parser.add_argument("files", metavar="FILE", nargs="+", help=help_)
    help_ = "write nothing; exit 1 if a file would change"
    parser.add_argument("--check", action="store_true", help=help_)
    parser.add_argument("--diff", action="store_true", help="like --check, and show the changes")
    help_ = "leave out files that match, or whose folder does, unless they are named themselves"
    parser.add_argument("--exclude", metavar="GLOB", action="append", default=[], help=help_)


def handle(arguments: Namespace) -> Exit:
    """Write every file that is not in the layout, or only say which they are."""
    faults: list[Diagnostic] = []
    drafts = list(_drafts(_names(arguments, faults), faults))
    changed = [draft for draft in drafts if draft.differs]
    dry = arguments.check or arguments.diff
    if arguments.diff:
        from sizer.redaction import without_secret_values

        answer(without_secret_values("".join(draft.diff for draft in changed)))
    elif dry:
        answer("".join(f"{plain(draft.file)}\n" for draft in changed))
    else:
        _write(drafts)
    tell(in_order(faults))
    say(_summary(len(drafts), len(changed), dry=dry))
    if faults:
        return Exit.BAD_QUESTION
    return Exit.NOTHING_SURVIVES if dry and changed else Exit.WELL


def _names(arguments: Namespace, faults: list[Diagnostic]) -> list[str]:
    """Return the files that are meant, standard input first."""
    from sizer.load.sites import discovered

    named = [name for name in arguments.files if name != STANDARD]
    found = discovered(named, tuple(arguments.exclude))
    faults.extend(found.faults)
    return [STANDARD] * (len(named) < len(arguments.files)) + found.files


def _drafts(names: Sequence[str], faults: list[Diagnostic]) -> Iterator[Draft]:
    from sizer.cli.options.question import standard_input
    from sizer.layout import formatted
    from sizer.structure.files.text_file import decoded, read_bytes
    from sizer.structure.toml.document import parse_document

    for name in names:
        try:
            text = standard_input() if name == STANDARD else decoded(read_bytes(Path(name)), name)
            tidy = formatted(parse_document(text, name))
        except Problem as problem:
            faults.extend(problem.diagnostics)
        except ValueError as error:  # the grammars do not agree: rather no layout than another file
            faults.append(Diagnostic(OWN_FAULT, f"{error}, so it stays as it is", Place(name)))
        else:
            ending = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
            yield Draft(name, text, tidy.replace("\n", ending))


def _write(drafts: Sequence[Draft]) -> None:
    for draft in drafts:
        if draft.file == STANDARD:
            answer(draft.after)
        elif draft.differs:
            write_whole(Path(draft.file), [draft.after])


def _summary(files: int, changed: int, *, dry: bool) -> str:
    noun = "file" if files == 1 else "files"
    verb = "would change" if dry else "changed"
    return f"{files} {noun} read, {changed} {verb}"


COMMAND = Command("fmt", "write profiles and rule files in one layout", declare, handle)

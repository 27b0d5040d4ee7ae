"""What sizer says when something is wrong: a code, a place, a message and help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from attrs import field, frozen

from sizer.redaction import without_secret_values, without_secrets

Severity = Literal["error", "warning", "info"]
MOST_OF_A_KIND = 100
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


def _quoted(line: str | None) -> str | None:
    return line and without_secret_values(line)


def _said(text: str | None) -> Any:
    return text and without_secrets(text)


@frozen
class Place:
    """A span on one line of a file; line and columns count characters from 1.

    `excerpt` is that line; a secret in it is masked as soon as a place is made.
    """

    file: str
    line: int | None = None
    column: int | None = None
    width: int = 1
    excerpt: str | None = field(default=None, converter=_quoted)


@frozen
class Related:
    """Another place that a finding is about, and what stands there."""

    what: str = field(converter=_said)
    place: Place


@frozen
class Diagnostic:
    """One finding; `code` is stable and has a page (`sizer explain CODE`), or is a rule's id.

    `waiver` says who lets it pass, until when and why: then it fails nothing. `subject` is what
    it is about, where the message has figures that change while the finding stays the same. What
    has the form of a secret is masked in every text.
    """

    code: str
    message: str = field(converter=_said)
    place: Place | None = None
    help: str | None = field(default=None, converter=_said)
    severity: Severity = "error"
    waiver: str | None = None
    related: tuple[Related, ...] = ()
    subject: str | None = field(default=None, converter=_said)


@frozen
class Checked:
    """What a check looked at, and what it found, in order.

    `files` were named; `dependents` extend one of them and were checked because of that. Findings
    at `fail_level` or above it make the check fail. `today` is the day by which waivers
    expire; None where there are none.
    """

    files: tuple[str, ...]
    dependents: tuple[str, ...]
    found: tuple[Diagnostic, ...]
    fail_level: Severity = "error"
    today: str | None = None

    @property
    def failed(self) -> bool:
        """Whether a finding is at the fail level or above it."""
        return any(self.fails(each) for each in self.found)

    def fails(self, found: Diagnostic) -> bool:
        """Return whether a finding is at the fail level or above it, and not waived."""
        if found.waiver is not None:
            return False
        return SEVERITIES.index(found.severity) <= SEVERITIES.index(self.fail_level)

    def counts(self) -> dict[Severity, int]:
        """Return how many findings there are of each severity."""
        return {name: sum(each.severity == name for each in self.found) for name in SEVERITIES}


@frozen
class Problem(ValueError):  # noqa: N818  # it carries findings; the findings are the errors
    """Raised when a stage cannot give its answer; carries every fault that was found.

    It is a ValueError: what was asked cannot be answered as it stands.
    """

    diagnostics: tuple[Diagnostic, ...]

    def __str__(self) -> str:
        """Return one line per finding."""
        return "\n".join(headline(each) for each in self.diagnostics)


def problem(
    code: str, message: str, place: Place | None = None, hint: str | None = None
) -> Problem:
    """Return a Problem with one error."""
    return Problem((Diagnostic(code, message, place, hint),))


def bounded(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield findings up to MOST_OF_A_KIND errors; if there are more, one that says so (SZ004)."""
    errors = 0
    for each in found:
        errors += each.severity == "error"
        if errors > MOST_OF_A_KIND:
            yield too_many_faults(each.place)
            return
        yield each


def too_many_faults(place: Place | None) -> Diagnostic:
    """Return the error that the rest of a file was not looked at."""
    said = f"more than {MOST_OF_A_KIND} faults of a kind: the rest was not looked for"
    return Diagnostic("SZ004", said, place and Place(place.file), "mend these first")


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the findings by file, line, column and code, each once."""
    return sorted(dict.fromkeys(diagnostics), key=_position)


def headline(diagnostic: Diagnostic) -> str:
    """Return `file:line:column: severity[code]: message`."""
    waived = f" (waived by {diagnostic.waiver})" if diagnostic.waiver else ""
    said = f"{diagnostic.severity}[{diagnostic.code}]: {diagnostic.message}{waived}"
    return f"{position(diagnostic.place)}: {said}" if diagnostic.place else said


def position(place: Place) -> str:
    """Return `file:line:column`, as far as it is known."""
    return ":".join(
        str(part) for part in (place.file, place.line, place.column) if part is not None
    )


def shown(diagnostic: Diagnostic) -> str:
    """Return the finding with its source line, a caret under its characters, and help."""
    lines = [headline(diagnostic)]
    place = diagnostic.place
    if place and place.excerpt is not None and place.line is not None:
        margin = f"{place.line:>5} | "
        lines.append(margin + place.excerpt)
        if place.column is not None:
            before = "".join("\t" if c == "\t" else " " for c in place.excerpt[: place.column - 1])
            lines.append(" " * (len(margin) - 2) + "| " + before + "^" * max(1, place.width))
    if diagnostic.help:
        lines.append(f"      = help: {diagnostic.help}")
    lines += [f"      = {each.what}: {position(each.place)}" for each in diagnostic.related]
    return "\n".join(lines)


def _position(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    place = diagnostic.place or Place("")
    return place.file, place.line or 0, place.column or 0, diagnostic.code, diagnostic.message

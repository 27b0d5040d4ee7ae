"""A difference for a terminal: what was recommended, what is, why, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sizer.render.difference.figures import choices, deltas, finding, headline
from sizer.render.difference.words import cause_lines, note_text, status_lines
from sizer.render.kit.look import Look
from sizer.schema.answered.difference import Cause, Change, Difference

LABEL = 19


def render(difference: Difference, _: Look) -> str:
    """Return the text, as wide as it must be, so that grep finds whole lines."""
    title = f"{difference.before} -> {difference.after}: {headline(difference)}"
    lines = [title, *(line for change in difference.changes for line in _change(change))]
    if difference.inert:
        lines += ["", "differs, and changes no answer"]
        lines += [f"  {each.profile}: {_kinds(each.causes)}" for each in difference.inert]
    return "".join(f"{line}\n" for line in (*lines, *_notes(difference)))


def _change(change: Change) -> Iterator[str]:
    yield from ("", f"{change.profile}: {change.model}")
    was, now = choices(change)
    if change.kind in {"figures", "findings"}:
        yield _line("still", now)
    else:
        yield _line("was", was)
        yield _line("is", now)
    word = "because of" if change.certain else "any of"
    yield from _causes(word, change.causes)
    yield from _causes("figures also by", change.also)
    yield from _listed("the earlier one", status_lines(change.fate))
    yield from _listed("newly failing", map(finding, change.newly_failing))
    yield from _listed("newly waived", map(finding, change.newly_waived))
    yield from _listed("holds again", map(finding, change.no_longer_failing))
    for each in deltas(change):
        yield _line(each.metric, each.words)


def _causes(word: str, causes: tuple[Cause, ...]) -> Iterator[str]:
    lines = [f"{cause.kind}: {detail}" for cause in causes for detail in cause_lines(cause)]
    yield from _listed(word, lines)


def _listed(word: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield _line("" if number else word, line)


def _line(label: str, text: str) -> str:
    return f"  {label:<{LABEL}}  {text}".rstrip()


def _kinds(causes: Iterable[Cause]) -> str:
    return "; ".join(f"{each.kind}: {', '.join(cause_lines(each))}" for each in causes)


def _notes(difference: Difference) -> list[str]:
    return ["", *map(note_text, difference.notes)] if difference.notes else []

"""A difference as a comment on a pull request: a table to scan, and behind each row its causes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sizer.render.difference.figures import Delta, choices, deltas, finding, headline
from sizer.render.difference.words import cause_lines, note_text, status_lines
from sizer.render.kit.figures import figure
from sizer.render.kit.look import Look
from sizer.render.kit.markdown_text import escaped, table
from sizer.schema.answered.difference import Cause, Change, Difference

ARROW = "-\\>"
COLUMNS = {
    "cost_usd_per_hour": "USD/h",
    "cost_usd_per_mtok": "USD/Mtok",
    "ttft_ms": "TTFT ms",
    "itl_ms": "ITL ms",
}


def render(difference: Difference, _: Look) -> str:
    """Return the comment; texts from profiles are escaped, so that none becomes markup."""
    sides = f"{escaped(difference.before)} → {escaped(difference.after)}"
    lines = [f"### sizer: {headline(difference)} ({sides})", ""]
    if difference.changes:
        lines += [*_table(difference.changes), ""]
        lines += [line for change in difference.changes for line in _details(change)]
    if difference.inert:
        lines += ["Differs, and changes no answer:", ""]
        lines += [f"- {escaped(each.profile)}: {_kinds(each.causes)}" for each in difference.inert]
        lines.append("")
    lines += [f"> {escaped(note_text(note))}" for note in difference.notes]
    return "\n".join(lines).rstrip("\n") + "\n"


def _table(changes: Iterable[Change]) -> Iterator[str]:
    headings = ("profile", "model", "was", "is", "why", *COLUMNS.values())
    return table(headings, map(_row, changes), len(headings) - len(COLUMNS))


def _row(change: Change) -> tuple[str, ...]:
    found = {each.metric: each for each in deltas(change)}
    was, now = choices(change)
    is_new = change.kind not in {"figures", "findings"}
    cells = (
        change.profile,
        change.model,
        was if is_new else "the same",
        now,
        ", ".join(dict.fromkeys(each.kind for each in change.causes)) or change.kind,
    )
    chosen = change.after is not None and change.after.candidate is not None
    numbers = (_cell(found.get(name)) if chosen else "" for name in COLUMNS)
    return (*map(escaped, cells), *numbers)


def _cell(delta: Delta | None) -> str:
    if delta is None:
        return "="
    share = "" if delta.share is None else f" ({100 * delta.share:+.3g} %)"
    return f"{figure(delta.before)} → {figure(delta.after)}{share}"


def _details(change: Change) -> Iterator[str]:
    lines = [
        *_causes("because of" if change.certain else "any of", change.causes),
        *_causes("figures also by", change.also),
        *(f"the earlier one: {each}" for each in status_lines(change.fate)),
        *(f"newly failing: {finding(each)}" for each in change.newly_failing),
        *(f"newly waived: {finding(each)}" for each in change.newly_waived),
        *(f"holds again: {finding(each)}" for each in change.no_longer_failing),
        *(f"{each.metric}: {each.words}" for each in deltas(change)),
    ]
    if lines:
        summary = f"{escaped(change.profile)}: {escaped(change.model)}"
        yield from (f"<details><summary>{summary}</summary>", "")
        yield from (f"- {escaped(line).replace(ARROW, '→')}" for line in lines)
        yield from ("", "</details>", "")


def _causes(word: str, causes: tuple[Cause, ...]) -> list[str]:
    return [f"{word} {cause.kind}: {detail}" for cause in causes for detail in cause_lines(cause)]


def _kinds(causes: Iterable[Cause]) -> str:
    said = (escaped(f"{each.kind}: {', '.join(cause_lines(each))}") for each in causes)
    return "; ".join(said).replace(ARROW, "→")

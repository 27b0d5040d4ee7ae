"""Tests of rules as text: what differs, what no case shows, and the counts."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from sizer.diagnostic import Diagnostic, Severity
from sizer.render.findings.text import written
from sizer.render.kit.look import Look
from sizer.render.kit.plain import plain
from sizer.render.trials.counts import counts
from sizer.render.trials.words import why_text
from sizer.schema.answered.trial import Difference, Tested, Trial

DIFFERS = "SZ603"
_COLOURS = {"-": "\x1b[31m", "+": "\x1b[32m"}
_END = "\x1b[0m"


def render(tested: Tested, look: Look) -> str:
    """Return all findings, then a line of counts; those about coverage fail where it is too low."""
    unseen: Severity = "warning" if tested.enough else "error"
    lines = [line for trial in tested.trials if not trial.holds for line in _failed(trial, look)]
    lines += [written(evolve(missed, severity=unseen), look) for missed in tested.missing]
    return "".join(f"{line}\n" for line in [*lines, counts(tested)])


def failure(trial: Trial) -> Diagnostic:
    """Return the finding of a case that does not hold."""
    return Diagnostic(DIFFERS, f"case {trial.name!a} does not hold", trial.place)


def difference(found: Difference) -> tuple[str, ...]:
    """Return what was expected and what came, as lines of a diff, and why."""
    lines = f"- {found.what}: {found.expected}", f"+ {found.what}: {found.found}"
    why = () if found.why is None else (f"  {why_text(found.why)}",)
    return tuple(map(plain, (*lines, *why)))


def _failed(trial: Trial, look: Look) -> Iterator[str]:
    yield written(failure(trial), look)
    for each in trial.differences:
        yield from (f"      {_dressed(line, look)}" for line in difference(each))


def _dressed(line: str, look: Look) -> str:
    colour = _COLOURS.get(line[0]) if look.colour else None
    return f"{colour}{line}{_END}" if colour else line

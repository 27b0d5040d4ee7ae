"""Tests of rules as text: what differs, what no case shows, and the counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from sizer.diagnostic import Diagnostic, Severity, shown
from sizer.render.plain import plain
from sizer.schema.trial import Difference, Suite, Trial

DIFFERS = "SZ603"
WHOLE = 100.0


def covered(suites: Sequence[Suite]) -> float:
    """Return the share of goals that cases show, in percent; rounded down, so that 100 is all."""
    goals, reached = sum(suite.goals for suite in suites), sum(suite.reached for suite in suites)
    return WHOLE if not goals else (1000 * reached // goals) / 10


def render(suites: Sequence[Suite], unseen: Severity) -> str:
    """Return all findings, those about coverage with the given severity, then a line of counts."""
    lines = [line for suite in suites for line in _suite(suite, unseen)]
    return "".join(f"{plain(line)}\n" for line in [*lines, _counts(suites)])


def failure(trial: Trial) -> Diagnostic:
    """Return the finding of a case that does not hold."""
    return Diagnostic(DIFFERS, f"case {trial.name!a} does not hold", trial.place)


def difference(found: Difference) -> tuple[str, ...]:
    """Return what was expected and what came, as lines of a diff, and why."""
    lines = f"- {found.what}: {found.expected}", f"+ {found.what}: {found.found}"
    return (*lines, f"  {found.why}") if found.why else lines


def _suite(suite: Suite, unseen: Severity) -> Iterator[str]:
    for trial in suite.trials:
        if not trial.holds:
            yield from shown(failure(trial)).split("\n")
            for each in trial.differences:
                yield from (f"      {line}" for line in difference(each))
    for missed in suite.missing:
        yield from shown(evolve(missed, severity=unseen)).split("\n")


def _counts(suites: Sequence[Suite]) -> str:
    trials = [trial for suite in suites for trial in suite.trials]
    failed = sum(not trial.holds for trial in trials)
    goals, reached = sum(suite.goals for suite in suites), sum(suite.reached for suite in suites)
    return (
        f"{_counted(len(trials), 'case')} for {_counted(len(suites), 'file')}: "
        f"{len(trials) - failed} hold, {failed} differ; "
        f"coverage {covered(suites):g} % ({reached} of {goals})"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

"""What came of all cases, on one line."""

from __future__ import annotations

from sizer.schema.answered.trial import Tested


def counts(tested: Tested) -> str:
    """Return what came of all cases, on one line."""
    trials = tested.trials
    failed = sum(not trial.holds for trial in trials)
    return (
        f"{_counted(len(trials), 'case')} for {_counted(tested.files, 'file')}: "
        f"{len(trials) - failed} hold, {failed} differ; "
        f"coverage {tested.covered:g} % ({tested.reached} of {tested.goals})"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

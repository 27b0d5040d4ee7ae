"""One profile of one state: its answers as recorded or computed, and its setup if at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from sizer.diff.setup import Setup
from sizer.schema.answered.difference import Note
from sizer.schema.answered.lock import LockedAnswer, LockedCalibration, LockedEstimator


@frozen(eq=False)
class Case:
    """`hashes` are of what the answers rest on, by kind and name.

    `setup` gives None where the files are not those that the answers rest on.
    """

    profile: str
    answers: Mapping[str, LockedAnswer]
    estimator: LockedEstimator
    calibration: LockedCalibration
    hashes: Mapping[tuple[str, str], str]
    setup: Callable[[], Setup | None]


@frozen(eq=False)
class State:
    """The profiles of a revision, a folder or a lock, each by its path, and what was odd.

    `broken` are profiles that cannot be answered; the notes say why.
    """

    name: str
    cases: Mapping[str, Case]
    broken: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()

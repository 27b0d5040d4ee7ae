"""What came of the tests of rules."""

from __future__ import annotations

from attrs import frozen

from sizer.diagnostic import Diagnostic, Place
from sizer.schema.answered.decision import Part
from sizer.schema.asked.case import Expect

WHOLE = 100.0


@frozen
class Comparisons:
    """The single conditions of a rule, or of its `when` where that keeps it from applying."""

    parts: tuple[Part, ...]


@frozen
class Removed:
    """The conditions and rules that remove the candidate."""

    by: tuple[str, ...]


@frozen
class NoSuchCandidate:
    """The profile has no candidate of this name; `near` is one that is like it."""

    near: str | None


Why = Comparisons | Removed | NoSuchCandidate


@frozen
class Difference:
    """One expectation that was not met; `why` is what decided, where it is known."""

    what: str
    expected: str
    found: str
    why: Why | None = None


@frozen
class Trial:
    """A case that was tried; `found` is what it would have to expect to hold."""

    name: str
    index: int
    place: Place | None
    found: Expect
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether everything came as expected."""
        return not self.differences

    @property
    def can_be_updated(self) -> bool:
        """Whether it does not hold, and would if it expected what was found."""
        return not self.holds and all(each.what != "candidate" for each in self.differences)


@frozen
class Suite:
    """All cases of a file."""

    file: str
    trials: tuple[Trial, ...]


@frozen
class Tested:
    """All cases, and what they show of the rules under test.

    `goals` counts what there is to show and `reached` how much of it is; `missing` names the places
    of the rest. `least` is the share that is demanded, in percent.
    """

    suites: tuple[Suite, ...]
    files: int
    goals: int
    reached: int
    missing: tuple[Diagnostic, ...]
    least: float = 0.0

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Every case of every file."""
        return tuple(trial for suite in self.suites for trial in suite.trials)

    @property
    def holds(self) -> bool:
        """Whether every case holds."""
        return all(trial.holds for trial in self.trials)

    @property
    def covered(self) -> float:
        """The share of goals that is reached, in percent; rounded down, so that 100 is all."""
        return WHOLE if not self.goals else (1000 * self.reached // self.goals) / 10

    @property
    def enough(self) -> bool:
        """Whether as much is reached as is demanded."""
        return self.covered >= self.least

"""What came of the tests of rules."""

from __future__ import annotations

from attrs import frozen

from sizer.diagnostic import Diagnostic, Place


@frozen
class Difference:
    """One expectation that was not met; `why` is what decided, where it is known."""

    what: str
    expected: str
    found: str
    why: str | None = None


@frozen
class Trial:
    """A case that was tried."""

    name: str
    place: Place | None
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether everything came as expected."""
        return not self.differences


@frozen
class Suite:
    """All cases of a file, and what of the rules under test they show.

    `goals` counts what there is to show and `reached` how much of it is; `missing` names the places
    of the rest.
    """

    file: str
    trials: tuple[Trial, ...]
    goals: int
    reached: int
    missing: tuple[Diagnostic, ...]

    @property
    def holds(self) -> bool:
        """Whether every case holds."""
        return all(trial.holds for trial in self.trials)

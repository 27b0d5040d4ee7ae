"""The day on which a question is asked: which waivers count on it, and which rules do."""

from __future__ import annotations

from datetime import UTC, date, datetime

from attrs import Factory, frozen

from sizer.schema.asked.profile import Level, Rule, Waiver

IN_FORCE, EXPIRED, NOT_APPLIED = "in force", "expired", "not applied"


def today() -> date:
    """Return the date in UTC, which is the same for everyone who asks."""
    return datetime.now(UTC).date()


@frozen
class Waiving:
    """The day on which a question is asked; `applied` is false where waivers do not count."""

    today: date = Factory(today)
    applied: bool = True

    def status(self, waiver: Waiver) -> str:
        """Return how a waiver stands on that day, which it still covers if it ends with it."""
        if self.today > waiver.expires:
            return EXPIRED
        return IN_FORCE if self.applied else NOT_APPLIED

    def level(self, rule: Rule) -> Level:
        """Return the level of a rule on that day: an error is a warning before it starts."""
        upcoming = rule.start is not None and self.today < rule.start
        return "warning" if upcoming and rule.level == "error" else rule.level

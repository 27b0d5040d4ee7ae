"""Tests of rules as their author wrote them: what is given, and what must come of it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import frozen

from sizer.schema.asked.key import key
from sizer.schema.asked.parameter import Scalar
from sizer.schema.asked.profile import Texts

OUTCOMES = ("passes", "fails", "unknown", "not_applicable", "waived")


@frozen
class Expect:
    """`[case.expect]`: rules by how they end, and what else must come of a case."""

    passes: Texts = key("rules that hold", default=())
    fails: Texts = key("rules that do not hold", default=())
    unknown: Texts = key("rules that end unknown", default=())
    not_applicable: Texts = key("rules whose `when` does not hold", default=())
    waived: Texts = key("rules that do not hold, but somebody waived them", default=())
    survives: bool | None = key(
        "whether every `where` and every error rule admits the candidate, or any", default=None
    )
    chosen: str | None = key(
        "the candidate that comes first; `*` stands for anything", default=None
    )
    messages: dict[str, str] = key("what rules that do not pass say, by id", default=dict)

    @property
    def outcomes(self) -> dict[str, str]:
        """How each rule is expected to end."""
        return {name: outcome for outcome in OUTCOMES for name in getattr(self, outcome)}

    @property
    def rules(self) -> frozenset[str]:
        """Every rule of which anything is expected."""
        return frozenset(self.outcomes) | frozenset(self.messages)


@frozen
class Case:
    """`[[case]]`: one candidate, or several of which one is chosen, and what must come of it.

    The candidate is given by its metrics, or one of a profile that is estimated: the one that is
    named, else the chosen one.
    """

    name: str = key("what a report calls it")
    expect: Expect = key("what must come of it")
    given: dict[str, Scalar] = key(
        'metrics by name; one that is left out, or "unknown", is unknown', default=dict
    )
    candidates: dict[str, dict[str, Scalar]] = key(
        "several candidates by a name of yours: metrics beside those `given` to all", default=dict
    )
    params: dict[str, Scalar] = key("parameters of the rules, in this case only", default=dict)
    today: date | None = key(
        "day by which waivers expire and rules start; without it no waiver counts and all rules do",
        default=None,
    )
    profile: str | None = key(
        "profile to estimate, by path; a profile under test needs none", default=None
    )
    model: str | None = key("which of the profile's models, if it has several", default=None)
    candidate: str | None = key(
        "candidate of the profile, as `sizer run` calls it; without it the chosen one", default=None
    )

    @property
    def by_hand(self) -> bool:
        """Whether metrics are given, not estimated."""
        return bool(self.given or self.candidates)


@frozen
class CaseFile:
    """A whole `NAME.sizer-test.toml`."""

    dsl: Literal[1] = key("version of this format, 1")
    description: str | None = key("for the reader", default=None)
    rules: str | None = key(
        "the rule file or profile under test, by path; left out, NAME.toml beside", default=None
    )
    case: tuple[Case, ...] = key("what is tried", default=())

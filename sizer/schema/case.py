"""Tests of rules as their author wrote them: what is given, and what must come of it."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sizer.schema.parameter import Scalar
from sizer.schema.profile import Texts, key


@frozen
class Expect:
    """`[case.expect]`: rules by how they end, and what else must come of a case."""

    passes: Texts = key("rules that hold", default=())
    fails: Texts = key("rules that do not hold", default=())
    unknown: Texts = key("rules that end unknown", default=())
    not_applicable: Texts = key("rules whose `when` does not hold", default=())
    survives: bool | None = key("whether every `where` and every error rule admits", default=None)
    messages: dict[str, str] = key("what rules that do not pass say, by id", default=dict)

    @property
    def outcomes(self) -> dict[str, Texts]:
        """Rules by the outcome that is expected of them."""
        return {
            "passes": self.passes,
            "fails": self.fails,
            "unknown": self.unknown,
            "not_applicable": self.not_applicable,
        }

    @property
    def rules(self) -> frozenset[str]:
        """Every rule of which anything is expected."""
        listed = {name for names in self.outcomes.values() for name in names}
        return frozenset(listed | set(self.messages))


@frozen
class Case:
    """`[[case]]`: one candidate by its metrics, and what the rules must say of it."""

    name: str = key("what a report calls it")
    expect: Expect = key("what must come of it")
    given: dict[str, Scalar] = key(
        'metrics by name; one that is left out, or "unknown", is unknown', default=dict
    )
    params: dict[str, Scalar] = key("parameters of the rules, in this case only", default=dict)


@frozen
class CaseFile:
    """A whole `NAME.sizer-test.toml`."""

    dsl: Literal[1] = key("version of this format, 1")
    description: str | None = key("for the reader", default=None)
    rules: str | None = key(
        "the rule file or profile under test, by path; left out, NAME.toml beside", default=None
    )
    case: tuple[Case, ...] = key("what is tried", default=())

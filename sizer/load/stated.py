"""The conditions of a question, each with where it applies, holds and fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from attrs import frozen

from sizer.diagnostic import Place
from sizer.expr.compiled import Expression
from sizer.expr.policy import Policy
from sizer.expr.regions import EVERYWHERE, NOWHERE, Region
from sizer.expr.truths import where
from sizer.schema.metrics import Metric
from sizer.schema.profile import Level
from sizer.structure.path import Path as Keys

Locate = Callable[[Keys], Place | None]


@frozen(eq=False, repr=False)
class Stated:
    """One condition: a rule, or a filter of `[select] where`, which always applies.

    `applies` and `idle` are where its `when` is true and false, `holds` and `fails` the same of
    the condition itself. One that is `switched` reads a parameter that may turn it off.
    """

    name: str
    keys: Keys
    level: Level
    text: str
    reads: frozenset[str]
    applies: Region
    idle: Region
    holds: Region
    fails: Region
    conditional: bool = False
    switched: bool = False

    @property
    def is_rule(self) -> bool:
        """Whether it is a rule, not a filter."""
        return self.keys[0] == "rule"

    @property
    def sound(self) -> bool:
        """Whether it can apply, and then both hold and fail."""
        return bool(self.applies and self.holds and self.fails)

    @property
    def terms(self) -> frozenset[str]:
        """What it compares with constants."""
        regions = (*self.applies, *self.holds, *self.fails)
        return frozenset(term for box in regions for term in box)


def stated(policy: Policy, names: Mapping[str, Metric]) -> Iterator[Stated]:
    """Yield every condition of a policy: rules in their order, then filters."""
    for index, compiled in enumerate(policy.rules):
        keys: Keys = ("rule", index, "require")
        rule, when = compiled.rule, compiled.when
        applies, idle = _regions(when, names) if when else (EVERYWHERE, NOWHERE)
        yield Stated(
            f"rule {rule.id!r}",
            keys,
            rule.level,
            compiled.require.text,
            compiled.require.names,
            applies,
            idle,
            *_regions(compiled.require, names),
            conditional=when is not None,
            switched=bool(compiled.require.switches or (when and when.switches)),
        )
    for index, each in enumerate(policy.where):
        keys = ("select", "where", index)
        regions = _regions(each, names)
        yield Stated("`where`", keys, "error", each.text, each.names, EVERYWHERE, NOWHERE, *regions)


def _regions(expression: Expression, names: Mapping[str, Metric]) -> tuple[Region, Region]:
    body = expression.tree.body
    return where(body, names), where(body, names, holds=False)

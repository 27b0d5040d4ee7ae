"""What decides: a profile's `[select]`, `[[rule]]` and `[[waiver]]` with their texts checked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from sizer.diagnostic import Place
from sizer.expr.language.expression import Expression, Message, SortKey
from sizer.expr.text.source import Source, plain
from sizer.schema.asked.profile import Level, Rule, Waiver

NO_METRICS: Mapping[str, Expression] = MappingProxyType({})


@frozen(eq=False, repr=False)
class CompiledRule:
    """A rule whose texts are checked; `upcoming` is one that only warns until its first day."""

    rule: Rule
    require: Expression
    when: Expression | None
    message: Message | None
    source: Source
    upcoming: bool = False

    def until_it_starts(self, level: Level) -> CompiledRule:
        """Return the rule with the level that it has before its first day."""
        return evolve(self, rule=evolve(self.rule, level=level), upcoming=True)

    @property
    def place(self) -> Place | None:
        """Where its `require` stands; found only when asked, since that reads the file again."""
        return self.source.place(0, len(self.source.text))

    def said(self, row: Mapping[str, Any]) -> str:
        """Return what the rule says of a candidate that does not keep it."""
        said = self.message.fill(row) if self.message else self.require.text
        return f"{said} (an error from {self.rule.start})" if self.upcoming else said


@frozen(eq=False, repr=False)
class CompiledWaiver:
    """A waiver whose condition is checked; `index` is its place among the profile's."""

    waiver: Waiver
    index: int
    match: Expression


@frozen(eq=False, repr=False)
class Policy:
    """What decides: filters, ranks, rules, and who need not keep them.

    With `any_load` a candidate is judged at each load point alone, else at all of them together.
    `metrics` are the profile's own, by name. An `unasked_sort` is nobody's: where its first metric
    is unknown of every survivor, the next decides.
    """

    where: tuple[Expression, ...]
    sort: tuple[SortKey, ...]
    limit: int | None
    rules: tuple[CompiledRule, ...]
    waivers: tuple[CompiledWaiver, ...] = ()
    any_load: bool = False
    metrics: Mapping[str, Expression] = NO_METRICS
    unasked_sort: bool = False

    @property
    def without_places(self) -> Policy:
        """The same for another process: it judges alike and knows of no file."""
        rules = tuple(evolve(each, source=plain(each.source.text)) for each in self.rules)
        return evolve(self, rules=rules, metrics=dict(self.metrics))

    @property
    def names(self) -> frozenset[str]:
        """All metrics that a decision reads, by canonical name."""
        found = {key.name for key in self.sort}
        for expression in self.where:
            found |= expression.names
        for rule in self.rules:
            for part in (rule.require, rule.when, rule.message):
                found |= part.names if part else frozenset()
        for waiver in self.waivers:
            found |= waiver.match.names
        return frozenset(found)

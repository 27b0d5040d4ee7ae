"""All expressions of a profile's `[select]` and `[[rule]]`, checked together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from attrs import Factory, field, frozen

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.expr.check import compile_condition, compile_message, compile_sort
from sizer.expr.compiled import Expression, Message, SortKey
from sizer.expr.source import Source, plain
from sizer.schema.metrics import Metric
from sizer.schema.parameter import Names, Parameter
from sizer.schema.profile import Rule, Select, Waiver

Path = tuple[str | int, ...]
NO_NAMES: Mapping[str, Metric] = MappingProxyType({})
Checked = TypeVar("Checked")


@frozen(eq=False, repr=False)
class CompiledRule:
    """A rule whose texts are checked."""

    rule: Rule
    require: Expression
    when: Expression | None
    message: Message | None
    source: Source

    @property
    def place(self) -> Place | None:
        """Where its `require` stands; found only when asked, since that reads the file again."""
        return self.source.place(0, len(self.source.text))

    def said(self, row: Mapping[str, Any]) -> str:
        """Return what the rule says of a candidate that does not keep it."""
        return self.message.fill(row) if self.message else self.require.text


@frozen(eq=False, repr=False)
class CompiledWaiver:
    """A waiver whose condition is checked; `index` is its place among the profile's."""

    waiver: Waiver
    index: int
    match: Expression


@frozen(eq=False, repr=False)
class Policy:
    """What decides: filters, ranks, rules, and who need not keep them."""

    where: tuple[Expression, ...]
    sort: tuple[SortKey, ...]
    limit: int | None
    rules: tuple[CompiledRule, ...]
    waivers: tuple[CompiledWaiver, ...] = ()

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


@frozen(eq=False, repr=False)
class _Checker:
    """Checks one text after another and keeps every fault."""

    names_of: Callable[[Path], Names]
    source_of: Callable[[Path], Source | None]
    found: list[Diagnostic] = field(default=Factory(list))

    def source(self, path: Path, text: str) -> Source:
        """Return where a text stands; a stand-in for one that did not fit stands nowhere."""
        source = self.source_of(path)
        return source if source and source.text == text else plain(text)

    def checked(
        self,
        check: Callable[[Source, Names], Checked],
        path: Path,
        text: str | None,
    ) -> Checked | None:
        if text is None:
            return None
        try:
            return check(self.source(path, text), self.names_of(path))
        except Problem as problem:
            self.found.extend(problem.diagnostics)
            return None

    def rule(self, index: int, rule: Rule) -> CompiledRule | None:
        path: Path = ("rule", index)
        require = self.checked(compile_condition, (*path, "require"), rule.require)
        when = self.checked(compile_condition, (*path, "when"), rule.when)
        message = self.checked(compile_message, (*path, "message"), rule.message)
        if require is None:
            return None
        source = self.source((*path, "require"), rule.require)
        return CompiledRule(rule, require, when, message, source)

    def waiver(self, index: int, waiver: Waiver) -> CompiledWaiver | None:
        match = self.checked(compile_condition, ("waiver", index, "match"), waiver.match)
        return None if match is None else CompiledWaiver(waiver, index, match)


def compile_policy(
    select: Select,
    rules: tuple[Rule, ...],
    source_of: Callable[[Path], Source | None],
    names: Mapping[str, Metric],
    parameters_of: Callable[[Path], Mapping[str, Parameter]] = lambda _: {},
    waivers: tuple[Waiver, ...] = (),
    careful: Mapping[str, Metric] = NO_NAMES,
) -> Policy:
    """Check every text; `source_of` finds one by path, like ("rule", 2, "require").

    `parameters_of` says which parameters it can read beside the metrics. Filters and requirements
    read the metrics of `careful` in place of those of that name.

    Raises Problem with the faults of all texts.
    """

    def names_of(path: Path) -> Names:
        parameters = parameters_of(path)
        judged = careful if path[:2] == ("select", "where") or path[-1] == "require" else NO_NAMES
        return {**names, **judged, **parameters} if parameters or judged else names

    checker = _Checker(names_of, source_of)
    where = [
        checker.checked(compile_condition, ("select", "where", index), text)
        for index, text in enumerate(select.where)
    ]
    sort = checker.checked(compile_sort, ("select", "sort"), select.sort)
    compiled = [checker.rule(index, rule) for index, rule in enumerate(rules)]
    waived = [checker.waiver(index, waiver) for index, waiver in enumerate(waivers)]
    if checker.found or sort is None:
        raise Problem(tuple(checker.found))
    return Policy(
        tuple(each for each in where if each is not None),
        sort,
        select.limit,
        tuple(rule for rule in compiled if rule is not None),
        tuple(waiver for waiver in waived if waiver is not None),
    )

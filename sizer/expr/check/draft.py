"""All expressions of a profile's `[select]`, `[[rule]]` and `[[waiver]]`, checked together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

from attrs import Factory, field, frozen

from sizer.diagnostic import MOST_OF_A_KIND, Diagnostic, Problem, bounded
from sizer.expr.check.check import compile_condition, compile_message, compile_sort
from sizer.expr.check.policy import CompiledRule, CompiledWaiver, Policy
from sizer.expr.language.expression import Expression, Message, SortKey
from sizer.expr.text.source import Source, plain
from sizer.schema.asked.parameter import Names
from sizer.schema.asked.profile import Rule, Select, Waiver
from sizer.schema.metrics import Metric

Path = tuple[str | int, ...]
FITS, KEEPS_UP = "fits", "not overloaded"
_MEMORY = frozenset({FITS, "fits_surely"})
_CAPACITY = frozenset({"overloaded", "utilization"})
NO_NAMES: Mapping[str, Metric] = MappingProxyType({})
Checked = TypeVar("Checked")
Sources = Callable[[Path], Source | None]


@frozen(eq=False, repr=False)
class RuleDraft:
    """A rule as far as its texts are well formed: None is one that is absent or at fault."""

    rule: Rule
    require: Expression | None
    when: Expression | None
    message: Message | None
    source: Source


@frozen(eq=False, repr=False)
class Draft:
    """A policy as far as its texts are well formed: None is one that is at fault."""

    where: tuple[Expression | None, ...]
    sort: tuple[SortKey, ...] | None
    limit: int | None
    rules: tuple[RuleDraft, ...]
    waivers: tuple[CompiledWaiver | None, ...]
    faults: tuple[Diagnostic, ...] = ()
    any_load: bool = False

    @classmethod
    def of(cls, policy: Policy) -> Draft:
        """Return a draft without faults."""
        rules = (
            RuleDraft(each.rule, each.require, each.when, each.message, each.source)
            for each in policy.rules
        )
        decided = (policy.where, policy.sort, policy.limit, tuple(rules), policy.waivers)
        return cls(*decided, any_load=policy.any_load)

    def expressions(self) -> Iterator[tuple[Path, Expression]]:
        """Yield each condition that is well formed, with its path."""
        for index, rule in enumerate(self.rules):
            for key, found in (("require", rule.require), ("when", rule.when)):
                if found:
                    yield ("rule", index, key), found
        for index, each in enumerate(self.where):
            if each:
                yield ("select", "where", index), each
        for waiver in self.waivers:
            if waiver:
                yield ("waiver", waiver.index, "match"), waiver.match

    def policy(self) -> Policy:
        """Return the policy. Raises Problem with the faults of all texts."""
        if self.faults:
            raise Problem(self.faults)
        return Policy(
            tuple(each for each in self.where if each is not None),
            self.sort or (),
            self.limit,
            tuple(
                CompiledRule(each.rule, each.require, each.when, each.message, each.source)
                for each in self.rules
                if each.require is not None
            ),
            tuple(each for each in self.waivers if each is not None),
            self.any_load,
        )


@frozen(eq=False, repr=False)
class _Checker:
    """Checks one text after another and keeps every fault."""

    names_of: Callable[[Path], Names]
    source_of: Sources
    found: list[Diagnostic] = field(default=Factory(list))

    def faults(self) -> tuple[Diagnostic, ...]:
        """Return every fault; of very many, texts after the first are not checked."""
        return tuple(bounded(self.found))

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
        if text is None or len(self.found) > MOST_OF_A_KIND:
            return None
        try:
            return check(self.source(path, text), self.names_of(path))
        except Problem as problem:
            self.found.extend(problem.diagnostics)
            return None

    def rule(self, index: int, rule: Rule) -> RuleDraft:
        path: Path = ("rule", index)
        require = self.checked(compile_condition, (*path, "require"), rule.require)
        when = self.checked(compile_condition, (*path, "when"), rule.when)
        message = self.checked(compile_message, (*path, "message"), rule.message)
        source = self.source((*path, "require"), rule.require)
        return RuleDraft(rule, require, when, message, source)

    def waiver(self, index: int, waiver: Waiver) -> CompiledWaiver | None:
        match = self.checked(compile_condition, ("waiver", index, "match"), waiver.match)
        return None if match is None else CompiledWaiver(waiver, index, match)


def implied(where: Iterable[Expression | None], *, timed: bool = True) -> Iterator[str]:
    """Yield the filters that nobody needs to write: a candidate fits, and keeps up with its load.

    Where no times are known, nobody knows what keeps up.
    One that names what another says replaces it; what asks for more of `fits` than that it holds
    is of candidates that may serve nothing.
    """
    written = [each for each in where if each]
    memory = [each for each in written if each.names & _MEMORY]
    if not memory:
        yield FITS
    plain_fit = all(each.text in _MEMORY for each in memory)
    if timed and plain_fit and not any(each.names & _CAPACITY for each in written):
        yield KEEPS_UP


def draft_policy(
    select: Select,
    rules: tuple[Rule, ...],
    source_of: Sources,
    names: Mapping[str, Metric],
    parameters_of: Callable[[Path], Names] = lambda _: {},
    waivers: tuple[Waiver, ...] = (),
    careful: Mapping[str, Metric] = NO_NAMES,
    *,
    serving: bool = False,
    timed: bool = True,
) -> Draft:
    """Check every text; `serving` adds the filters that `implied` says, of times if it is `timed`.

    `source_of` finds a text by path, like ("rule", 2, "require"). `parameters_of` says which
    parameters and own metrics it can read beside the metrics. Filters and requirements read the
    metrics of `careful` in place of those of that name.
    """

    def names_of(path: Path) -> Names:
        parameters = parameters_of(path)
        judged = careful if path[:2] == ("select", "where") or path[-1] == "require" else NO_NAMES
        return {**names, **judged, **parameters} if parameters or judged else names

    checker = _Checker(names_of, source_of)
    where = tuple(
        checker.checked(compile_condition, ("select", "where", index), text)
        for index, text in enumerate(select.where)
    )
    for text in implied(where, timed=timed) if serving else ():
        where = (*where, checker.checked(compile_condition, ("select", "where", len(where)), text))
    sort = checker.checked(compile_sort, ("select", "sort"), select.sort)
    drafts = tuple(checker.rule(index, rule) for index, rule in enumerate(rules))
    waived = tuple(checker.waiver(index, waiver) for index, waiver in enumerate(waivers))
    faults = checker.faults()
    return Draft(where, sort, select.limit, drafts, waived, faults, select.load == "any")

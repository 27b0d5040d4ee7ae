"""The conditions of a question, each with where it applies, holds and fails."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache

from attrs import frozen

from sizer.diagnostic import Place
from sizer.expr.check import Draft, RuleDraft
from sizer.expr.language import Expression, span
from sizer.expr.regions import EVERYWHERE, NOWHERE, Region, sides, where
from sizer.expr.text import MOST
from sizer.load.consistency.authors import Authored
from sizer.load.names.names import vocabulary
from sizer.schema.asked.profile import Level
from sizer.structure.toml.path import Path as Keys

Locate = Callable[..., Place | None]  # a path, and which characters of the text there


@frozen(eq=False, repr=False)
class Clause:
    """One condition: a rule, or a filter of `[select] where`, which always applies.

    `applies` and `idle` are where its `when` is true and false, `holds` and `fails` the same of
    the condition itself: everywhere, where a text is at fault, so that it proves nothing. One that
    is `switched` reads a parameter that may turn it off; one that is not `whole` has a fault.
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
    expression: Expression | None = None
    conditional: bool = False
    switched: bool = False
    whole: bool = True

    @property
    def is_rule(self) -> bool:
        """Whether it is a rule, not a filter."""
        return self.keys[0] == "rule"

    @property
    def parts(self) -> list[tuple[tuple[int, int], Region]]:
        """Where the conditions stand that `and` joins to it, and where each is true."""
        if self.expression is None:
            return []
        body = self.expression.tree.body
        joined = isinstance(body, ast.BoolOp) and isinstance(body.op, ast.And)
        nodes = body.values if joined and isinstance(body, ast.BoolOp) else [body]
        return [(span(node), where(node, vocabulary())) for node in nodes]

    @property
    def when(self) -> Keys:
        """The path of a rule's `when`."""
        return (*self.keys[:-1], "when")

    @property
    def sound(self) -> bool:
        """Whether it has no fault, can apply, and then both hold and fail."""
        return bool(self.whole and self.applies and self.holds and self.fails)

    @property
    def terms(self) -> frozenset[str]:
        """What it compares with constants."""
        regions = (*self.applies, *self.holds, *self.fails)
        return frozenset(term for box in regions for term in box)


def clauses(draft: Draft, written: Authored) -> Iterator[Clause]:
    """Yield every condition of a policy: rules in their order, then filters."""
    for index, each in enumerate(draft.rules):
        yield _rule(index, each, written)
    for index, found in enumerate(draft.where):
        keys: Keys = ("select", "where", index)
        if found is not None and written.is_filter(index, found.text):
            regions = _regions(found)
            yield Clause(
                _name(index, found.text, draft, written),
                keys,
                "error",
                found.text,
                found.names,
                EVERYWHERE,
                NOWHERE,
                *regions,
                found,
            )


def _name(index: int, text: str, draft: Draft, written: Authored) -> str:
    if written.is_implied(index):
        return f"`{text}`"
    several = sum(not written.is_implied(each) for each in range(len(draft.where))) > 1
    return f"filter {index + 1} of `where`" if several else "`where`"


def _rule(index: int, draft: RuleDraft, written: Authored) -> Clause:
    rule = draft.rule
    require = draft.require if written.is_condition(index, "require", rule.require) else None
    unconditional = rule.when is None and written.is_condition(index, "when", None)
    return Clause(
        f"rule {rule.id!r}",
        ("rule", index, "require"),
        rule.level,
        rule.require,
        require.names if require else frozenset(),
        *((EVERYWHERE, NOWHERE) if unconditional else _regions(draft.when)),
        *_regions(require),
        require,
        conditional=not unconditional,
        switched=any(each and each.switches for each in (require, draft.when)),
        whole=bool(require and (unconditional or draft.when) and written.is_level(index, rule)),
    )


def _regions(expression: Expression | None) -> tuple[Region, Region]:
    return _regions_of(expression.tree) if expression else (EVERYWHERE, EVERYWHERE)


@lru_cache(MOST)
def _regions_of(tree: ast.Expression) -> tuple[Region, Region]:
    """Return where a condition is true and false; profiles that share a rule share its tree."""
    return sides(tree.body, vocabulary())

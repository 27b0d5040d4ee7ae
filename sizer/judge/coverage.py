"""What cases show of a policy: rules that pass and fail, conditions that decide either way.

A condition is seen true in a case in which it is true and the rule would end otherwise if it were
not (masking MC/DC, after Chilenski, DOT/FAA/AR-01/18, 2001); and so for false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.expr.check import CompiledRule, Policy
from sizer.expr.columns import evaluate
from sizer.expr.explain import Condition, conditions
from sizer.expr.language import Expression
from sizer.judge.outcome import judge, outcome
from sizer.schema.table import Table
from sizer.schema.verdict import FAILS, HOLDS

Rows = NDArray[np.bool_]
Path = tuple[str | int, ...]


@frozen
class Goal:
    """One thing to show of the text at `path` of a merged profile; no `span` means its rule."""

    path: Path
    span: tuple[int, int] | None
    text: str
    shown: str


Judging = Callable[[Expression], NDArray[np.int8]]


@frozen(eq=False)
class Coverage:
    """Which goals the rows of a table reach. Only rows that expect something of a rule count."""

    policy: Policy
    table: Table

    def of_rule(self, index: int, rows: Rows) -> Iterator[tuple[Goal, bool]]:
        """Yield each goal of a rule, and whether a row reaches it."""
        compiled = self.policy.rules[index]
        ended = outcome(compiled.require, compiled.when, self.table)
        for word, code in (("passes", HOLDS), ("fails", FAILS)):
            goal = Goal(("rule", index, "id"), None, compiled.rule.id, word)
            yield goal, bool(np.any((ended == code) & rows))
        for key, expression, judging in _parts(compiled, self.table):
            yield from self._conditions(("rule", index, key), expression, judging, rows)

    def of_where(self, index: int, rows: Rows) -> Iterator[tuple[Goal, bool]]:
        """Yield each goal of a `where` condition, and whether a row reaches it.

        It decides only what nothing else removes.
        """
        path: Path = ("select", "where", index)
        verdicts = judge(self.policy, self.table)
        others = [each.admits for number, each in enumerate(verdicts) if number != index]
        rows = np.logical_and.reduce([rows, *others])

        def judging(expression: Expression) -> NDArray[np.int8]:
            return evaluate(expression, self.table).values

        yield from self._conditions(path, self.policy.where[index], judging, rows)

    def _conditions(
        self, path: Path, expression: Expression, judging: Judging, rows: Rows
    ) -> Iterator[tuple[Goal, bool]]:
        for each in conditions(expression):
            decides = rows & self._decides(each, judging)
            truth = evaluate(each.alone, self.table).values
            for word, code in (("true", 1), ("false", 0)):
                seen = bool(np.any((truth == code) & decides))
                yield Goal(path, each.span, each.text, word), seen

    def _decides(self, condition: Condition, judging: Judging) -> Rows:
        either = (judging(condition.forced(truth=truth)) for truth in (True, False))
        return np.not_equal(*either)


def _parts(compiled: CompiledRule, table: Table) -> Iterator[tuple[str, Expression, Judging]]:
    require, when = compiled.require, compiled.when
    if when is not None:
        yield "when", when, lambda forced: outcome(require, forced, table)
    yield "require", require, lambda forced: outcome(forced, when, table)

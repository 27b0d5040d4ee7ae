"""The static type of a part of an expression."""

from __future__ import annotations

from attrs import evolve, frozen

from sizer.schema.metrics import Kind, Metric, Scope
from sizer.units import NUMBER, Unit


@frozen
class Type:
    """What a part of an expression is.

    `unit` None means that it is made of literals alone and fits any unit. `constant` says that it
    reads no metric. `members` lists the values that a text can have; empty means open. `of` says
    what a number is of, as long as that is known.
    """

    kind: Kind
    unit: Unit | None = None
    constant: bool = False
    members: tuple[str, ...] = ()
    of: Scope | None = None

    @property
    def measured(self) -> Unit:
        """The unit as a factor of a product, where a literal is a bare number."""
        return self.unit or NUMBER


LITERAL = Type("number", None, constant=True)
TRUTH = Type("bool")


def of_metric(metric: Metric) -> Type:
    """Return the type of a metric's values."""
    return Type(metric.kind, metric.unit, members=metric.members, of=metric.of)


def joined(left: Type, right: Type) -> Type:
    """Return the type of a sum or choice of two: constant only if both are."""
    unit = right.unit if left.unit is None else left.unit
    constant = left.constant and right.constant
    return evolve(left, unit=unit, constant=constant, of=left.of or right.of)


def named(kind: Kind) -> str:
    """Return the word for a type in messages."""
    return {"number": "a number", "bool": "true or false", "text": "a text"}[kind]

"""The two ends of a metric's interval, as terms made from one line each."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Literal, get_type_hints

from sizer.estimate.columns.quantity import Numbers, Term
from sizer.schema.metrics import registry

End = Literal["low", "high"]
Pair = tuple[Term, Term]
OTHER: dict[End, End] = {"low": "high", "high": "low"}


def scaled(name: str, ratio: str | None = None) -> Pair:
    """Return a metric times its measured ratios, `<ratio>_low_ratio` and `<ratio>_high_ratio`."""
    return _scaled(name, ratio or name, "low"), _scaled(name, ratio or name, "high")


def at_ends(term: Term, *, same: Sequence[str] = (), opposite: Sequence[str] = ()) -> Pair:
    """Return a term at the ends of what it reads: its low end is at the low end of `same`.

    The columns of `opposite` are taken at their other end, and all others as they are.
    """
    return _at_end(term, "low", same, opposite), _at_end(term, "high", same, opposite)


def _scaled(name: str, ratio: str, end: End) -> Term:
    def term(values: Numbers, share: Numbers) -> Numbers:
        return values * share

    about = f"`{name}` times its measured ratio at the {end} end."
    unit = Annotated[Numbers, str(registry()[name].unit)]
    return named(term, f"{name}_{end}", (name, f"{ratio}_{end}_ratio"), unit, about)


def _at_end(term: Term, end: End, same: Sequence[str], opposite: Sequence[str]) -> Term:
    def at(*columns: Numbers) -> Numbers:
        return term(*columns)

    ends = dict.fromkeys(same, end) | dict.fromkeys(opposite, OTHER[end])
    reads = [
        f"{each}_{ends[each]}" if each in ends else each for each in signature(term).parameters
    ]
    moved = " and ".join(f"`{each}_{ends[each]}`" for each in ends)
    unit = get_type_hints(term, include_extras=True)["return"]
    return named(at, f"{term.__name__}_{end}", reads, unit, f"`{term.__name__}` at {moved}.")


def named(term: Term, name: str, reads: Sequence[str], unit: Any, about: str) -> Term:
    """Give a term what the graph asks of a function: its name, its parameters and its unit."""
    term.__name__, term.__doc__ = name, about
    term.__annotations__ = {"return": unit}
    parameters = [Parameter(each, Parameter.POSITIONAL_ONLY) for each in reads]
    term.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return term

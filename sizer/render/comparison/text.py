"""A comparison for a terminal: who estimates, what each would choose, and figures side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sizer.render.kit.figures import between, digits, unit_of
from sizer.render.kit.look import Look
from sizer.render.listing import Listing
from sizer.render.listing.text import render as listed
from sizer.schema.answered.comparison import Chosen, Compared, Comparison, Figure, Tally
from sizer.schema.answered.report import Value

NONE = "nothing survives"
APART = "<>"
Row = dict[str, Value]


def render(comparison: Comparison, _: Look) -> str:
    """Return the text, as wide as it must be, so that grep finds whole lines."""
    return "\n".join(_parts(comparison))


def _parts(comparison: Comparison) -> Iterator[str]:
    yield "".join(f"{source}\n" for source in comparison.sources)
    yield _drawn([_tally(each, comparison) for each in comparison.tallies])
    for chosen in comparison.chosen:
        yield _choice(chosen, comparison)
        mine = [each for each in comparison.compared if each.model == chosen.model]
        rows = [row for each in mine for row in _compared(each, comparison)]
        if rows:
            yield _drawn(rows)
    share = f"{digits(100 * comparison.share)} %"
    yield f"{APART} more than {share} apart, the largest over the smallest\n{_between(comparison)}"


def _between(comparison: Comparison) -> str:
    if not any(_with_interval(comparison)):
        return ""
    return f"between: where {digits(100 * comparison.confidence)} % of measurements lie\n"


def _choice(chosen: Chosen, comparison: Comparison) -> str:
    names = [each or NONE for each in chosen.candidates]
    if len(set(names)) == 1:
        return f"{chosen.model}\n  chosen by all: {names[0]}\n"
    told = zip(comparison.estimators, names, strict=True)
    lines = "".join(f"  chosen by {who}: {name}\n" for who, name in told)
    return f"{chosen.model} {APART}\n{lines}"


def _tally(tally: Tally, comparison: Comparison) -> Row:
    known = zip(comparison.estimators, tally.known, strict=True)
    biases = zip(comparison.estimators[1:], tally.bias, strict=True)
    return {
        f"of {comparison.candidates:,} candidates": tally.metric,
        **{f"{name} knows": count for name, count in known},
        "all know": tally.compared,
        f"apart {APART}": tally.disagreed,
        **{f"{name}, median": _signed(bias) for name, bias in biases},
    }


def _compared(compared: Compared, comparison: Comparison) -> Iterator[Row]:
    first, *others = comparison.estimators
    shown = [*_with_interval(comparison)]
    own = {each.name: each.unit for each in comparison.own_metrics}
    for number, each in enumerate(compared.figures):
        values = dict(zip(comparison.estimators, each.values, strict=True))
        apart = {
            f"{name} to {first}": _signed(_relative(values[name], values[first])) for name in others
        }
        yield {
            "candidate": "" if number else compared.candidate,
            "metric": each.metric,
            "unit": unit_of(each.metric, own),
            **_cells(each, comparison, shown),
            **apart,
            "": APART if each.disagrees else "",
        }


def _cells(figure: Figure, comparison: Comparison, shown: Sequence[str]) -> Row:
    """Return each estimator's value, and its interval where it has any."""
    cells: Row = {}
    told = zip(comparison.estimators, figure.values, figure.intervals, strict=True)
    for name, value, ends in told:
        cells[name] = value
        if name in shown:
            cells[f"{name}, between"] = between(*ends)
    return cells


def _with_interval(comparison: Comparison) -> Iterator[str]:
    """Yield each estimator that has an interval of any figure."""
    figures = [figure for each in comparison.compared for figure in each.figures]
    for number, name in enumerate(comparison.estimators):
        if any(between(*each.intervals[number]) for each in figures):
            yield name


def _relative(value: Value, first: Value) -> float | None:
    if isinstance(value, float) and isinstance(first, float) and first:
        return value / first - 1.0
    return None


def _signed(share: float | None) -> str:
    return "" if share is None else f"{100 * share:+.0f} %"


def _drawn(rows: list[Row]) -> str:
    return listed(Listing(rows, tuple(rows[0])), Look())

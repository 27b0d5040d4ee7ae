"""Hypothesis strategies for the rule language: well-typed texts, rows with unknowns, attacks."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from sizer.schema.metrics import Metric
from sizer.units import NUMBER, SPELLED, unit

NAMES = {
    each.name: each
    for each in (
        Metric("a_ms", "number", unit("ms"), "lower", "", ""),
        Metric("b_ms", "number", unit("ms"), "lower", "", ""),
        Metric("cost", "number", unit("USD/h"), "lower", "", ""),
        Metric("used_gib", "number", unit("GiB"), "lower", "", ""),
        Metric("card_gb", "number", unit("GB"), "none", "", ""),
        Metric("tp", "number", NUMBER, "none", "", ""),
        Metric("fits", "bool", NUMBER, "higher", "", ""),
        Metric("is_moe", "bool", NUMBER, "none", "", ""),
        Metric("gpu", "text", NUMBER, "none", "", ""),
        Metric("weights", "text", NUMBER, "none", "", "", (), ("bf16", "fp8", "int4")),
    )
}
TEXTS = {"gpu": ("H100", "L4", "été"), "weights": ("bf16", "fp8", "int4")}
NUMBERS = tuple(name for name, metric in NAMES.items() if metric.kind == "number")
UNIT_OF = {name: NAMES[name].unit for name in NUMBERS}

_TYPICAL = st.sampled_from((-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 10.0, 1e300, -1e300, 5e-324))
VALUES = _TYPICAL | st.floats(allow_nan=False, allow_infinity=False)
LITERALS = st.sampled_from(("0", "1", "2", "0.5", ".25", "1e300", "1_000", "3"))


@st.composite
def rows(draw: st.DrawFn) -> dict[str, float | bool | str | None]:
    """One candidate, any cell of which may be unknown."""
    row: dict[str, float | bool | str | None] = {}
    for name, metric in NAMES.items():
        cells = {
            "number": VALUES,
            "bool": st.booleans(),
            "text": st.sampled_from(TEXTS.get(name, ("",))),
        }[metric.kind]
        row[name] = draw(st.none() | cells)
    return row


@cache
def numbers(unit_name: str, depth: int) -> st.SearchStrategy[str]:
    """Texts of numbers in the unit of the metric `unit_name`."""
    same = [name for name in NUMBERS if UNIT_OF[name].per(UNIT_OF[unit_name]) is not None]
    measured = [f"3 {name}" for name, (each, _) in SPELLED.items() if each == UNIT_OF[unit_name]]
    leaf = st.sampled_from([*same, *measured]) | LITERALS
    if depth == 0:
        return leaf
    inner = st.deferred(lambda: numbers(unit_name, depth - 1))
    bare = st.deferred(lambda: numbers("tp", depth - 1))
    test = st.deferred(lambda: conditions(depth - 1))
    return st.one_of(
        leaf,
        st.tuples(inner, st.sampled_from("+-%"), inner).map("({0[0]} {0[1]} {0[2]})".format),
        st.tuples(inner, st.sampled_from(("*", "/", "//")), bare).map(
            "({0[0]} {0[1]} {0[2]})".format
        ),
        st.tuples(st.sampled_from("+-"), inner).map("({0[0]}{0[1]})".format),
        st.tuples(st.sampled_from(("min", "max")), inner, inner, inner).map(
            "{0[0]}({0[1]}, {0[2]}, {0[3]})".format
        ),
        st.tuples(st.sampled_from(("abs", "ceil", "floor", "round")), inner).map(
            "{0[0]}({0[1]})".format
        ),
        st.tuples(inner, inner).map("coalesce({0[0]}, {0[1]})".format),
        st.tuples(inner, test, inner).map("({0[0]} if {0[1]} else {0[2]})".format),
        *([bare.map("log2({})".format), _shares(depth)] if unit_name == "tp" else []),
    )


def _shares(depth: int) -> st.SearchStrategy[str]:
    """Texts of quotients whose two units measure the same."""
    size = st.deferred(lambda: numbers("used_gib", depth - 1)).map("(used_gib - {})".format)
    time = st.deferred(lambda: numbers("a_ms", depth - 1)).map("(a_ms + {})".format)
    return st.one_of(
        size.map("({} / card_gb)".format),
        st.tuples(size, st.sampled_from(("/", "//")), size).map("({0[0]} {0[1]} {0[2]})".format),
        time.map("({} / 2 s)".format),
        st.just("(1 / card_gb * used_gib)"),
    )


@cache
def _atoms(depth: int) -> st.SearchStrategy[str]:
    """Texts of comparisons, each of which reads a metric."""
    order = st.sampled_from(("<", "<=", ">", ">=", "==", "!="))

    def compared(name: str) -> st.SearchStrategy[str]:
        side = numbers(name, depth)
        chained = st.tuples(side, order, st.just(name), order, side)
        once = st.tuples(st.just(f"({name} * 1)"), order, side)
        return chained.map(" ".join) | once.map(" ".join)

    numeric = st.sampled_from(NUMBERS).flatmap(compared)
    texts = st.sampled_from(
        (
            'gpu == "H100"',
            '"L4" != gpu',
            'gpu in ("H100", "nowhere")',
            'gpu not in ["été"]',
            'matches(gpu, "H*")',
            'matches(gpu, "*t?")',
            'matches(gpu, "no such")',
            'matches(weights, "*8")',
            "not matches(weights, '?*6')",
            'weights == "fp8"',
            'weights in ("bf16", "int4")',
            "tp in (1, 2, -1)",
            "tp not in (0.5, 3)",
        )
    )
    truths = st.sampled_from(
        (
            *("fits", "is_moe", "fits == is_moe", "fits != true", "False == is_moe"),
            *(f"is_known({name})" for name in NAMES),
            *("coalesce(fits, is_moe)", "coalesce(fits, false)"),
        )
    )
    return numeric | texts | truths


@cache
def conditions(depth: int = 2) -> st.SearchStrategy[str]:
    """Texts of well-typed conditions."""
    atoms = _atoms(min(depth, 1))
    if depth == 0:
        return atoms
    inner = st.deferred(lambda: conditions(depth - 1))
    return st.one_of(
        atoms,
        st.tuples(inner, st.sampled_from(("and", "or")), inner).map(
            "({0[0]} {0[1]} {0[2]})".format
        ),
        inner.map("(not {})".format),
        st.tuples(inner, inner, inner).map("({0[0]} if {0[1]} else {0[2]})".format),
        st.tuples(inner, inner).map("(({0[0]}) == ({0[1]}))".format),
        st.tuples(inner, inner).map("coalesce({0[0]}, {0[1]})".format),
        inner.map("is_known({})".format),
    )


_KEYWORDS = "and or not in is if else lambda for await None True nope"
_MARKS = "< <= == = := & | ^ ~ ** // % @ << -> ; # ( ) [ ] { } , . : ' \" \\ ..."
_NUMBERS = "0 1 10ms 0x1F 1e999 1j 0or"
_CALLS = "__class__ __import__ min log2( is_known( gi_frame str open é 'a' f'{tp}' b'a'"
_INVISIBLE = ("\n", "\t", "\0", "\u200b", "\uff58", "\ud800", "9" * 400)
_WORDS = st.sampled_from(
    (*NAMES, *f"{_KEYWORDS} {_MARKS} {_NUMBERS} {_CALLS}".split(), *_INVISIBLE)
)


def hostile() -> st.SearchStrategy[str]:
    """Texts that nobody means well with: any characters, mixed words, long repetitions."""
    mixed = st.lists(_WORDS, max_size=40).map(" ".join) | st.lists(_WORDS, max_size=40).map("".join)
    repeated = st.tuples(_WORDS, st.integers(1, 5000), st.sampled_from(("", " ", " tp < 1")))
    return st.text(max_size=300) | mixed | repeated.map(lambda x: x[0] * x[1] + x[2])

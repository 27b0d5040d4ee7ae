"""Messages: templates that print metrics and can do nothing else."""

from __future__ import annotations

import pytest

from sizer.diagnostic import Place, Problem
from sizer.expr.check.check import compile_message
from sizer.expr.language.cell import Cell
from sizer.expr.text.source import Source, plain
from sizer.schema.asked.parameter import Parameter
from sizer.schema.metrics import registry

ROW: dict[str, Cell] = {
    "gpu": "H100\x1b[31m\n::error::",
    "itl_ms": 1234.567,
    "fits": True,
    "tp": 8.0,
    "cost_usd_per_hour": None,
    "ttft_ms": 0.012344,
}

PARAMETERS = {"lim_ms": Parameter("lim_ms", 250.0), "home": Parameter("home", "L4")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain", "plain"),
        ("{latency_ms:.0f} ms", "1235 ms"),
        ("{itl_ms:,.1f}|{itl_ms}|{ttft_ms}", "1,234.6|1235|0.01234"),
        ("x{tp} {tp:d} {tp:.1e}", "x8 8 8.0e+00"),
        ("{fits}", "true"),
        ("{cost:.2f} {pp}", "unknown unknown"),
        ("{{tp}} {tp}", "{tp} 8"),
        ("{gpu}", "H100[31m ::error::"),
        ("a\x1bb\u202ec", "abc"),
    ],
)
def test_a_message_is_filled_with_printable_text(text: str, said: str) -> None:
    assert compile_message(plain(text), registry()).fill(ROW) == said


def test_a_parameter_is_printed_as_it_is() -> None:
    names = {
        **registry(),
        "most": Parameter("most", 4.0),
        "home": Parameter("home", "L4"),
    }
    found = compile_message(plain("{most:.2f} {most} {most:d} {home}"), names)
    assert (found.fill({}), found.names) == ("4.00 4 4 L4", frozenset())


@pytest.mark.parametrize("number", [1e300, -1e300, 1e15, 0.0, 12345.678])
def test_a_number_is_never_long(number: float) -> None:
    assert len(compile_message(plain("{tp}"), registry()).fill({"tp": number})) < 20


def test_a_message_knows_its_canonical_metrics() -> None:
    found = compile_message(plain("{latency_ms} {gpu}"), registry())
    assert found.names == {"itl_ms", "gpu"}
    assert found.text == "{latency_ms} {gpu}"


def test_the_longest_message_is_accepted() -> None:
    assert compile_message(plain("x" * 4096), registry()).fill({}) == "x" * 4096


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("{latencyms}", "SZ202", "latencyms"),
        ("{0}", "SZ202", "0"),
        ("{", "SZ201", "{"),
        ("a } b", "SZ201", "}"),
        ("{}", "SZ205", "{}"),
        ("{gpu.name}", "SZ205", "{gpu.name}"),
        ("{gpu[0]}", "SZ205", "{gpu[0]}"),
        ("{gpu!r}", "SZ205", "{gpu!r}"),
        ("{tp:>9}", "SZ205", ">9"),
        ("{tp:0999999d}", "SZ205", "0999999d"),
        ("{lim_ms:x}", "SZ205", "x"),
        ("{lim_ms:>999999999}", "SZ205", ">999999999"),
        ("{lim_ms:.999999999f}", "SZ205", ".999999999f"),
        ("{home:.0f}", "SZ203", ".0f"),
        ("{gpu:.0f}", "SZ203", ".0f"),
        ("{fits:d}", "SZ203", "d"),
        ("x" * 5000, "SZ205", "x"),
    ],
)
def test_a_fault_of_a_message_has_its_place(text: str, code: str, at: str) -> None:
    spans: list[str] = []

    def place(start: int, end: int) -> Place:
        spans.append(text[start:end])
        return Place("p.toml", 1, start + 1)

    with pytest.raises(Problem) as caught:
        compile_message(Source(text, place), {**registry(), **PARAMETERS})
    assert [(each.code) for each in caught.value.diagnostics] == [code]
    assert spans == [at]

from __future__ import annotations

import pytest
from attrs import evolve
from reports_by_hand import answered, choice, refused, report

from sizer.render.forms import REPORT
from sizer.render.kit import Look
from sizer.render.kit.figures import figure, interval, measured
from sizer.render.kit.phrases import missed
from sizer.render.report.ranking import shortened
from sizer.render.report.words import columns
from sizer.schema.answered.report import Answer, AtLoad, Bound, Report

ESCAPE = "\x1b"


def lines_of(answer: Answer, look: Look | None = None) -> list[str]:
    return REPORT.render(report(answer), "text", look).splitlines()


def test_the_choice_its_reason_and_its_numbers_come_first() -> None:
    lines = lines_of(answered())
    assert lines[0] == "acme/one-7B"
    assert lines[1].strip() == answered().chosen.candidate  # type: ignore[union-attr]
    assert " ".join(lines[2].split()[:8]) == "why 3 of 40 candidates survive the conditions;"
    text = "\n".join(lines)
    for number in ("85.25 ms", "8.125 ms", "1,234 tokens/s", "24 GiB", "40 GiB", "4.76 USD/h"):
        assert number in text


def test_unknown_is_written_as_unknown() -> None:
    text = "\n".join(lines_of(answered()))
    assert "cost_usd_per_mtok    unknown" in text


def test_rules_that_do_not_hold_are_told() -> None:
    text = "\n".join(lines_of(answered()))
    assert "warning[budget.soft]: 4.76 USD an hour" in text
    assert "info[power.known]: tdp_w <= 700 (unknown)" in text


def test_the_funnel_counts_every_condition() -> None:
    rows = [line.split() for line in lines_of(answered())]
    assert ["fits", "40", "30", "2", "10"] in rows
    assert ["slo.first", "(error)", "10", "7", "0", "3"] in rows


def test_nothing_survived_shows_the_near_miss_with_its_margins() -> None:
    text = "\n".join(lines_of(refused()))
    assert "no candidate survives" in text
    assert "itl_ms < 10: 14.2 against 10, 42 % off" in text
    assert "fits: no" in text


def test_assumptions_and_price_dates_are_told() -> None:
    text = "\n".join(lines_of(answered()))
    assert "our-a100: link assumed to be PCIe 4.0 x16, 32 GB/s" in text
    assert (
        "2.380 USD/h (lambda, 2026-01-02), median of 5: 1.800 (vast) to 12.000 (azure); 2 undated"
        in " ".join(text.split())
    )


def test_plain_unless_the_look_has_colour() -> None:
    assert ESCAPE not in REPORT.render(report(), "text")
    assert ESCAPE in REPORT.render(report(), "text", Look(colour=True))


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_no_line_is_wider_than_the_look(width: int) -> None:
    assert max(map(len, lines_of(answered(), Look(width)))) <= width


def test_each_load_has_its_best_or_none() -> None:
    lines = [line.split() for line in lines_of(answered())]
    headed = next(n for n, line in enumerate(lines) if line[:4] == ["best", "at", "each", "load"])
    assert lines[headed + 2][:5] == ["H100-SXM5-80GB", "x2", "fp8", "tp2", "1024+256"]
    assert ["none", "at", "1024+256", "c512"] in lines
    assert "None at 1024+256 c512." in REPORT.render(report(answered()), "markdown").splitlines()


def test_loads_that_fill_pages_are_left_to_programs() -> None:
    many = evolve(answered(), per_load=tuple(AtLoad(f"1+1 c{n}", None) for n in range(1, 14)))
    for form in ("text", "markdown"):
        shown = " ".join(REPORT.render(report(many), form).split())
        assert "est at each of 13 loads: `--format json`" in shown
        assert "c13" not in shown


def test_markup_in_names_is_text() -> None:
    assert lines_of(refused("[red]x[/red]"))[0] == "[red]x[/red]"


def test_an_empty_report_has_no_line_about_models() -> None:
    empty = Report(answers=(), sort="cost")
    assert REPORT.render(empty, "text") == "sorted by  cost\n"


def test_what_decides_the_order_is_a_column() -> None:
    assert columns(Report((), "tokens_per_second_per_gpu desc then cost"))[0].metric == (
        "tokens_per_second_per_gpu"
    )
    assert [column.metric for column in columns(Report((), "cost"))].count("cost_usd_per_hour") == 1
    shown = REPORT.render(
        Report((answered(),), sort="tokens_per_second_per_gpu"), "text", Look(120)
    )
    [heading] = [line.split() for line in shown.splitlines() if line.startswith("  candidate")]
    assert heading[1:3] == ["per", "GPU"]


def test_what_all_candidates_share_is_said_once() -> None:
    lines = [line.split() for line in lines_of(answered())]
    assert ["all", "with", "fp8", "tp2", "1024+256", "c8"] in lines
    assert ["L4", "x2"] in [line[:2] for line in lines if "fp8" not in line]


@pytest.mark.parametrize(
    ("names", "short", "shared"),
    [
        (["L4 x1 fp8 tp1 c8"], ["L4 x1 fp8 tp1 c8"], ""),
        (["L4 x1 fp8 c8", "L4 x2 fp8 r2 c8"], ["L4 x1", "L4 x2 r2"], "fp8 c8"),
        (["our x2 card x1 fp8", "L4 x1 bf16"], ["our x2 card x1 fp8", "L4 x1 bf16"], ""),
    ],
)
def test_names_are_short_where_they_agree(names: list[str], short: list[str], shared: str) -> None:
    assert shortened(names) == (short, shared)


@pytest.mark.parametrize("width", [60, 70, 80, 100])
def test_columns_give_way_to_a_narrow_terminal_and_no_figure_is_cut(width: int) -> None:
    shown = REPORT.render(
        Report((answered(),), sort="max_tokens_per_second then cost"), "text", Look(width)
    )
    [first] = [line for line in shown.splitlines() if line.startswith("  L4 x2")]
    cells = first.split()[2:]
    everything = ["1.5", "4.76", "85.25", "8.125", "1,234", "40", "4.76", "unknown", "bandwidth"]
    assert cells[0] == "1.5"
    assert "4.76" in cells
    assert set(cells) <= set(everything)
    assert width < 100 or cells == [*everything[:1], *everything[2:]]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "unknown"),
        (float("nan"), "unknown"),
        (float("inf"), "unbounded"),
        (True, "yes"),
        ("fp8", "fp8"),
        (0.0, "0"),
        (12345.6, "12,346"),
        (0.012346, "0.01235"),
        (-3.25, "-3.25"),
    ],
)
def test_figures_have_four_digits(value: float | str | None, shown: str) -> None:
    assert figure(value) == shown


def test_a_measure_has_its_unit() -> None:
    assert measured("itl_ms", choice().metrics) == "8.125 ms"
    assert measured("tp", choice().metrics) == "2"
    assert measured("itl_ms", {}) == "unknown"


def test_a_bound_of_a_rule_names_the_rule() -> None:
    assert missed(Bound("slo.x", "ttft_ms <= 500", 612.0, 500.0, 0.224)) == (
        "slo.x: ttft_ms <= 500: 612 against 500, 22.4 % off"
    )
    assert missed(Bound("cost < 3", "cost < 3", None, 3.0, None)) == ("cost < 3: unknown against 3")


def test_an_interval_stands_behind_its_figure_and_is_explained() -> None:
    lines = lines_of(answered())
    assert any("8.125 ms (1.5\N{EN DASH}1.5)" in line for line in lines)
    assert " ".join(lines[-1].split()) == "in brackets where 90 % of measurements lie"
    assert not any("in brackets" in line for line in lines_of(refused()))


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (1922.5, 5153.3, "1,920\N{EN DASH}5,150"),
        (2.359, 6.741, "2.36\N{EN DASH}6.74"),
        (-3.21, 5.0, "-3.21 to 5"),
        (None, 5.0, ""),
        (1.0, float("inf"), ""),
        (1.0, float("nan"), ""),
    ],
)
def test_both_ends_have_three_digits(low: float | None, high: float, shown: str) -> None:
    assert interval("itl_ms", {"itl_ms_low": low, "itl_ms_high": high}) == shown
    assert interval("gpus", {"gpus": 1.0}) == ""

from __future__ import annotations

import csv
import json
import tomllib
from io import StringIO
from typing import Any

import pytest
from reports_by_hand import HOSTILE, answered, refused, report

from sizer.render.forms import REPORT
from sizer.schema.answered.report import Choice
from sizer.schema.metrics import METRICS
from sizer.units import GB, GIB

PERFORMANCE = {
    "tokens_per_second",
    "intertoken_latency_ms",
    "memory_required_gb",
    "memory_weights_gb",
    "memory_kv_cache_gb",
    "fits_in_memory",
    "compute_bound",
    "tensor_parallel_size",
    "ttft_ms",
    "e2e_latency_s",
    "bottleneck",
    "memory_activations_gb",
    "memory_overhead_gb",
}
OF_A_GPU = {
    "gpu_name",
    "fits",
    "memory_available_gb",
    "meets_latency_requirement",
    "cost_per_hour",
}


def from_json(form: str = "json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(REPORT.render(report(), form))
    return found


@pytest.mark.parametrize("form", REPORT.forms)
def test_the_same_report_gives_the_same_bytes(form: str) -> None:
    first = REPORT.render(report(), form)
    assert first == REPORT.render(report(), form)
    assert first.endswith("\n")
    assert not first.endswith("\n\n")


@pytest.mark.parametrize("form", REPORT.forms)
def test_no_control_character_leaves(form: str) -> None:
    written = REPORT.render(report(refused(HOSTILE)), form)
    assert all(c.isprintable() or c == "\n" for c in written)
    assert "owned" not in written
    if form != "csv":  # it lists no candidate of this model
        assert "evil" in written


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_what_was_not_proposed_is_one_line(form: str) -> None:
    said = "6 splits: heads or widths do not divide (5), the accelerator has no kernel"
    assert REPORT.render(report(), form).count(said) == 1


def test_json_has_its_version_first_and_every_part() -> None:
    data = from_json()
    assert list(data)[:2] == ["version", "profile"]
    assert data["version"] == 2
    assert data["answered"] is False
    first, second = data["answers"]
    assert first["chosen"]["findings"][1]["outcome"] == "unknown"
    assert len(first["others"]) == 2
    assert len(first["per_gpu"]) == 3
    assert first["funnel"][0] == {
        "label": "fits",
        "kind": "where",
        "given": 40,
        "removed": 30,
        "unknown": 2,
        "left": 10,
        "waived": 0,
        "lacking": [],
        "overload": None,
    }
    assert first["unproposed"][1] == {
        "reason": "no kernel",
        "splits": 1,
        "text": "the accelerator has no kernel for the format",
    }
    assert second["unproposed"] == []
    assert second["chosen"] is None
    assert second["near_miss"]["bounds"][0]["margin"] == 0.42


def test_json_orders_metrics_as_the_registry_whatever_the_estimator_did() -> None:
    metrics = from_json()["answers"][0]["chosen"]["metrics"]
    assert list(metrics) == [metric.name for metric in METRICS]


def test_json_writes_unknown_nan_and_infinity_as_null() -> None:
    odd = Choice("x", {"ttft_ms": float("nan"), "itl_ms": float("inf"), "tdp_w": None})
    answer = answered().__class__("m", 1, 1, odd, None, (), ())
    written = REPORT.render(report(answer), "json")
    metrics = json.loads(written)["answers"][0]["chosen"]["metrics"]
    assert metrics == {"ttft_ms": None, "itl_ms": None, "tdp_w": None}
    assert "NaN" not in written
    assert "Infinity" not in written


def test_json_counts_are_whole_and_quantities_are_not() -> None:
    metrics = from_json()["answers"][0]["chosen"]["metrics"]
    assert (metrics["tp"], type(metrics["tp"])) == (2, int)
    assert (metrics["memory_headroom_gib"], type(metrics["memory_headroom_gib"])) == (40.0, float)


def test_toml_holds_what_json_holds_without_the_unknown() -> None:
    def known(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: known(each) for name, each in value.items() if each is not None}
        return [known(each) for each in value] if isinstance(value, list) else value

    assert tomllib.loads(REPORT.render(report(), "toml")) == known(from_json())


def test_csv_has_a_row_for_each_listed_candidate_and_a_column_for_each_metric() -> None:
    header, *rows = csv.reader(StringIO(REPORT.render(report(), "csv")))
    assert header == ["rank", "candidate", *(metric.name for metric in METRICS), "waived"]
    assert [row[0] for row in rows] == ["1", "2", "3"]
    cells = dict(zip(header, rows[0], strict=True))
    assert cells["cost_usd_per_mtok"] == ""
    assert cells["fits"] == "true"
    assert cells["itl_ms"] == "8.125"


def test_csv_runs_no_formula_in_a_spreadsheet() -> None:
    odd = Choice("=cmd", {"model": "@x", "memory_headroom_gib": -1.5})
    written = REPORT.render(report(answered().__class__("m", 1, 1, odd, None, (), ())), "csv")
    assert "'=cmd" in written
    assert "'@x" in written
    assert ",-1.5," in written


def test_reference_has_exactly_the_other_systems_shape() -> None:
    data = from_json("reference")
    assert list(data) == ["recommendations"]
    first, second = data["recommendations"]
    keys = {
        "model_name",
        "recommended_gpu",
        "performance",
        "reasoning",
        "all_compatible_gpus",
        "incompatible_gpus",
        "notes",
    }
    assert set(first) == set(second) == keys
    assert set(first["performance"]) == PERFORMANCE
    for gpu in first["all_compatible_gpus"]:
        assert set(gpu) == PERFORMANCE | OF_A_GPU
    assert second["recommended_gpu"] is None
    assert second["performance"] is None


def test_reference_counts_memory_in_decimal_gigabytes() -> None:
    performance = from_json("reference")["recommendations"][0]["performance"]
    assert performance["memory_required_gb"] == pytest.approx(24.0 * GIB / GB)
    assert performance["tensor_parallel_size"] == 2


def test_markdown_escapes_what_would_be_markup() -> None:
    written = REPORT.render(report(refused("a|b`c<script>_x_")), "markdown")
    assert r"## a\|b\`c\<script\>\_x\_" in written
    rows = [line for line in written.splitlines() if line.startswith("| fits")]
    assert rows == ["| fits | 4 | 4 | 0 | 0 |"]


def test_markdown_has_a_column_for_intervals() -> None:
    text = REPORT.render(report(), "markdown")
    assert "| metric | value | interval |" in text
    assert "| itl\\_ms | 8.125 ms | 1.5\N{EN DASH}1.5 |" in text
    assert "Intervals: where 90 % of measurements lie." in text

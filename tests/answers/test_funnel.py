"""The funnel names what is missing where a condition is unknown, and how much is too much."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from asking import answers, run

UNKNOWN = """
models = [{ name = "meta-llama/Llama-3.1-8B" }]
fleet = { gpus = ["TPU-v4", "L4", "RTX-4080"], max_gpus_per_replica = 4, custom = [SILENT] }
select = { where = ["itl_ms < 100", "cost_usd_per_hour < 5"], sort = "itl_ms" }
"""
SILENT = '{ name = "silent", memory_gb = 48, memory_bandwidth_gb_s = 900, cost_per_hour = 0.1 }'
UNKNOWN = UNKNOWN.replace("SILENT", SILENT)
LATE = """
models = [{ name = "meta-llama/Llama-3.1-8B" }]
fleet = { gpus = ["L4", "H100"], max_gpus_per_replica = 2 }
metrics = { spread = "ttft_ms / (tp - 1)" }
select.sort = "ttft_ms"
"""
BUSY = """
models = [{ name = "meta-llama/Llama-3.1-8B", weights = "fp8" }]
fleet = { gpus = ["L4", "H100"], max_gpus_per_replica = 2, max_gpus = 2 }
workload.request_rate = RATES
"""


def stage(answer: dict[str, Any], label: str) -> dict[str, Any]:
    (found,) = (each for each in answer["funnel"] if each["label"] == label)
    return dict(found)


def test_what_is_unknown_names_the_fact_the_accelerator_and_how_many(tmp_path: Path) -> None:
    _, (answer,) = answers(tmp_path, UNKNOWN)
    paced = stage(answer, "itl_ms < 100")
    assert paced["lacking"] == [
        {"fact": "peak", "gpu": "silent", "candidates": 3},
        {"fact": "link", "gpu": "TPU-v4", "candidates": 2},
    ]
    assert paced["unknown"] == 5
    priced = stage(answer, "cost_usd_per_hour < 5")
    assert priced["lacking"] == [{"fact": "price", "gpu": "RTX-4080", "candidates": 3}]
    assert stage(answer, "fits")["lacking"] == []


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_pages_say_so(tmp_path: Path, form: str) -> None:
    _, out, _ = run(tmp_path, UNKNOWN, "--format", form)
    said = " ".join(out.replace("\\", "").split())
    assert "5 by itl_ms < 100: no link speed for TPU-v4 (2); no peak rate for silent (3)" in said
    assert "3 by cost_usd_per_hour < 5: no price for RTX-4080 (3)" in said


def test_many_accelerators_are_counted_not_listed(tmp_path: Path) -> None:
    text = UNKNOWN.replace('["TPU-v4", "L4", "RTX-4080"]', '"RTX-*"')
    text = text.replace('"itl_ms < 100", ', "").replace("= 4,", "= 1,")
    _, (answer,) = answers(tmp_path, text)
    lacking = stage(answer, "cost_usd_per_hour < 5")["lacking"]
    assert len(lacking) > 4
    _, out, _ = run(tmp_path, text)
    assert f"and {len(lacking) - 4} more ({len(lacking) - 4})" in " ".join(out.split())


@pytest.mark.parametrize("text", ["spread > 0", "ttft_ms / (tp - 1) > 0", "rule"])
def test_a_division_by_zero_lacks_no_fact(tmp_path: Path, text: str) -> None:
    rule = '[[rule]]\nid = "rule"\nwhen = "is_known(cost)"\nrequire = "spread > 0"\n'
    where = f'select.where = ["{text}"]\n' if text != "rule" else ""
    asked = LATE + where + (rule if text == "rule" else "")
    _, (answer,) = answers(tmp_path, asked)
    facts = {(each["fact"], each["candidates"]) for each in stage(answer, text)["lacking"]}
    assert facts == {("value", 1)}


def test_a_fact_that_a_condition_does_without_is_not_blamed(tmp_path: Path) -> None:
    where = "coalesce(cost, 3) < 5 and itl_ms < 100 and not is_known(launch_year - launch_year)"
    text = UNKNOWN.replace('"itl_ms < 100", "cost_usd_per_hour < 5"', f'"{where}"')
    _, (answer,) = answers(tmp_path, text)
    facts = {each["fact"] for each in answer["funnel"][0]["lacking"]}
    assert facts <= {"peak", "link"}


def test_what_cannot_keep_up_has_no_times_and_the_funnel_says_why(tmp_path: Path) -> None:
    text = BUSY.replace("RATES", "20") + 'select.where = ["itl_ms < 60"]\n'
    _, (answer,) = answers(tmp_path, text)
    paced = stage(answer, "itl_ms < 60")
    assert {(each["fact"], each["gpu"]) for each in paced["lacking"]} == {("overload", "L4")}
    _, out, _ = run(tmp_path, text)
    assert "by itl_ms < 60: overloaded, so without times: L4 (" in " ".join(out.split())


@pytest.mark.parametrize("rates", ["400", "[1, 400, 100]"])
def test_the_funnel_says_how_much_is_too_much_at_the_worst_load(tmp_path: Path, rates: str) -> None:
    text = BUSY.replace("RATES", rates)
    _, (answer,) = answers(tmp_path, text)
    over = stage(answer, "not overloaded")["overload"]
    assert over["request_rate"] == 400
    assert over["max_request_rate"] == max(each["max_request_rate"] for each in _served(tmp_path))
    needed = over["replicas_needed"]
    assert over["gpus_needed"] >= needed > 400 / over["max_request_rate"]
    for form in ("text", "markdown"):
        _, out, _ = run(tmp_path, text, "--format", form)
        said = " ".join(out.replace("\\", "").split())
        assert "400 requests/s arrive, the nearest serves at most" in said
        assert (
            f"at least {needed} replicas would keep up, {over['gpus_needed']} accelerators in all"
            in said
        )


def _served(folder: Path) -> list[dict[str, Any]]:
    text = BUSY.replace("RATES", "400") + 'select = { where = ["overloaded"], sort = "gpus" }\n'
    _, out, _ = run(folder, text, "--format", "json", "--all")
    (answer,) = json.loads(out)["answers"]
    return [each["metrics"] for each in (answer["chosen"], *answer["others"])]

"""Questions about power and energy, as users ask them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asking import answers, run

from sizer import size
from sizer.catalog.calibration import power_calibration

IDLE_H100_W = power_calibration().value("idle_power_share", "Hopper") * 700.0
QUESTION = """
models = [{ name = "meta-llama/Llama-3.1-8B", weights = "fp8" }]
fleet = { gpus = ["H100-SXM5-80GB", "L4"] }
workload.request_rate = 2
"""


def chosen(**tables: Any) -> dict[str, Any]:
    model = {"name": "meta-llama/Llama-3.1-8B", "weights": "fp8"}
    choice = size({"models": [model]} | tables).answers[0].chosen
    assert choice is not None
    return dict(choice.metrics)


def test_a_rule_reads_power_in_kilowatts(tmp_path: Path) -> None:
    for limit, code in (("1 kW", 0), ("0.1 kW", 1)):
        rule = f'[[rule]]\nid = "rack"\nrequire = "power_w <= {limit}"\n'
        one = QUESTION.replace(', "L4"', "") + rule
        assert answers(tmp_path, one)[0] == code


def test_watts_are_not_compared_with_joules(tmp_path: Path) -> None:
    code, _, said = run(tmp_path, QUESTION + '[select]\nwhere = ["power_w < kwh_per_mtok"]\n')
    assert code == 2
    assert "W" in said
    assert "kWh/Mtok" in said
    other = '[select]\nwhere = ["joules_per_output_token < kwh_per_mtok * 4"]\n'
    assert run(tmp_path, QUESTION + other)[0] == 0


def test_a_price_that_nobody_gives_is_named_with_its_key(tmp_path: Path) -> None:
    asked = QUESTION + '[select]\nsort = "energy_usd_per_hour"\n'
    code, out, said = run(tmp_path, asked)
    assert code == 1
    assert "no `energy.usd_per_kwh` is given" in said
    assert "give `energy.usd_per_kwh`" in said
    assert "no candidate can be ranked" in out
    code, out, _ = run(tmp_path, "energy.usd_per_kwh = 0.1\n" + asked)
    assert code == 0
    assert "no power of a server beside its accelerators of L4" in " ".join(out.split())
    code, out, _ = run(tmp_path, "energy = { usd_per_kwh = 0.1, host_w = 900 }\n" + asked)
    assert code == 0
    assert "beside its accelerators" not in out


def test_a_condition_says_which_key_it_lacks(tmp_path: Path) -> None:
    asked = QUESTION + '[[rule]]\nid = "grid"\nrequire = "gco2_per_mtok <= 500"\n'
    _, out, _ = run(tmp_path, asked)
    assert "no `energy.gco2_per_kwh` for" in " ".join(out.split())


def test_no_cost_has_energy_in_it() -> None:
    load = {"fleet": {"gpus": ["H100"]}, "workload": {"request_rate": 2}}
    free, paid = chosen(**load), chosen(**load, energy={"usd_per_kwh": 50.0})
    assert paid["energy_usd_per_hour"] > free["cost_usd_per_hour"]
    for name in ("cost_usd_per_hour", "cost_usd_per_month", "cost_usd_per_mtok"):
        assert paid[name] == free[name]


def test_sides_apart_draw_what_both_of_them_do() -> None:
    found = chosen(
        fleet={"gpus": ["H100"], "max_gpus": 4},
        workload={"input_tokens": 4000, "output_tokens": 200, "request_rate": 2},
        engine={"disaggregated": {"prefill": {"tp": 1}, "decode": {"tp": 1}, "aggregated": False}},
    )
    assert IDLE_H100_W * found["gpus"] < found["power_w_low"] < found["power_w"]
    assert found["power_w"] < found["power_w_high"] <= 700.0 * found["gpus"]
    assert found["joules_per_output_token"] == pytest.approx(found["power_w"] / (2 * 200))


def test_an_embedder_draws_power_and_has_no_energy_of_written_tokens() -> None:
    figures = [
        chosen(
            models=[{"name": "BAAI/bge-m3"}],
            fleet={"gpus": ["L4"]},
            workload={"input_tokens": 512, "request_rate": rate},
            select={"sort": "power_w"},
        )
        for rate in (1, 50)
    ]
    idle, busy = (each["power_w"] / each["gpus"] for each in figures)
    assert 0 < idle < busy < 72.0
    for name in ("joules_per_output_token", "kwh_per_mtok", "gco2_per_mtok"):
        assert all(each[name] is None for each in figures)


def test_another_estimator_knows_no_power(tmp_path: Path) -> None:
    pytest.importorskip("aiconfigurator_core")
    code, (answer,) = answers(tmp_path, QUESTION + 'estimator.name = "aiconfigurator"\n')
    assert code in {0, 1}
    assert answer["chosen"] is None or answer["chosen"]["metrics"]["power_w"] is None


def test_who_asks_for_power_reads_what_it_rests_on(tmp_path: Path) -> None:
    _, plain, _ = run(tmp_path, QUESTION)
    assert "power" not in plain
    _, out, _ = run(
        tmp_path, QUESTION + '[metrics]\nx = "wall_power_w / gpus"\n[select]\nsort = "x asc"\n'
    )
    said = " ".join(out.split())
    assert "H100-SXM5-80GB: a server draws 2,898 W beside 8 accelerators" in said
    _, out, _ = run(tmp_path, QUESTION + '[select]\nsort = "power_w_high"\n')
    said = " ".join(out.split())
    assert "L4: no power of its family was measured" in said
    assert "a server draws" not in said

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from sizer import size
from sizer.catalog.gpus import find_gpu
from sizer.cli import main
from sizer.diagnostic import Problem
from sizer.load import load
from sizer.render.report import gpu_price
from sizer.render.report.assumptions import assumption_text
from sizer.resolve.owning import owned_price, owning
from sizer.schema.asked.owned import Owned
from sizer.schema.facts.price import OWNED

H100 = find_gpu("H100-SXM5-80GB").value
SERVER = Owned("H100", 280_000, 4, 0.12, gpus=8, host_w=2400, pue=1.3)
Capture = pytest.CaptureFixture[str]


def asked(*owned: dict[str, Any], **fleet: Any) -> dict[str, Any]:
    return {
        "models": [{"name": "Qwen/Qwen2.5-7B"}],
        "fleet": {"gpus": ["H100"], "owned": list(owned), **fleet},
    }


def test_a_server_is_paid_off_and_draws_power() -> None:
    found = owning(SERVER, H100)
    assert found.purchase_usd_per_hour == pytest.approx(280_000 / (4 * 8760))
    assert found.kilowatts == pytest.approx((8 * 700 + 2400) * 1.3 / 1000)
    assert found.power_usd_per_hour == pytest.approx(10.4 * 0.12)
    assert found.usd_per_hour == pytest.approx(7.990868 + 1.248)
    price = owned_price(found)
    assert price is not None
    assert (price.provider, price.gpus) == (OWNED, 8)


def test_hours_that_it_serves_carry_the_whole_price() -> None:
    half = owning(evolve(SERVER, hours_per_year=4380), H100)
    assert half.purchase_usd_per_hour == pytest.approx(2 * 280_000 / (4 * 8760))
    assert half.power_usd_per_hour == owning(SERVER, H100).power_usd_per_hour


def test_without_a_tdp_the_cost_is_unknown_unless_power_is_free() -> None:
    nameless = evolve(H100, tdp_w=None)
    assert owning(SERVER, nameless).usd_per_hour is None
    assert owned_price(owning(SERVER, nameless)) is None
    free = owning(evolve(SERVER, usd_per_kwh=0.0), nameless)
    assert free.usd_per_hour == free.purchase_usd_per_hour


def test_an_answer_is_at_what_is_owned_and_says_how() -> None:
    table = {"gpu": "H100", "purchase_usd": 280_000, "years": 4, "usd_per_kwh": 0.12, "gpus": 8}
    report = size(asked({**table, "host_w": 2400, "pue": 1.3}))
    chosen = report.answers[0].chosen
    assert chosen is not None
    assert chosen.metrics["cost_usd_per_hour"] == pytest.approx(9.238868, rel=1e-6)
    assert chosen.bought is not None
    assert (chosen.bought.provider, chosen.bought.gpus) == (OWNED, 8)
    assert gpu_price(report.prices[0]) == "H100-SXM5-80GB: 1.155 USD/h (owned)"
    assert (
        "H100-SXM5-80GB: a server of 8 costs 9.239 USD/h to own: "
        "7.991 for 280,000 USD over 4 years of 8,760 hours, 1.248 for 10.4 kW at 0.12 USD/kWh"
    ) in map(assumption_text, report.assumptions)


def test_one_by_one_an_accelerator_leaves_none_over() -> None:
    table = {"gpu": "H100", "purchase_usd": 30_000, "years": 5, "usd_per_kwh": 0.1}
    report = size(asked(table, max_gpus=3))
    chosen = report.answers[0].chosen
    assert chosen is not None
    assert chosen.bought is not None
    assert chosen.bought.left_over == 0


def test_what_is_owned_is_the_fleet_where_no_other_is_named() -> None:
    table = {"gpu": "L4", "purchase_usd": 2_500, "years": 4, "usd_per_kwh": 0.1}
    question = asked(table)
    del question["fleet"]["gpus"]
    assert [each.gpu for each in size(question).prices] == ["L4"]


def test_an_owned_accelerator_of_unknown_power_has_no_cost_and_a_warning(
    tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'dsl = 1\n[[models]]\nname = "Qwen/Qwen2.5-7B"\n'
        '[[fleet.custom]]\nname = "ours"\nmemory_gb = 80.0\nmemory_bandwidth_gb_s = 2000.0\n'
        "tflops_fp16 = 300.0\n"
        '[[fleet.owned]]\ngpu = "ours"\npurchase_usd = 9000\nyears = 3\nusd_per_kwh = 0.2\n'
    )
    (note,) = load(path).notes
    assert (note.code, note.severity) == ("SZ708", "warning")
    assert main(["run", str(path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["prices"][0]["usd_per_gpu_hour"] is None
    path.write_text(path.read_text().replace("tflops_fp16", "tdp_w = 400\ntflops_fp16"))
    assert load(path).notes == ()
    assert main(["run", str(path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["prices"][0]["usd_per_gpu_hour"] == pytest.approx(9000 / 3 / 8760 + 0.08)


@pytest.mark.parametrize(
    ("owned", "code", "said"),
    [
        ('gpu = "H1000"', "SZ701", "unknown accelerator 'H1000'"),
        ('gpu = "H100"\nyears = 0', "SZ104", "years must be above 0"),
        ('gpu = "H100"\npue = 0.9', "SZ104", "pue must be at least 1"),
    ],
)
def test_faults_of_what_is_owned(tmp_path: Path, owned: str, code: str, said: str) -> None:
    years = "" if "years" in owned else "\nyears = 3"
    path = tmp_path / "a.toml"
    path.write_text(
        'dsl = 1\n[[models]]\nname = "Qwen/Qwen2.5-7B"\n[[fleet.owned]]\n'
        f"{owned}{years}\npurchase_usd = 9000\nusd_per_kwh = 0.2\n"
    )
    with pytest.raises(Problem) as caught:
        load(path)
    (fault,) = caught.value.diagnostics
    assert fault.code == code
    assert str(fault.message).startswith(said)

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from command_line import GOOD

from sizer.cli import main

Capture = pytest.CaptureFixture[str]
HUNT = """instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size
p5.48xlarge,us-east-1,55.04,192,2048.0,8,H100,80.0,False,
p5.4xlarge,us-east-1,6.5,24,256.0,1,H100,80.0,False,
p5.48xlarge,us-east-1,20.0,192,2048.0,8,H100,80.0,True,
p5.48xlarge,eu-west-1,60.0,192,2048.0,8,H100,80.0,False,
gpu_1x_h100_pcie,us-east-1,2.5,26,200.0,1,H100,80.0,False,
NC40ads,us-east-1,7.0,40,320.0,1,H100NVL,94.0,False,
pod,us-east-1,0.4,8,32.0,1,RTX4090,24.0,False,
m7i.large,us-east-1,0.1,2,8.0,0,,,False,
weird,us-east-1,1.0,8,32.0,1,NX99,24.0,False,
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    Path("aws.csv").write_text(HUNT)


def said(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_prices_are_listed_with_their_dates(capsys: Capture) -> None:
    code, out, _ = said(capsys, "prices", "l40", "--format", "json")
    assert code == 0
    rows = json.loads(out)
    assert {row["gpu"] for row in rows} <= {"L40", "L40S"}
    assert all(row["as_of"] and row["usd_per_gpu_hour"] > 0 for row in rows)
    assert said(capsys, "prices", "no-such")[0] == 1


def test_a_table_of_gpuhunt_becomes_a_price_file(capsys: Capture) -> None:
    made = ("prices", "--from", "aws.csv", "--as-of", "2026-11-20", "-o", "prices.toml")
    code, out, err = said(capsys, *made)
    assert (code, out) == (0, "")
    assert "1 row of 'NX99' left out: the catalog has no such accelerator" in err
    assert "7 prices read: 7 new or changed, 0 as before" in err
    rows = tomllib.loads(Path("prices.toml").read_text())["prices"]
    found = [
        (row["gpu"], row["region"], row.get("term"), row["instance"], row["gpus"]) for row in rows
    ]
    assert found == [
        ("H100-NVL", "us-east-1", None, "NC40ads", 1),
        ("H100-PCIe", "us-east-1", None, "gpu_1x_h100_pcie", 1),
        ("H100-SXM5-80GB", "eu-west-1", None, "p5.48xlarge", 8),
        ("H100-SXM5-80GB", "us-east-1", None, "p5.4xlarge", 1),
        ("H100-SXM5-80GB", "us-east-1", None, "p5.48xlarge", 8),
        ("H100-SXM5-80GB", "us-east-1", "spot", "p5.48xlarge", 8),
        ("RTX-4090", "us-east-1", None, "pod", 1),
    ]
    assert [row["usd_per_hour"] for row in rows] == [7.0, 2.5, 60.0, 6.5, 55.04, 20.0, 0.4]
    assert (rows[2]["vcpus"], rows[2]["memory_gib"]) == (192, 2048)
    assert {(row["provider"], row["as_of"]) for row in rows} == {("aws", date(2026, 11, 20))}


def test_a_refresh_replaces_the_same_offers_and_keeps_the_others(capsys: Capture) -> None:
    Path("prices.toml").write_text(
        '[[prices]]\ngpu = "H100"\nprovider = "aws"\nregion = "us-east-1"\nas_of = 2026-01-01\n'
        'instance = "p5.4xlarge"\ngpus = 1\nusd_per_hour = 9\n'
        '[[prices]]\ngpu = "L4"\nprovider = "ours"\nas_of = 2026-01-01\n'
        "usd_per_gpu_hour = 0.3\n"
    )
    made = ("prices", "--from", "aws.csv", "--as-of", "2026-11-20", "-o", "prices.toml")
    assert said(capsys, *made)[0] == 0
    rows = tomllib.loads(Path("prices.toml").read_text())["prices"]
    assert len(rows) == 8
    assert {row["usd_per_gpu_hour"] for row in rows if row["gpu"] in {"H100", "L4"}} == {0.3}
    assert 9 not in {row.get("usd_per_hour") for row in rows}
    text = Path("prices.toml").read_text()
    assert "7 prices read: 0 new or changed, 7 as before" in said(capsys, *made)[2]
    assert Path("prices.toml").read_text() == text


def test_a_price_file_is_used_as_it_is_written(capsys: Capture) -> None:
    assert (
        said(capsys, "prices", "--from", "aws.csv", "--as-of", "2026-11-20", "-o", "prices.toml")[0]
        == 0
    )
    fleet = 'prices = "prices.toml"\nprovider = "aws"\nregion = "eu-west-1"\n'
    Path("profile.toml").write_text(GOOD + fleet)
    code, out, _ = said(capsys, "run", "profile.toml", "--format", "json")
    assert code == 0
    assert json.loads(out)["prices"] == [
        {
            "gpu": "H100-SXM5-80GB",
            "usd_per_gpu_hour": 7.5,
            "provider": "aws",
            "region": "eu-west-1",
            "term": "on_demand",
            "as_of": "2026-11-20",
            "instance": "p5.48xlarge",
            "basis": None,
            "source": "gpuhunt",
            "providers": 1,
            "undated": 0,
            "lowest_usd_per_gpu_hour": 7.5,
            "lowest_provider": "aws",
            "highest_usd_per_gpu_hour": 7.5,
            "highest_provider": "aws",
        }
    ]
    bought = json.loads(out)["answers"][0]["chosen"]["bought"]
    assert (bought["provider"], bought["usd_per_hour"], bought["left_over"]) == ("aws", 60.0, 4)


def test_a_table_of_our_own_columns_needs_no_date(capsys: Capture) -> None:
    Path("mine.csv").write_text("gpu,provider,usd_per_gpu_hour,as_of\nL4,ours,0.3,2026-01-01\n")
    code, out, _ = said(capsys, "prices", "--from", "mine.csv")
    assert code == 0
    (row,) = tomllib.loads(out)["prices"]
    assert row == {
        "gpu": "L4",
        "provider": "ours",
        "usd_per_gpu_hour": 0.3,
        "as_of": date(2026, 1, 1),
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "aws.csv"),
        ("--as-of", "2026-11-20"),
        ("--from", "aws.csv", "--as-of", "yesterday"),
        ("--from", "missing.csv"),
    ],
)
def test_bad_usage(capsys: Capture, arguments: tuple[str, ...]) -> None:
    code, out, err = said(capsys, "prices", *arguments)
    assert (code, out) == (2, "")
    assert "error[SZ00" in err


def test_prices_that_are_too_old_do_not_count(capsys: Capture) -> None:
    Path("own.csv").write_text(
        "gpu,provider,usd_per_gpu_hour,as_of\nH100,old,1.0,2020-01-01\nH100,new,3.0,2999-01-01\n"
    )
    Path("profile.toml").write_text(GOOD + 'prices = "own.csv"\n')
    code, out, _ = said(capsys, "run", "profile.toml", "--format", "json")
    assert json.loads(out)["prices"][0]["usd_per_gpu_hour"] == 1.0
    asked = ("run", "profile.toml", "--format", "json", "--max-price-age", "30")
    code, out, _ = said(capsys, *asked)
    (price,) = json.loads(out)["prices"]
    assert (code, price["usd_per_gpu_hour"], price["as_of"]) == (0, 3.0, "2999-01-01")
    Path("own.csv").write_text("gpu,provider,usd_per_gpu_hour,as_of\nH100,old,1.0,2020-01-01\n")
    found = json.loads(said(capsys, *asked)[1])
    assert found["prices"][0]["usd_per_gpu_hour"] is None
    assert any("no price since " in each["text"] for each in found["assumptions"])
    assert main(["lock", "profile.toml"]) == 0
    code, out, err = said(capsys, *asked, "--locked")
    assert (code, out) == (2, "")
    assert "error[SZ516]: H100-SXM5-80GB: 1 USD/h (old) is as of 2020-01-01, before " in err

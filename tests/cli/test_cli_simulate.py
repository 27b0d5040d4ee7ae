"""`sizer simulate`: what it prints, in which forms, and how it ends."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from sizer.cli import main

Capture = pytest.CaptureFixture[str]
PROFILE = """
dsl = 1
[[models]]
name = "meta-llama/Llama-3.1-8B"
[fleet]
gpus = ["H100-SXM5-80GB"]
max_gpus = 2
max_gpus_per_replica = 1
[workload]
input_tokens = 500
output_tokens = 50
input_tokens_spread = 0.5
output_tokens_spread = 0.5
{offered}
[select]
where = ["replicas == 2"]
[[rule]]
id = "slo.first"
require = "ttft_ms <= 1000"
[[rule]]
id = "slo.pace"
require = "itl_ms <= 8"
level = "warning"
"""
RATE, USERS = "request_rate = 10", "users = 4\nthink_time_s = 1"
FEW = ("--requests", "200")


def profile(tmp_path: Path, offered: str = RATE) -> str:
    path = tmp_path / "profile.toml"
    path.write_text(PROFILE.format(offered=offered))
    return str(path)


def simulated(capsys: Capture, *arguments: str, ended: int = 0) -> str:
    assert main(["simulate", *arguments]) == ended
    return capsys.readouterr().out


def data(capsys: Capture, *arguments: str, ended: int = 0) -> dict[str, object]:
    text = simulated(capsys, *arguments, "--format", "json", ended=ended)
    (found,) = json.loads(text)["simulations"]
    assert isinstance(found, dict)
    return found


def test_text_has_percentiles_rules_and_what_went_on(tmp_path: Path, capsys: Capture) -> None:
    shown = simulated(capsys, profile(tmp_path), *FEW)
    assert "200 requests, Poisson at 10 requests/s, router round_robin, seed 0" in shown
    assert all(f"\n{name} " in shown for name in ("ttft", "tpot", "itl", "e2e", "queue"))
    assert "closed form" in shown
    assert "slo.first  holds  100 %" in shown
    assert "\u2588" in shown
    assert "200 requests sent, 200 answered, times are of the last 180" in shown


def test_json_counts_every_request(tmp_path: Path, capsys: Capture) -> None:
    found = data(capsys, profile(tmp_path), *FEW)
    counts = found["requests"]
    assert isinstance(counts, dict)
    kept = (counts[name] for name in ("done", "running", "waiting", "lost"))
    assert counts["arrived"] == sum(kept) == 200
    metrics, conditions = found["metrics"], found["conditions"]
    assert isinstance(metrics, dict)
    assert metrics["ttft_p50_ms"] < metrics["ttft_p99_ms"]
    assert isinstance(conditions, list)
    first, pace = conditions
    assert (first["label"], first["outcome"], first["share"]) == ("slo.first", "holds", 1.0)
    assert (pace["kind"], pace["label"]) == ("warning", "slo.pace")
    assert 0 < pace["share"] < 1


def test_csv_has_a_row_for_each_request(tmp_path: Path, capsys: Capture) -> None:
    shown = simulated(capsys, profile(tmp_path), *FEW, "--format", "csv")
    rows = list(csv.DictReader(StringIO(shown)))
    assert len(rows) == 200
    assert {row["outcome"] for row in rows} == {"done"}
    assert {row["replica"] for row in rows} == {"1", "2"}
    assert all(float(row["arrival_s"]) <= float(row["first_token_s"]) for row in rows)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, capsys: Capture) -> None:
    asked = (profile(tmp_path), *FEW, "--format", "csv")
    once, again = simulated(capsys, *asked), simulated(capsys, *asked)
    other = simulated(capsys, *asked, "--seed", "1")
    assert once == again != other


def test_a_lost_request_ends_with_1(tmp_path: Path, capsys: Capture) -> None:
    gone = ("--fail", "1@5s", "--fail", "2@10s")
    shown = simulated(capsys, profile(tmp_path), *FEW, *gone, ended=1)
    assert "replica 1 gone at 5 s, replica 2 gone at 10 s" in shown
    assert " lost, " in shown
    assert " sent again" in shown
    one = simulated(capsys, profile(tmp_path), *FEW, *gone[:2])
    assert " lost" not in one


def test_users_await_answers(tmp_path: Path, capsys: Capture) -> None:
    shown = simulated(capsys, profile(tmp_path, USERS), *FEW)
    assert "4 users who each await the answer, 1 s of thinking" in shown


def test_users_whose_answers_are_alike_stay_together(tmp_path: Path, capsys: Capture) -> None:
    path = Path(profile(tmp_path, USERS))
    assert "stay together" not in simulated(capsys, str(path), *FEW)
    path.write_text(path.read_text().replace("output_tokens_spread = 0.5\n", ""))
    shown = simulated(capsys, str(path), *FEW)
    assert "users stay together: write `output_tokens_spread`" in shown


def test_the_highest_rate_is_simulated(tmp_path: Path, capsys: Capture) -> None:
    asked = profile(tmp_path, 'request_rate = "highest"')
    assert main(["simulate", asked, *FEW, "--format", "json"]) in {0, 1}
    (found,) = json.loads(capsys.readouterr().out)["simulations"]
    assert found["source"]["request_rate"] > 10


def test_a_trace_is_replayed_as_fast_as_is_asked(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "log.csv"
    rows = "".join(f"{at},500,20\n" for at in range(100))
    path.write_text(f"timestamp,input_tokens,output_tokens\n{rows}")
    asked = (profile(tmp_path), "--trace", str(path))
    slow, fast = data(capsys, *asked), data(capsys, *asked, "--speed", "4")
    assert slow["source"] == {
        "requests": 100,
        "trace": str(path),
        "speed": 1.0,
        "request_rate": None,
        "burstiness": 1.0,
        "users": None,
        "think_time_s": 0.0,
        "alike": False,
    }
    assert isinstance(slow["span_s"], float)
    assert isinstance(fast["span_s"], float)
    assert slow["span_s"] > 3 * fast["span_s"]
    short = data(capsys, *asked, "--duration", "10s")
    assert short["requests"] == {**short["requests"], "arrived": 10}  # type: ignore[dict-item]


def test_a_candidate_may_be_named(tmp_path: Path, capsys: Capture) -> None:
    found = data(capsys, profile(tmp_path), *FEW)
    same = data(capsys, profile(tmp_path), *FEW, "--candidate", str(found["candidate"]))
    assert same == found


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--candidate", "nobody"), "SZ006", "no candidate is called 'nobody'"),
        (("--fail", "3@5s"), "SZ852", "there is no replica 3 to fail: the deployment has 2"),
        (("--fail", "0@5s"), "SZ006", "'0@5s' is not a replica and a time"),
        (("--fail", "1@soon"), "SZ006", "'soon' is not a time"),
        (("--duration", "0"), "SZ006", "'0' is not a time above 0"),
        (("--duration", "9" * 400), "SZ006", "is not a time"),
        (("--seed", "-1"), "SZ006", "is not a whole number up to"),
        (("--seed", "4294967296"), "SZ006", "is not a whole number up to 4,294,967,295"),
        (("--speed", "0"), "SZ006", "'0' is not a number above 0"),
        (("--requests", "9", "--duration", "9s"), "SZ006", "say the same thing twice"),
        (("--trace", "nowhere.csv"), "SZ001", "no such file"),
        (("--router", "random"), "SZ006", "invalid choice"),
    ],
)
def test_bad_input_is_refused(
    tmp_path: Path, capsys: Capture, options: tuple[str, ...], code: str, said: str
) -> None:
    assert main(["simulate", profile(tmp_path), *options]) == 2
    told = capsys.readouterr().err
    assert f"error[{code}]" in told
    assert said in told


@pytest.mark.parametrize("option", [("--duration", "1h"), ("--speed", "2")])
def test_users_have_no_rate_to_change(
    tmp_path: Path, capsys: Capture, option: tuple[str, ...]
) -> None:
    assert main(["simulate", profile(tmp_path, USERS), *option]) == 2
    assert "error[SZ853]" in capsys.readouterr().err


def test_unknown_times_cannot_be_simulated(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "profile.toml"
    offload = PROFILE.format(offered=RATE) + "[engine]\ncpu_offload_gib = 1\n"
    path.write_text(offload)
    assert main(["simulate", str(path)]) == 2
    assert "error[SZ851]" in capsys.readouterr().err

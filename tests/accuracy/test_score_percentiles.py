"""A score of percentiles, on rows written by hand: where each stands, and what each line counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from finite_runs import first_tokens
from measured_runs import Measured
from percentile_estimates import at_rate, estimates, paced_rates, split
from percentile_tables import Part, by_group, covered
from score_percentiles import Score, report, right
from traffic_rows import Run, run, runs, unfit

COLUMNS = [
    "source",
    "model",
    "gpu",
    "gpus",
    "tp",
    "pp",
    "ep",
    "engine",
    "version",
    "weights",
    "isl",
    "osl",
    "lengths",
    "arrival",
    "request_rate",
    "achieved_rate",
    "concurrency",
    "ttft_mean",
    "ttft_p50",
    "ttft_p99",
    "itl_p50",
    "itl_p99",
    "tpot_mean",
    "tpot_p50",
    "tpot_p99",
    "e2e_mean",
    "output_tok_s",
    "requests",
    "flags",
    "ref",
]
ROW = dict.fromkeys(COLUMNS, "") | {
    "source": "somebody",
    "model": "meta-llama/Llama-3.1-8B-Instruct",
    "gpu": "H100-SXM",
    "gpus": "1",
    "tp": "1",
    "engine": "vllm",
    "version": "0.11.0",
    "weights": "bfloat16",
    "isl": "1000.4",
    "osl": "101",
    "arrival": "poisson",
    "request_rate": "2",
    "achieved_rate": "2",
    "ttft_mean": "50",
    "ttft_p50": "40",
    "ttft_p99": "120",
    "tpot_mean": "10",
    "tpot_p50": "10",
    "tpot_p99": "12",
    "e2e_mean": "1050",
    "requests": "5000",
}
MLPERF = {
    "source": "mlperf_v4.1",
    "model": "meta-llama/Llama-2-70b-chat-hf",
    "engine": "tensorrt-llm",
    "version": "TensorRT 10.2.0",
    "weights": "fp16",
    "gpus": "8",
    "tp": "",
    "isl": "222.3",
    "osl": "293",
    "request_rate": "40",
    "achieved_rate": "40",
}
ACCELMARK = {
    "source": "accelmark",
    "isl": "",
    "osl": "",
    "lengths": "dataset ShareGPT suite_C",
    "requests": "",
    "e2e_mean": "",
    "tpot_mean": "",
}


def measured(*changes: dict[str, str]) -> Measured:
    return Measured(split([run(ROW | change) for change in changes]))


def point(**changes: str) -> dict[str, str]:
    return dict(run(ROW | changes).point)


def test_a_row_says_its_own_deployment_and_load() -> None:
    found = point(flags="max_num_batched_tokens=2048|max_num_seqs=128|workload=codegen")
    assert found["weights"] == "bf16"
    assert (found["input_tokens"], found["output_tokens"]) == ("1000", "101")
    assert (found["max_num_batched_tokens"], found["max_num_seqs"]) == ("2048", "128")


def test_lengths_between_percentiles_have_a_spread() -> None:
    found = point(lengths="p1-p99 195-205 / 40-60")
    assert float(found["input_tokens_spread"]) == pytest.approx(10 / 4.6526 / 200, abs=5e-4)
    assert float(found["output_tokens_spread"]) == pytest.approx(20 / 4.6526 / 50, abs=5e-4)


def test_what_a_source_says_of_all_its_runs_joins_a_row() -> None:
    found = point(**ACCELMARK)
    assert (found["input_tokens"], found["output_tokens"]) == ("236", "356")
    assert (found["served_by"], found["sent"]) == ("in_process", "300")


def test_the_limit_of_a_row_counts_before_that_of_its_source() -> None:
    limited = point(**ACCELMARK | {"flags": "max_num_seqs=64"})
    assert limited["max_num_seqs"] == "64"


def test_a_system_is_its_replicas_and_a_server_its_split() -> None:
    assert point(**MLPERF)["gpus"] == "8"
    assert point(**MLPERF)["tp"] == "2"
    assert point(gpus="8", tp="4")["gpus"] == ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"gpu": "mixed"}, "no accelerator, or several"),
        ({"engine": ""}, "no engine"),
        ({"isl": ""}, "no lengths"),
        ({"flags": "spec_decode"}, "flag spec_decode"),
        ({"weights": "UNSET"}, "weights not stated"),
        ({**MLPERF, "gpu": "MI300X", "engine": "vllm"}, "weights not stated"),
        ({"tp": "", "gpus": ""}, "no number of accelerators"),
    ],
)
def test_rows_without_a_place_say_why(change: dict[str, str], reason: str) -> None:
    assert unfit(ROW | change) == reason


def test_rows_without_a_place_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    lines = [",".join((ROW | change)[name] for name in COLUMNS) for change in ({}, {"gpu": ""})]
    file.write_text("\n".join([",".join(COLUMNS), *lines]), "utf-8")
    left_out = Counter[str]()
    assert len(list(runs(file, left_out))) == 1
    assert left_out == {"no accelerator, or several": 1}


def test_of_no_stated_split_the_one_that_answers_the_most_is_taken() -> None:
    seventy = {"model": "meta-llama/Llama-3.1-70B", "tp": "", "gpus": "8"}
    chosen = split([run(ROW | seventy)])[0]
    rates = estimates(chosen.splits, ["max_request_rate"])["max_request_rate"]
    assert chosen.point == chosen.splits[int(np.nanargmax(rates))]
    assert np.isnan(rates[0])  # 140 GB do not fit on one


def test_what_runs_at_once_is_littles_law() -> None:
    found = measured({}, {"arrival": "closed", "concurrency": "32"})
    assert found.in_flight.tolist() == [2 * (1050 - 50) / 1000, 32]


def test_a_run_of_few_lives_has_no_steady_number() -> None:
    short = {"requests": "9"}  # 4.5 s at 2 a second, where a request lives for a second
    assert np.isnan(measured(short).in_flight[0])
    assert np.isnan(measured({"flags": "overload"}).in_flight[0])


def test_a_pace_that_was_derived_is_taken_from_whole_requests() -> None:
    counted = {"tpot_mean": "5", "flags": "tpot_mean_derived"}  # two tokens of a stream as one
    assert measured(counted, {}).paces.tolist() == [10, 10]


def test_models_count_alike() -> None:
    groups = np.array(["a@x", "a@y", "a@z", "b@x"])
    logs = np.log([1.1, 1.1, 1.1, 2.0])
    assert by_group(logs, groups) == pytest.approx((np.log(1.1) + np.log(2.0)) / 2)


def test_a_row_that_ran_and_is_called_overloaded_is_wrong() -> None:
    logs = np.array([np.log(1.1), np.inf, np.inf, np.nan])
    line = Part("first token", logs, np.array(["a@x"] * 4)).line()
    assert line == "| first token | 3 | 1 | 1 | overloaded | overloaded | overloaded | 2 |"
    assert Part("nothing", logs[3:], np.array(["a@x"])).line() is None


def test_calls_are_counted_on_either_side() -> None:
    called, was = np.array([True, False, False]), np.array([True, True, False])
    assert right("all", called, was) == "| all | 3 | 67% | 2 | 1 | 1 | 1 |"


def test_coverage_counts_models_alike() -> None:
    inside, groups = np.array([True, True, False]), np.array(["a@x", "a@x", "b@x"])
    assert covered("first token", inside, groups) == "| first token | 3 | 2 | 50% |"


def test_the_step_of_a_row_is_scored_at_the_number_that_ran() -> None:
    twice = {"tpot_mean": "20", "e2e_mean": "2050"}  # as many at half the rate and half the pace
    score = Score.of(measured({}, twice | {"request_rate": "1", "achieved_rate": "1"}))
    first, second = np.log(score.steps / score.measured.paces)
    assert first - second == pytest.approx(np.log(2))
    assert any("open loops" in part.label for part in score.step())


def test_replicas_share_a_systems_rate() -> None:
    one = Run(ROW, point() | {"gpus": "1"})
    four = Run(ROW | {"request_rate": "8"}, point() | {"gpus": "4"})
    score = Score.of(Measured([one, four]))
    assert score.told["utilization"][0] == pytest.approx(score.told["utilization"][1], rel=1e-6)


def test_a_percentile_that_is_of_another_load_is_not_scored() -> None:
    cold = {"source": "blis_training", "ref": "github:x/y@1:a/results/stage_0_lifecycle.json"}
    warm = cold | {"ref": "github:x/y@1:a/results/stage_1_lifecycle.json"}
    found = measured(cold, warm)
    assert np.isnan(found.of("ttft_p99")[0])
    assert found.of("ttft_p99")[1] == 120
    assert found.of("ttft_p50").tolist() == [40, 40]


def test_a_time_of_nothing_was_not_measured() -> None:
    assert np.isnan(measured({"ttft_p50": "0"}).of("ttft_p50")[0])


def test_a_short_run_has_shorter_waits_than_a_steady_state() -> None:
    flood = {"request_rate": "40", "achieved_rate": "40", "flags": "online|ttft_slo=500ms"}
    found = measured(flood | {"requests": "10"}, flood | {"requests": "2000"})
    few, many = first_tokens(found, np.array([True, True]))
    assert few < 500 < many
    assert found.limits.tolist() == [500, 500]
    assert np.isnan(first_tokens(found, np.array([False, True]))[0])


def test_tails_are_looked_at_where_as_many_decode_as_were_measured_to() -> None:
    busy = {"request_rate": "12", "achieved_rate": "12", "tpot_mean": "20", "e2e_mean": "2050"}
    found = measured(busy)
    rates = paced_rates(found)
    paces = at_rate(found, rates)["itl_ms"]
    decode = rates * (found.said("output_tokens") - 1) * paces / 1e3
    assert decode == pytest.approx(found.in_flight, rel=1e-3)
    assert rates[0] != pytest.approx(12, rel=0.05)  # at its own rate another number decodes


def test_more_than_fit_is_overloaded_and_wrong() -> None:
    full = {"request_rate": "90", "achieved_rate": "90", "tpot_mean": "900", "e2e_mean": "90050"}
    score = Score.of(measured(full | {"requests": "100000"}))
    assert score.paced["overloaded"].tolist() == [1]
    ratio = next(iter(score.tails()))
    assert ratio.logs.tolist() == [np.inf]


def test_a_slow_run_may_be_inside_an_interval_that_reaches_into_overload() -> None:
    score = Score.of(measured({"ttft_p99": "99999", "tpot_p99": "99999"}))
    told = {name: values.copy() for name, values in score.told.items()}
    told["ttft_p99_ms_high"][:] = np.nan
    told["utilization"][:] = 0.85
    lines = list(Score(score.measured, score.steps, told, score.paced).coverage())
    assert "| ttft p99, 0.7 to 0.9 | 1 | 1 | 100% |" in lines
    assert "| tpot p99, 0.7 to 0.9 | 1 | 1 | 0% |" in lines


def test_every_table_of_a_file_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    loop = ROW | {"arrival": "closed", "concurrency": "8", "itl_p50": "9", "itl_p99": "18"}
    lines = [",".join(row.get(name, "") for name in COLUMNS) for row in (ROW, loop)]
    file.write_text("\n".join([",".join(COLUMNS), *lines]), "utf-8")
    found = list(report(file))
    parts = ("Step", "Sustained", "Tail", "From the rate alone", "Closed loops", "Inside")
    assert all(any(part in line for line in found) for part in parts)
    assert any(line.startswith("| itl_p99 | 1 |") for line in found)


def test_closed_loops_count_as_inside_or_beside_their_intervals() -> None:
    loop = ROW | {"arrival": "closed", "concurrency": "8"}
    score = Score.of(measured(loop | {"itl_p50": "9"}, loop | {"itl_p50": "900"}))
    assert "| itl p50, closed loops | 2 | 1 | 50% |" in list(score.coverage())

"""Estimates of points: each row in its place, the same as the pipeline's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizer import size
from sizer.load import load_document
from sizer.load.points import read_points
from sizer.pipeline.points import estimate_points
from sizer.schema.answered.estimates import Estimate
from sizer.structure.files.csv_document import parse_csv
from sizer.structure.toml.document import parse_document

PROFILE = """
dsl = 1
[[models]]
name = "Qwen/Qwen2.5-7B"
[fleet]
gpus = ["H100-SXM5-80GB"]
max_gpus_per_replica = 2
[workload]
input_tokens = 500
output_tokens = 100
concurrency = 8
"""


def estimated(text: str) -> list[Estimate]:
    return list(estimate_points(read_points(parse_csv(text, "t.csv"))))


def test_a_row_is_estimated_as_the_candidate_of_a_profile() -> None:
    question = load_document(parse_document(PROFILE, "p"), Path())
    (answer,) = size(question, everything=True).answers
    assert answer.chosen is not None
    listed = [answer.chosen, *answer.others]
    (row,) = estimated(
        "model,gpu,tp,input_tokens,output_tokens,concurrency\nqwen2.5-7b,H100,2,500,100,8\n"
    )
    for choice in listed:
        if choice.metrics["tp"] == 2:
            for name in (
                "itl_ms",
                "ttft_ms",
                "tokens_per_second",
                "weights_gib",
                "cost_usd_per_mtok",
            ):
                assert row.metrics[name] == choice.metrics[name]
            return
    pytest.fail("the profile has no candidate of tp 2")


def test_rows_of_several_engines_and_bad_ones_keep_their_places() -> None:
    found = estimated(
        "model,gpu,engine,gpus,tp,gpu_memory_gib\n"
        "Qwen/Qwen2.5-7B,H100,vllm,,,\n"
        "nobody/nothing,H100,,,,\n"
        "Qwen/Qwen2.5-7B,H100,trtllm,4,2,60\n"
        "Qwen/Qwen2.5-7B,H100,vllm,3,2,\n"
    )
    assert [each.problem is None for each in found] == [True, False, True, False]
    assert found[0].metrics["engine"] == "vllm"
    assert (found[2].metrics["engine"], found[2].metrics["gpus"]) == ("trtllm", 4.0)
    assert found[1].problem is not None
    assert "nobody/nothing" in found[1].problem
    assert found[3].problem == "gpus = 3 is no multiple of tp x pp x dp = 2"


def test_a_row_alone_is_the_row_in_the_table() -> None:
    head = "model,gpu,concurrency\n"
    lines = [f"Qwen/Qwen2.5-7B,{gpu},{n}\n" for gpu in ("L4", "H100") for n in (1, 16)]
    together = estimated(head + "".join(lines))
    assert together == [estimated(head + line)[0] for line in lines]


def test_more_replicas_than_requests_is_told() -> None:
    (found,) = estimated("model,gpu,gpus,tp,concurrency\nQwen/Qwen2.5-7B,H100,4,1,2\n")
    assert found.problem == "4 replicas for 2 requests"

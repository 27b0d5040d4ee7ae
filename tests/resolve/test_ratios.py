"""Ratios of both sides: which are candidates, and why there may be none."""

from __future__ import annotations

from pathlib import Path

import pytest

import sizer
from sizer import size
from sizer.diagnostic import Problem, shown
from sizer.load import load
from sizer.resolve import resolve
from sizer.schema.answered.assumption import ReadApart
from sizer.schema.scenario import Deployment

QUESTION = """dsl = 1
[[models]]
name = "meta-llama/Llama-3.1-70B"
weights = "fp8"
[fleet]
gpus = ["{gpu}"]
tp = 4
{fleet}
[workload]
concurrency = 64
[engine.disaggregated]
{sides}
"""


def deployments(folder: Path, sides: str, fleet: str = "", gpu: str = "H100") -> list[Deployment]:
    file = folder / "p.toml"
    file.write_text(QUESTION.format(gpu=gpu, fleet=fleet, sides=sides))
    return list(resolve(load(file).profile).scenario.deployments)


def ratios(found: list[Deployment]) -> list[tuple[int, int, int, int]]:
    return [
        (each.prefill.replicas, each.prefill.tp, each.replicas, each.tp)
        for each in found
        if each.prefill
    ]


def test_every_split_of_one_side_meets_every_split_of_the_other(tmp_path: Path) -> None:
    sides = "prefill = { replicas = [1, 2], tp = [2, 4] }\ndecode = { replicas = 3, tp = 8 }"
    found = deployments(tmp_path, sides)
    assert ratios(found) == [(1, 2, 3, 8), (2, 2, 3, 8), (1, 4, 3, 8), (2, 4, 3, 8)]
    assert [each.split for each in found if each.prefill is None] == [(4, 1, 1, 1, 1)]
    assert [each.gpus for each in found if each.prefill] == [26, 28, 28, 32]


def test_without_numbers_there_are_as_many_as_the_fleet_holds(tmp_path: Path) -> None:
    found = deployments(tmp_path, "aggregated = false", "max_gpus = 12")
    assert ratios(found) == [(1, 4, 1, 4), (1, 4, 2, 4), (2, 4, 1, 4)]
    spared = deployments(tmp_path, "aggregated = false", "max_gpus = 24\nspare_replicas = 1")
    pairs = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1)]
    assert ratios(spared) == [(reads, 4, decodes, 4) for reads, decodes in pairs]
    assert {each.gpus for each in spared} == {16, 20, 24}
    assert ratios(deployments(tmp_path, "decode = { tp = 8 }")) == [(1, 4, 1, 8)]


@pytest.mark.parametrize(
    ("gpu", "fleet", "sides", "told", "help_"),
    [
        (
            "H100",
            "max_gpus = 8",
            "decode = { tp = 8 }",
            "both sides are 12 accelerators at least, above max_gpus = 8",
            "max_gpus = 12",
        ),
        (
            "H100",
            "",
            "prefill = { tp = 3 }",
            "no replica of prefill can be split like that",
            "name sizes that divide the model and fit in `max_gpus_per_replica`",
        ),
        (
            "L40S",
            "",
            "decode = { tp = 8 }",
            "nobody says what joins the servers of both sides",
            "write `link_gb_s = 50.0` in [engine.disaggregated], or `node_link_gb_s` in [fleet]",
        ),
    ],
)
def test_no_ratio_is_a_fault_at_what_forbids_it(
    tmp_path: Path, gpu: str, fleet: str, sides: str, told: str, help_: str
) -> None:
    with pytest.raises(Problem) as refused:
        deployments(tmp_path, sides, fleet, gpu)
    said = "".join(shown(each) for each in refused.value.diagnostics)
    assert told in said
    assert help_ in said


def test_an_answer_says_how_caches_go_over() -> None:
    profile = Path(sizer.__file__).parents[1] / "profiles" / "disaggregated.toml"
    report = size(profile)
    told = [each for each in report.assumptions if isinstance(each, ReadApart)]
    assert told == [ReadApart("whole", None)]


def test_overload_is_mended_by_more_of_both_sides() -> None:
    report = size(
        {
            "models": [{"name": "meta-llama/Llama-3.1-70B", "weights": "fp8"}],
            "fleet": {"gpus": ["H100"], "tp": 4},
            "workload": {"input_tokens": 4096, "output_tokens": 512, "request_rate": 20.0},
            "engine": {"disaggregated": {"prefill": {"replicas": 2}, "aggregated": False}},
        }
    )
    (answer,) = report.answers
    assert answer.near_miss is not None
    lacking = answer.near_miss.overload
    assert lacking is not None
    assert lacking.gpus_needed == 4 * lacking.replicas_needed
    assert lacking.replicas_needed % 3 == 0


def test_accelerators_that_read_are_tried_with_each_that_decodes(tmp_path: Path) -> None:
    sides = 'prefill = { gpus = ["L40S", "H100"] }\nlink_gb_s = 25\naggregated = false'
    found = deployments(tmp_path, sides)
    names = [each.prefill.gpu.name if each.prefill.gpu else None for each in found if each.prefill]
    assert names == ["L40S", None]
    with pytest.raises(Problem, match="SZ701"):
        deployments(tmp_path, 'prefill = { gpus = "H1000000" }')

"""Models that one server cannot hold: ranks and stages over several, and what the answer says."""

from __future__ import annotations

from sizer import size
from sizer.schema.answered.assumption import DirectCopies, LeavesServer
from sizer.schema.answered.report import Report

R1 = "deepseek-ai/DeepSeek-R1-0528"


def on(gpu: str, servers: int, **fleet: object) -> Report:
    most = 8 * servers
    return size(
        {
            "models": [{"name": R1, "weights": "fp8"}],
            "fleet": {"gpus": [gpu], "max_gpus_per_replica": most, **fleet},
            "workload": {"input_tokens": 1024, "output_tokens": 128, "concurrency": 1},
            "select": {"sort": "itl_ms"},
        },
        everything=True,
    )


def test_two_servers_are_tried_in_ranks_and_in_stages() -> None:
    (answer,) = on("H100-SXM5-80GB", 2).answers
    assert answer.chosen is not None
    found = {
        (each.metrics["tp"], each.metrics["pp"]): each.metrics["interconnect_ms"]
        for each in (answer.chosen, *answer.others)
    }
    assert set(found) == {(8, 2), (16, 1)}
    ranks, stages = found[16, 1], found[8, 2]
    assert isinstance(ranks, float)
    assert isinstance(stages, float)
    assert ranks > 3 * stages  # 122 all-reduces a step over the network


def test_ranks_that_leave_a_server_are_told_with_what_the_links_take() -> None:
    report = on("H100-SXM5-80GB", 2, tp=[16])
    (answer,) = report.answers
    assert answer.chosen is not None
    links, step = (answer.chosen.metrics[name] for name in ("interconnect_ms", "decode_step_ms"))
    (told,) = (each for each in report.assumptions if isinstance(each, LeavesServer))
    assert isinstance(links, float)
    assert isinstance(step, float)
    assert told == LeavesServer("H100-SXM5-80GB", 16, 8, links / step)


def test_a_server_that_holds_the_model_is_not_left() -> None:
    report = on("H200-SXM-141GB", 2)
    assert not any(isinstance(each, LeavesServer) for each in report.assumptions)


def shared(gpu: str) -> Report:
    return size(
        {
            "models": [{"name": "Qwen/Qwen2.5-32B", "weights": "fp8"}],
            "fleet": {"gpus": [gpu], "tp": [4]},
            "select": {"where": ["gpus == 4"]},
        }
    )


def test_ranks_on_pcie_are_told_to_copy_directly_unless_they_do_not() -> None:
    told = [each for each in shared("L40S").assumptions if isinstance(each, DirectCopies)]
    assert told == [DirectCopies("L40S")]
    for other in ("RTX-4090", "H100-SXM5-80GB"):
        assert not any(isinstance(each, DirectCopies) for each in shared(other).assumptions)

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve
from scenarios import deployment

from sizer.catalog.formats import find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.diagnostic import Problem, shown
from sizer.load import load
from sizer.resolve import resolve
from sizer.resolve.proposals import not_proposed, proposals
from sizer.resolve.splits import Split, splits
from sizer.schema.asked.profile import Fleet
from sizer.schema.facts.model import Model

BF16 = find_weight_format("bf16")
H100 = find_gpu("H100").value
LLAMA = "meta-llama/Llama-3.1-70B"
MIXTRAL = "mistralai/Mixtral-8x7B-v0.1"


def model(name: str) -> Model:
    return deployment(name).model


def tried(name: str, **asked: object) -> list[Split]:
    return list(proposals(model(name), BF16, H100, Fleet(**asked)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [LLAMA, MIXTRAL])
def test_without_a_wish_splits_are_those_that_the_model_needs(name: str) -> None:
    assert tried(name) == list(splits(model(name), BF16, H100, 8))


def test_a_pipeline_may_be_inside_one_server() -> None:
    assert tried(LLAMA, tp=(2, 4), pp=(1, 2)) == [Split(2), Split(2, 2), Split(4), Split(4, 2)]


def test_a_pipeline_alone_leaves_the_tensor_sizes_free() -> None:
    assert tried(LLAMA, pp=(4,)) == [Split(1, 4), Split(2, 4)]


def test_a_size_that_is_not_asked_for_stays_as_it_is_proposed() -> None:
    assert tried(MIXTRAL, tp=(4,)) == [Split(4)]
    assert tried(MIXTRAL, dp=(4,)) == [Split(1, ep=4, dp=4), Split(2, ep=8, dp=4)]


def test_experts_are_spread_over_tensor_ranks_where_that_is_asked() -> None:
    assert tried(MIXTRAL, tp=(4,), ep=(1, 4)) == [Split(4), Split(4, ep=4)]
    assert tried(MIXTRAL, tp=(2,), ep=(8,)) == [Split(2, ep=8, dp=4)]


def test_attention_groups_may_split_experts_instead_of_spreading_them() -> None:
    assert tried(MIXTRAL, tp=(2,), dp=(2,), ep=(1,)) == [Split(2, ep=1, dp=2)]


def test_what_is_not_tried_has_its_reason() -> None:
    asked = Fleet(tp=(3, 8, 16), pp=(1, 2))
    found = not_proposed(model(LLAMA), BF16, H100, asked)
    assert found == {
        "uneven widths": 2,  # 3 x 1 and 3 x 2
        "beyond the limit": 3,  # 8 x 2, 16 x 1, 16 x 2
        "not asked": 3,  # 1, 2 and 4
    }
    large = evolve(asked, max_gpus_per_replica=32)
    lone = evolve(H100, node_link_gb_s=None)
    assert not_proposed(model(LLAMA), BF16, lone, large)["no network"] == 3  # 8 x 2, 16 x 1, 16 x 2
    uneven = Fleet(tp=(4,), dp=(3,), max_gpus_per_replica=16)
    assert not_proposed(model(MIXTRAL), BF16, H100, uneven)["part of a server"] == 1


def test_ranks_may_fill_several_servers_where_that_is_asked() -> None:
    assert tried(LLAMA, tp=(16,), max_gpus_per_replica=16) == [Split(16)]
    assert tried(LLAMA, tp=(8, 16), pp=(1, 2), max_gpus_per_replica=16) == [
        Split(8),
        Split(8, 2),
        Split(16),
    ]


def test_what_several_servers_hold_in_ranks_needs_no_stages() -> None:
    large, limit = deployment("deepseek-ai/DeepSeek-R1-0528").model, 32
    block = find_weight_format("fp8-block")
    found = list(proposals(large, block, H100, Fleet(tp=(8, 16), max_gpus_per_replica=limit)))
    assert found == [Split(8, 2), Split(8, 3), Split(8, 4), Split(16)]


def test_a_format_without_a_kernel_counts_what_is_asked_for() -> None:
    fp8, v100 = find_weight_format("fp8"), find_gpu("V100-SXM2-32GB").value
    asked = Fleet(tp=(2, 4))
    assert not_proposed(model(LLAMA), fp8, v100, asked) == {"no kernel": 2}


QUESTION = """dsl = 1
[[models]]
name = "{model}"
[fleet]
gpus = ["H100-SXM5-80GB"]
{fleet}
[workload]
input_tokens = 1024
"""


def said(tmp_path: Path, name: str, fleet: str) -> str:
    file = tmp_path / "p.toml"
    file.write_text(QUESTION.format(model=name, fleet=fleet))
    question = load(file)
    with pytest.raises(Problem) as caught:
        resolve(question.profile, tmp_path, question.place)
    text = "".join(shown(each) + "\n" for each in caught.value.diagnostics)
    return text.replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("asked", "told", "help_"),
    [
        (
            "[engine]\nlayers_per_stage = [39, 41]",
            "layers_per_stage is of 2 stages",
            "write `pp = 2` in [fleet]",
        ),
        (
            "pp = 2\n[engine]\nlayers_per_stage = [39, 40]",
            "meta-llama/Llama-3.1-70B has 80 layers, layers_per_stage 79",
            "name the layers of each stage, in order",
        ),
    ],
)
def test_stages_hold_all_layers(tmp_path: Path, asked: str, told: str, help_: str) -> None:
    found = said(tmp_path, LLAMA, f"tp = 4\n{asked}")
    assert f"error[SZ104]: {told}\n" in found
    assert found.endswith(f"= help: {help_}\n")


def test_an_impossible_size_is_told_at_its_place_with_what_is_possible(tmp_path: Path) -> None:
    assert said(tmp_path, LLAMA, "tp = [2, 3]\npp = 2") == (
        "p.toml:6:10: error[SZ104]: tp = 3 is not possible: heads or widths do not divide\n"
        "    6 | tp = [2, 3]\n"
        "      |          ^\n"
        "      = help: possible: tp = [1, 2, 4] beside pp = 2\n"
    )


@pytest.mark.parametrize(
    ("name", "fleet", "told", "help_"),
    [
        (
            LLAMA,
            "tp = 8\npp = 2",
            "tp x pp is at least 16, above max_gpus_per_replica = 8",
            "max_gpus_per_replica = 16",
        ),
        (
            LLAMA,
            "tp = 2\nep = 2",
            "ep = 2 is not possible: the model has no experts to share or spread",
            "possible: ep = 1 beside tp = 2",
        ),
        (
            MIXTRAL,
            "tp = 8\nep = [8, 16]\nmax_gpus_per_replica = 16",
            "ep = 16 is not possible: the experts do not divide",
            "possible: ep = [1, 8] beside tp = 8",
        ),
        (
            "Qwen/Qwen3-0.6B",
            "tp = 1\npp = 30\nmax_gpus_per_replica = 30",
            "pp = 30 is not possible: there are more stages than layers",
            "possible: pp from 1 to 28 beside tp = 1",
        ),
    ],
)
def test_each_reason_has_a_help(
    tmp_path: Path, name: str, fleet: str, told: str, help_: str
) -> None:
    found = said(tmp_path, name, fleet)
    assert f"error[SZ104]: {told}\n" in found
    assert found.endswith(f"= help: {help_}\n")
    assert found.count("error[") == 1

"""Candidates by name, and what lies one step away along each axis."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios import deployment, grid

from sizer.schema.answered.decision import Axis
from sizer.schema.scenario import Load
from sizer.select import candidate_id
from sizer.select.neighbours import along, named, neighbours

MODEL = "Qwen/Qwen2.5-7B"
SCENARIO = grid(
    (
        deployment(MODEL),
        deployment(MODEL, "fp8"),
        deployment(MODEL, "bf16", "fp8"),
        deployment(MODEL, "fp8", "fp8"),
        deployment(MODEL, tp=2),
        deployment(MODEL, tp=2, replicas=2),
        deployment("ibm-granite/granite-3.0-8b-base"),
    ),
    ("H100-SXM5-80GB", "L4", "L40S"),
    (Load(1024, 256, 8, None, 1280), Load(1024, 256, None, 2.5, 1280)),
)


def names(axis: Axis, row: int = 0) -> list[str]:
    return [candidate_id(SCENARIO, int(each)) for each in neighbours(SCENARIO, row)[axis]]


@pytest.mark.parametrize("row", [0, 5, 17, 36])
def test_a_name_leads_back_to_its_row(row: int) -> None:
    model = SCENARIO.deployments[SCENARIO.deployment_of[row]].model.name
    found = named(SCENARIO, candidate_id(SCENARIO, row))
    models = [SCENARIO.deployments[SCENARIO.deployment_of[each]].model.name for each in found]
    assert [int(each) for each, name in zip(found, models, strict=True) if name == model] == [row]


def test_models_may_share_a_name_and_others_have_none() -> None:
    assert named(SCENARIO, candidate_id(SCENARIO, 0)).tolist() == [0, 36]
    assert named(SCENARIO, "L4").tolist() == []
    assert named(SCENARIO, candidate_id(SCENARIO, 0) + "x").tolist() == []


def test_each_neighbour_differs_along_one_axis() -> None:
    assert names("accelerator") == [
        "L4 x1 bf16 kv=bf16 tp1 1024+256 c8",
        "L40S x1 bf16 kv=bf16 tp1 1024+256 c8",
    ]
    assert names("weights") == ["H100-SXM5-80GB x1 fp8 kv=bf16 tp1 1024+256 c8"]
    assert names("kv_format") == ["H100-SXM5-80GB x1 bf16 kv=fp8 tp1 1024+256 c8"]
    assert names("split") == [
        "H100-SXM5-80GB x2 bf16 kv=bf16 tp2 1024+256 c8",
        "H100-SXM5-80GB x4 bf16 kv=bf16 tp2 r2 1024+256 c8",
    ]
    assert names("load") == ["H100-SXM5-80GB x1 bf16 kv=bf16 tp1 1024+256 2.5/s"]
    assert names("engine") == []


def test_a_model_has_its_own_neighbours() -> None:
    assert not any(np.isin(rows, range(36)).any() for rows in neighbours(SCENARIO, 36).values())


@pytest.mark.parametrize(
    ("axis", "said"),
    [
        ("accelerator", "H100-SXM5-80GB"),
        ("weights", "bf16"),
        ("kv_format", "fp8"),
        ("split", "tp1"),
        ("load", "1024+256 c8"),
        ("engine", "vllm"),
    ],
)
def test_what_a_candidate_has_along_an_axis(axis: Axis, said: str) -> None:
    assert along(SCENARIO, 12, axis) == said

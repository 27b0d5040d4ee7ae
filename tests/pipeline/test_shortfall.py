"""What a candidate lacks to fit: each step that is named is enough, and a smaller one is not."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from sizer.catalog.formats import find_weight_format
from sizer.estimate import estimate
from sizer.load.question.question import load_document
from sizer.pipeline.shortfall import shortfall
from sizer.resolve import resolve
from sizer.schema.scenario import Load, Scenario
from sizer.structure.toml.document import parse_document

ASKED = """
dsl = 1
[[models]]
name = "{model}"
[fleet]
gpus = ["{gpu}"]
max_gpus_per_replica = 1
[workload]
concurrency = {requests}
input_tokens = {prompt}
"""


def one(tmp_path_factory: pytest.TempPathFactory, **asked: object) -> Scenario:
    document = parse_document(ASKED.format(**asked), "p.toml")
    question = load_document(document, tmp_path_factory.mktemp("p"))
    found = resolve(question.profile, question.folder, question.place)
    return found.scenario.take(np.array([0]))


def fits(scenario: Scenario) -> bool:
    return estimate(scenario, ("fits",))["fits"].cell(0) is True


def carrying(scenario: Scenario, load: Load) -> Scenario:
    return evolve(
        scenario, loads=(load,), rows=evolve(scenario.listed, load_of=np.zeros(1, np.int32))
    )


def test_what_fits_lacks_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert (
        shortfall(
            one(tmp_path_factory, model="Qwen/Qwen2.5-7B", gpu="H100", requests=1, prompt=1024)
        )
        is None
    )


def test_fewer_requests_and_shorter_prompts_are_the_most_that_fit(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    scenario = one(tmp_path_factory, model="Qwen/Qwen2.5-7B", gpu="L4", requests=400, prompt=8192)
    found = shortfall(scenario)
    assert found
    assert found.missing_gib > 0
    assert found.concurrency
    assert found.context_tokens
    load = scenario.loads[int(scenario.load_of[0])]
    for number, enough in ((found.concurrency, True), (found.concurrency + 1, False)):
        assert fits(carrying(scenario, evolve(load, concurrency=number))) is enough
    prompt = found.context_tokens - load.output_tokens
    for tokens, enough in ((prompt, True), (prompt + 1, False)):
        shorter = evolve(
            load,
            input_tokens=tokens,
            max_context=min(load.max_context, tokens + load.output_tokens),
        )
        assert fits(carrying(scenario, shorter)) is enough


def test_weights_that_are_too_large_take_another_format_or_more_accelerators(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    scenario = one(
        tmp_path_factory, model="mistralai/Mixtral-8x7B-v0.1", gpu="H100", requests=8, prompt=1024
    )
    found = shortfall(scenario)
    assert found
    assert (found.concurrency, found.context_tokens, found.kv_format) == (None, None, None)
    assert (found.weights, found.gpus_per_replica) == ("fp8", 2)
    deployment = scenario.deployments[int(scenario.deployment_of[0])]
    lighter = evolve(deployment, weights=find_weight_format("fp8"))
    zero = np.zeros(1, np.int32)
    assert fits(
        evolve(scenario, deployments=(lighter,), rows=evolve(scenario.listed, deployment_of=zero))
    )

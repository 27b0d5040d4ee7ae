"""What can be known of the second opinion without its package."""

from __future__ import annotations

import json
import sys
from typing import get_args

import pytest
from scenarios import deployment

from sizer.catalog.aiconfigurator import names
from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.cli.options.estimators import ESTIMATORS
from sizer.diagnostic import Problem
from sizer.estimate import estimator
from sizer.estimate.aiconfigurator.engine import require
from sizer.estimate.aiconfigurator.estimator import BYTES, FACTS, RATIOS, TERMS, TIMES, UNKNOWN
from sizer.estimate.aiconfigurator.structure import config_of
from sizer.estimate.columns.estimator import LOADED
from sizer.estimate.columns.graph import reads
from sizer.schema.asked.profile import EstimatorName
from sizer.schema.metrics import METRICS


def test_every_name_is_the_catalogs_own() -> None:
    words = names()
    assert all(find_gpu(name).value.name == name for name in words.systems)
    formats = {*words.dense, *words.experts}
    assert all(find_weight_format(name).name == name for name in formats)
    assert all(find_kv_format(name).name == name for name in words.kv)


def test_each_metric_is_computed_given_or_unknown() -> None:
    """A term may read facts and what aiconfigurator says: never the analytic model's inputs."""
    given = {*FACTS, *TIMES, *BYTES, *RATIOS, *TERMS, LOADED}
    for term in TERMS.values():
        assert set(reads(term)) <= given, f"say what aiconfigurator has for {term.__name__}"
    assert {metric.name for metric in METRICS} <= {*given, *(each.name for each in UNKNOWN)}


@pytest.mark.parametrize(
    ("model", "architecture"),
    [
        ("Qwen/Qwen2.5-7B", "LlamaForCausalLM"),
        ("mistralai/Mixtral-8x22B-v0.1", "MixtralForCausalLM"),
        ("google/gemma-2-9b", None),  # windows
        ("deepseek-ai/DeepSeek-V2-Lite", None),  # latent cache, shared experts
    ],
)
def test_only_plain_structures_are_told(model: str, architecture: str | None) -> None:
    text = config_of(deployment(model).model)
    assert (json.loads(text)["architectures"] if text else [None]) == [architecture]


@pytest.mark.parametrize("name", ["aiconfigurator", "both"])
def test_without_the_extra_it_says_what_to_install(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "aiconfigurator_core", None)
    monkeypatch.setitem(sys.modules, "aiconfigurator_core.sdk", None)
    require.cache_clear()
    with pytest.raises(Problem, match="SZ303") as caught:
        estimator(name)
    require.cache_clear()
    assert "fleet-sizer[aic]" in (caught.value.diagnostics[0].help or "")


def test_the_options_are_the_schemas() -> None:
    assert get_args(EstimatorName) == ESTIMATORS

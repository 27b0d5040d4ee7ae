"""Every row of an engine's defaults, by a release and a device for which it holds."""

from __future__ import annotations

import re

import pytest

from sizer.catalog.engines import engine_defaults, engines
from sizer.catalog.gpus import find_gpu
from sizer.estimate.engine.settings import device, settings
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.engine_defaults import Device, EngineDefault

H100, A100, H200, L4 = "H100-SXM5-80GB", "A100-SXM4-80GB", "H200-SXM", "L4"
ALL = 10**9
VLLM = (
    ("gpu_memory_utilization", "0.20.2", L4, 0.9),
    ("gpu_memory_utilization", "0.21.0", L4, 0.92),
    ("max_num_batched_tokens", "0.7.3", H100, 2048),
    ("max_num_batched_tokens", "0.8.0", H100, 8192),
    ("max_num_batched_tokens", "0.8.4", H200, 8192),
    ("max_num_batched_tokens", "0.8.4", A100, 2048),
    ("max_num_batched_tokens", "0.8.5", A100, 8192),
    ("max_num_batched_tokens", "0.9.0", A100, 2048),
    ("max_num_batched_tokens", "0.9.0", L4, 2048),
    ("max_num_batched_tokens", "0.9.0", "TPU-v5e", 512),
    ("max_num_batched_tokens", "0.9.0", "TPU-v5p", 256),
    ("max_num_batched_tokens", "0.9.0", "TPU-v6e", 1024),
    ("max_num_batched_tokens", "0.27.1", "MI300X", 8192),
    ("max_num_batched_tokens", "0.28.0", "MI300X", 16384),
    ("max_num_batched_tokens", "0.28.0", "B200", 16384),
    ("max_num_batched_tokens", "0.28.0", H200, 8192),
    ("max_num_seqs", "0.7.3", H100, 256),
    ("max_num_seqs", "0.8.3", L4, 1024),
    ("max_num_seqs", "0.8.4", L4, 256),
    ("max_num_seqs", "0.8.4", H100, 1024),
    ("max_num_seqs", "0.8.4", H200, 1024),
    ("max_num_seqs", "0.8.5", A100, 1024),
    ("max_num_seqs", "0.9.0", A100, 256),
    ("max_num_seqs", "0.9.0", "TPU-v5p", 256),
    ("max_num_seqs", "0.28.0", "B200", 1024),
    ("whole_prompt_tokens", "0.5.2", A100, ALL),
    ("whole_prompt_tokens", "0.5.3", A100, 32_768),
    ("whole_prompt_tokens", "0.7.3", "MI300X", ALL),
    ("whole_prompt_tokens", "0.8.0", A100, 0),
    ("async_scheduling", "0.13.0", H100, 0),
    ("async_scheduling", "0.14.0", H100, 1),
    ("windows_in_flight", "0.25.1", H100, 0),
    ("windows_in_flight", "0.26.0", H100, 1),
    ("stages_and_a_step", "0.24.0", H100, 0),
    ("stages_and_a_step", "0.25.0", H100, 1),
    ("whole_model_on_a_stage", "0.13.0", H100, 0),
    ("whole_model_on_a_stage", "0.16.0", H100, 1),
    ("whole_model_on_a_stage", "0.17.0", H100, 0),
    ("graphs_in_budget", "0.20.2", H100, 0),
    ("graphs_in_budget", "0.21.0", H100, 1),
    ("largest_captured_batch", "0.28.0", H100, 512),
    ("largest_captured_batch", "0.27.1", "B200", 512),
    ("largest_captured_batch", "0.28.0", "B200", 1024),
    ("largest_captured_batch", "0.28.0", "RTX-5090", 512),
    ("cascade", "0.7.3", H100, 0),
    ("cascade", "0.8.0", H100, 1),
    ("cascade", "0.18.0", H100, 0),
    ("leaves_out_towers", "0.10.0", H100, 0),
    ("leaves_out_towers", "0.10.1", H100, 1),
)
FOUND_AGAIN = re.compile(r"[\w.-]+/[\w.-]+@[\w.]+(?: \([^)]+\))?: \S+\.py")


def chosen(name: str, version: str, gpu: str) -> EngineDefault:
    release = Engine(version=version).patch_release
    return engine_defaults("vllm").chosen(name, release, device(find_gpu(gpu).value))


@pytest.mark.parametrize(("name", "version", "gpu", "value"), VLLM)
def test_a_default_by_release_and_device(name: str, version: str, gpu: str, value: float) -> None:
    assert chosen(name, version, gpu).value == value


def test_each_row_is_one_of_those() -> None:
    seen = {chosen(*case[:3]) for case in VLLM}
    assert seen == set(engine_defaults("vllm").default)


@pytest.mark.parametrize("engine", engines())
def test_each_row_says_where_it_was_read(engine: str) -> None:
    for row in engine_defaults(engine).default:
        assert row.since, row
        assert FOUND_AGAIN.match(row.source) or engine != "vllm", row.source


def test_a_version_that_names_no_patch_is_the_last_of_its_minor() -> None:
    known, large = engine_defaults("vllm"), Device(71_680.0)
    assert known.value("max_num_batched_tokens", Engine(version="0.8").patch_release, large) == 8192
    assert known.value("max_num_batched_tokens", Engine(version="0.8.1").patch_release, large) == (
        2048
    )
    assert Engine(version=None).patch_release > Engine(version="99.9.9").patch_release


def test_what_is_asked_goes_before_a_default() -> None:
    h100 = find_gpu(H100).value
    asked = settings(Engine(version="0.26.0", async_scheduling=False, max_num_seqs=8), h100)
    assert (asked.async_scheduling, asked.max_num_seqs) == (False, 8)
    assert settings(Engine(version="0.10.0", async_scheduling=True), h100).async_scheduling

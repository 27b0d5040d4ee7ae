"""A checkpoint's own format comes from its files; what a quantiser keeps is that quantiser's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import run
from command_line import sizer

from sizer.catalog.models import find_model
from sizer.estimate import estimate
from sizer.resolve.points import placed, scenario_of_points
from sizer.schema.asked.point import Point

METRICS = ("weights_gib", "kv_pool_gib", "kv_capacity_tokens")
H200 = {"gpu": "H200-SXM", "engine_version": "0.24.0", "gpu_memory_utilization": 0.92}
LOAD = {"input_tokens": 4096, "output_tokens": 512}
UNREAD = "facebook/opt-125m"


def figures(model: str, **given: object) -> dict[str, float]:
    (found,) = placed([Point(model, **{**LOAD, **given})])  # type: ignore[arg-type]
    assert not isinstance(found, str | None), found
    table = estimate(scenario_of_points([found]), METRICS)
    return {name: float(str(table[name].cell(0))) for name in METRICS}


@pytest.mark.parametrize(
    ("model", "weights"),
    [("google/gemma-4-31B", "nvfp4"), ("RedHatAI/gemma-4-31B-it-NVFP4", None)],
)
def test_t02_another_quantisers_nvfp4_has_attention_in_four_bit(
    model: str, weights: str | None
) -> None:
    """Reported: a pool of 103.92 GiB, 1,007,303 tokens (configiq issue 112, H200, vLLM 0.24)."""
    found = figures(model, weights=weights, max_context=262_144, **H200)
    assert found["kv_pool_gib"] == pytest.approx(103.92, rel=0.01)
    assert found["kv_capacity_tokens"] == pytest.approx(1_007_303, rel=0.01)


def test_t02_nvidias_own_keeps_attention_at_sixteen_bit() -> None:
    """58.6 GiB in bf16; 8.48 billion parameters of attention at 2 bytes for 0.5625 are 11.3 GiB."""
    kept = figures("nvidia/Gemma-4-31B-IT-NVFP4", max_context=262_144, **H200)
    whole = figures("google/gemma-4-31B", weights="nvfp4", max_context=262_144, **H200)
    assert kept["weights_gib"] - whole["weights_gib"] == pytest.approx(11.3, rel=0.01)


def test_t02_bf16_is_what_was_logged() -> None:
    """Reported: a pool of 64.68 GiB, 626,949 tokens."""
    found = figures("google/gemma-4-31B", max_context=262_144, **H200)
    assert found["kv_pool_gib"] == pytest.approx(64.68, rel=0.02)
    assert found["kv_capacity_tokens"] == pytest.approx(626_949, rel=0.02)


def test_t08_minimax_m2_is_fp8_as_its_config_says() -> None:
    """Reported: 497,600 tokens on two MI300X (vllm-project/recipes pull 273, vLLM 0.17.1)."""
    asked = {"gpu": "MI300X", "tp": 2, "engine_version": "0.17.1", "max_context": 196_608}
    found = figures("MiniMaxAI/MiniMax-M2", **asked)
    assert found["weights_gib"] == pytest.approx(107.2, rel=0.01)
    assert found["kv_capacity_tokens"] == pytest.approx(497_600, rel=0.05)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("unsloth/DeepSeek-V4-Flash", "mxfp4"),  # a mirror has the maker's own files
        ("deepseek-ai/DeepSeek-V4-Flash-0731", "mxfp4"),  # so has another date
        ("openai/gpt-oss-120b", "mxfp4"),
    ],
)
def test_releases_of_the_maker_are_stored_alike(name: str, form: str) -> None:
    assert find_model(name).value.exceptions(form)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("deepseek-ai/DeepSeek-V3", "nvfp4"),
        ("someone/DeepSeek-V3.1-NVFP4", "nvfp4"),
        ("RedHatAI/GLM-5-NVFP4", "nvfp4"),
        ("nvidia/GLM-5-NVFP4", "fp8"),
    ],
)
def test_what_one_quantiser_keeps_is_not_anothers(name: str, form: str) -> None:
    assert find_model(name).value.exceptions(form) == ()


def test_auto_of_a_model_that_nobody_read_is_refused_with_what_to_write(tmp_path: Path) -> None:
    question = 'models = [{ name = "NAME"FORMAT }]\nfleet.gpus = ["H100"]\n'
    code, out, told = run(tmp_path, question.replace("NAME", UNREAD).replace("FORMAT", ""))
    assert (code, out) == (2, "")
    assert f"profile.toml:2:20: error[SZ725]: the weight format of {UNREAD} is not known" in told
    assert 'help: write `weights = "bf16"`' in told
    for stated in (', weights = "bf16"', ', weights = ["fp8", "int4"]'):
        asked = question.replace("NAME", UNREAD).replace("FORMAT", stated)
        assert run(tmp_path, asked)[0] in {0, 1}


def test_a_glob_leaves_it_out_and_says_so(tmp_path: Path) -> None:
    asked = 'models = [{ name = "microsoft/phi-*" }, { name = "facebook/opt-1*" }]\n'
    _, out, _ = run(tmp_path, asked + 'fleet.gpus = ["H100"]\n', "--format", "json")
    left = [each for each in json.loads(out)["assumptions"] if each["kind"] == "unstated format"]
    assert UNREAD in {each["model"] for each in left}
    assert "its config.json was not read" in left[0]["text"]


def test_estimates_and_ledgers_refuse_it_too(tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    points.write_text(f"model,gpu,weights\n{UNREAD},H100,\n{UNREAD},H100,auto\n{UNREAD},H100,fp8\n")
    done = sizer("estimate", points)
    assert done.stdout.count(f"the weight format of {UNREAD} is not known") == 2
    told = sizer("explain", "memory", "--model", UNREAD, "--gpu", "H100")
    assert told.returncode == 2
    assert "error[SZ725]" in told.stderr


def test_a_table_of_points_takes_the_names_of_loaders(tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    named = "\n".join(f"Qwen/Qwen2.5-7B,H100,{each}" for each in ("awq_marlin", "modelopt"))
    points.write_text(f"model,gpu,weights\n{named}\n")
    known, several = sizer("estimate", points, "-o", "-").stdout.splitlines()[1:]
    assert "fits" not in known
    assert "write the one of the files: `fp8`, `nvfp4` or `mxfp8`" in several

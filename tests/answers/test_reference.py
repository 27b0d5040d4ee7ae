"""Questions of the reference system that were answered wrong once: cases 17 to 21."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sizer.cli import main

Capture = pytest.CaptureFixture[str]
H100 = {
    "name": "NVIDIA H100 80GB",
    "memory_gb": 80.0,
    "memory_bandwidth_gb_s": 3350.0,
    "tflops_fp16": 989.0,
    "tflops_fp32": 67.0,
    "cost_per_hour": 4.76,
}
H200 = {**H100, "name": "NVIDIA H200", "memory_gb": 141.0, "memory_bandwidth_gb_s": 4800.0}
BY_HAND = {
    "name": "ours/70b",
    "num_parameters": 70.0,
    "num_layers": 80,
    "hidden_size": 8192,
    "num_attention_heads": 64,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def recommend(models: Any, gpus: Any, *flags: str) -> int:
    for name, content in (("models.json", models), ("gpus.json", gpus)):
        text = content if isinstance(content, str) else json.dumps(content)
        Path(name).write_text(text, "utf-8")
    return main(["recommend", "--models", "models.json", "--gpus", "gpus.json", *flags])


@pytest.mark.usefixtures("folder")
def test_17_a_model_by_hand_is_split(capsys: Capture) -> None:
    assert recommend([BY_HAND], [H100, H200], "--precision", "bf16") == 0
    [found] = json.loads(capsys.readouterr().out)["recommendations"]
    assert found["recommended_gpu"] == "NVIDIA H200"
    assert found["performance"]["tensor_parallel_size"] == 2


def test_17_a_model_by_hand_is_split_in_a_profile_too(folder: Path, capsys: Capture) -> None:
    model = "".join(f"{name} = {json.dumps(value)}\n" for name, value in BY_HAND.items())
    (folder / "p.toml").write_text(
        f'dsl = 1\n[[models]]\n{model}weights = "bf16"\n[fleet]\ngpus = ["H200"]\n'
        '[select]\nsort = "gpus"\n'
    )
    assert main(["run", "p.toml", "--format", "json"]) == 0
    [answer] = json.loads(capsys.readouterr().out)["answers"]
    assert answer["chosen"]["metrics"]["tp"] == 2


@pytest.mark.usefixtures("folder")
def test_18_what_fits_on_one_is_not_split(capsys: Capture) -> None:
    assert recommend([{"name": "Qwen/Qwen2.5-1.5B"}], [H100]) == 0
    [found] = json.loads(capsys.readouterr().out)["recommendations"]
    assert found["performance"]["tensor_parallel_size"] == 1
    assert found["all_compatible_gpus"][0]["cost_per_hour"] == 4.76


@pytest.mark.usefixtures("folder")
def test_19_a_short_context_is_that_models_alone(capsys: Capture) -> None:
    assert recommend([{"name": "gpt2"}, {"name": "Qwen/Qwen2.5-1.5B"}], [H100]) == 0
    short, other = json.loads(capsys.readouterr().out)["recommendations"]
    assert short["recommended_gpu"] == other["recommended_gpu"] == H100["name"]
    assert "its context ends at 1,024 tokens" in short["notes"][0]
    assert recommend([{"name": "Qwen/Qwen2.5-1.5B"}], [H100]) == 0
    [alone] = json.loads(capsys.readouterr().out)["recommendations"]
    assert alone == other


@pytest.mark.usefixtures("folder")
def test_20_a_token_is_taken_and_never_shown(capsys: Capture) -> None:
    secret = "hf_" + "OpenSesame0123456789"
    assert recommend([{"name": "gpt2", "hf_token": secret}], [H100]) == 0
    taken = capsys.readouterr()
    assert recommend(f'[{{"name": "gpt2", "hf_token": "{secret}", "nme": 1}}]', [H100]) == 2
    refused = capsys.readouterr()
    assert "models.json:1:58: error[SZ103]" in refused.err
    for each in (taken, refused):
        assert secret not in each.out + each.err


@pytest.mark.usefixtures("folder")
def test_21_a_half_written_file_is_refused_where_it_ends(capsys: Capture) -> None:
    assert recommend('[{"name": "x"}\n', [H100]) == 2
    said = capsys.readouterr().err
    assert "models.json:2:1: error[SZ003]: JSON: the list is not closed" in said


def test_19_in_a_profile_the_other_models_are_answered(folder: Path, capsys: Capture) -> None:
    asked = ("gpt2", "Qwen/Qwen2.5-1.5B")
    models = "".join(f'[[models]]\nname = "{each}"\nweights = "bf16"\n' for each in asked)
    (folder / "p.toml").write_text(f'dsl = 1\n{models}[fleet]\ngpus = ["H100"]\n')
    assert main(["run", "p.toml", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    short, other = data["answers"]
    assert short["chosen"] is None
    assert other["chosen"] is not None
    texts = [each["text"] for each in data["assumptions"]]
    assert any("more than the 1,024 of gpt2" in each for each in texts)

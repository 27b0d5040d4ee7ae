"""Case 24: what writes no text is refused, and never sized as if it did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import run
from command_line import sizer

QUESTION = 'models = [{ name = "NAME" }]\nfleet.gpus = ["H100"]\nworkload.request_rate = 8\n'
MISTRAL = {
    "architectures": ["MistralModel"],
    "model_type": "mistral",
    "hidden_size": 1024,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "intermediate_size": 2048,
    "vocab_size": 1000,
    "max_position_embeddings": 4096,
}


@pytest.mark.parametrize("name", ["Qwen/Qwen3-Embedding-8B", "gte-Qwen2-7B-instruct"])
def test_24_an_embedder_of_the_catalog(tmp_path: Path, name: str) -> None:
    code, out, told = run(tmp_path, QUESTION.replace("NAME", name))
    assert (code, out) == (2, "")
    assert f"profile.toml:2:20: error[SZ709]: {name} embeds texts and writes none" in told
    checked = sizer("check", tmp_path / "profile.toml")
    assert checked.returncode == 2
    assert "error[SZ709]" in checked.stdout
    advised = sizer("explain", "memory", "--model", name, "--gpu", "H100")
    assert advised.returncode == 0


def test_24_an_embedder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(MISTRAL))
    code, _, told = run(tmp_path, QUESTION.replace("NAME", "config.json"))
    assert code == 2
    assert "error[SZ709]: config.json embeds texts" in told


def test_24_a_glob_leaves_embedders_out_and_says_so(tmp_path: Path) -> None:
    _, out, _ = run(tmp_path, QUESTION.replace("NAME", "Qwen/Qwen3-*8B"), "--format", "json")
    data = json.loads(out)
    assert all("Embedding" not in each["model"] for each in data["answers"])
    kept = [each for each in data["assumptions"] if each["kind"] == "writes no text"]
    assert "Qwen/Qwen3-Embedding-8B" in {each["model"] for each in kept}
    assert data["answers"]


def test_24_recommend_refuses_it_too(tmp_path: Path) -> None:
    models, gpus = tmp_path / "models.json", tmp_path / "gpus.json"
    models.write_text('[{"name": "Qwen/Qwen3-Embedding-8B"}]')
    gpus.write_text('[{"name": "H", "memory_gb": 80, "memory_bandwidth_gb_s": 3350}]')
    done = sizer("recommend", "--models", models, "--gpus", gpus)
    assert done.returncode == 2
    assert "error[SZ709]" in done.stderr

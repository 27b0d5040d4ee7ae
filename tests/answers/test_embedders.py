"""Case 24: what writes no text is asked how many texts it reads, and never sized as if it wrote."""

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
WRITTEN = ("ttft_ms", "itl_ms", "tokens_per_second", "tpot_p50_ms", "cost_usd_per_mtok")


@pytest.mark.parametrize("name", ["Qwen/Qwen3-Embedding-8B", "gte-Qwen2-7B-instruct"])
def test_24_an_embedder_of_the_catalog(tmp_path: Path, name: str) -> None:
    code, out, _ = run(tmp_path, QUESTION.replace("NAME", name), "--format", "json")
    assert code == 0
    metrics = json.loads(out)["answers"][0]["chosen"]["metrics"]
    assert metrics["requests_per_second"] == 8
    assert metrics["output_tokens"] == 0
    assert metrics["max_request_rate"] > 8
    assert metrics["e2e_p99_ms"] > metrics["e2e_p50_ms"] > 0
    assert all(metrics[each] is None for each in WRITTEN)
    assert sizer("check", tmp_path / "profile.toml").returncode == 0


def test_24_an_embedder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(MISTRAL))
    code, out, _ = run(tmp_path, QUESTION.replace("NAME", "config.json"))
    assert code == 0
    assert "which config.json is made for: no token is written" in " ".join(out.split())


def test_24_answers_of_an_embedder_of_ones_own_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(MISTRAL))
    question = QUESTION.replace("NAME", "config.json") + "workload.output_tokens = 64\n"
    code, _, told = run(tmp_path, question)
    assert code == 2
    assert 'profile.toml:5:26: error[SZ104]: output_tokens contradicts task = "embed"' in told


def test_24_a_model_that_writes_can_be_asked_to_embed(tmp_path: Path) -> None:
    question = QUESTION.replace("NAME", "Qwen/Qwen3-8B") + 'workload.task = "embed"\n'
    code, out, _ = run(tmp_path, question, "--format", "json")
    assert code == 0
    assert json.loads(out)["answers"][0]["chosen"]["metrics"]["itl_ms"] is None


def test_24_what_embeds_cannot_be_asked_to_write(tmp_path: Path) -> None:
    question = QUESTION.replace("NAME", "BAAI/bge-m3") + 'workload.task = "generate"\n'
    code, _, told = run(tmp_path, question)
    assert code == 2
    assert "error[SZ709]: BAAI/bge-m3 embeds texts and writes none" in told


def test_24_a_glob_leaves_embedders_out_and_says_so(tmp_path: Path) -> None:
    _, out, _ = run(tmp_path, QUESTION.replace("NAME", "Qwen/Qwen3-*8B"), "--format", "json")
    data = json.loads(out)
    assert all("Embedding" not in each["model"] for each in data["answers"])
    kept = [each for each in data["assumptions"] if each["kind"] == "writes no text"]
    assert "Qwen/Qwen3-Embedding-8B" in {each["model"] for each in kept}
    assert data["answers"]


@pytest.mark.parametrize("engine", ["tei", "infinity"])
def test_24_engines_that_only_read(tmp_path: Path, engine: str) -> None:
    question = QUESTION.replace("NAME", "BAAI/bge-m3") + f'engine.name = "{engine}"\n'
    question += "fleet.max_gpus = 2\nfleet.max_gpus_per_replica = 2\n"
    code, out, _ = run(tmp_path, question, "--format", "json", "--all")
    answer = json.loads(out)["answers"][0]
    assert code == 0
    assert {each["metrics"]["tp"] for each in (answer["chosen"], *answer["others"])} == {1}
    assert answer["chosen"]["metrics"]["kv_cache_gib"] == 0


def test_24_tei_has_no_kernels_for_volta(tmp_path: Path) -> None:
    question = QUESTION.replace("NAME", "BAAI/bge-m3").replace("H100", "V100-SXM2-32GB")
    code, out, _ = run(tmp_path, question + 'engine.name = "tei"\n', "--format", "json")
    assert code == 1
    assert json.loads(out)["answers"][0]["chosen"] is None


def test_24_the_highest_rate_of_an_embedder(tmp_path: Path) -> None:
    question = QUESTION.replace("NAME", "BAAI/bge-m3").replace("= 8", '= "highest"')
    question += 'select.where = ["fits", "e2e_p99_ms <= 100"]\n'
    code, out, _ = run(tmp_path, question, "--format", "json")
    metrics = json.loads(out)["answers"][0]["chosen"]["metrics"]
    assert code == 0
    assert 0.5 < metrics["goodput_per_s"] / metrics["max_request_rate"] < 1
    assert metrics["e2e_p99_ms"] == pytest.approx(100, rel=0.02)


def test_24_recommend_refuses_it_too(tmp_path: Path) -> None:
    models, gpus = tmp_path / "models.json", tmp_path / "gpus.json"
    models.write_text('[{"name": "Qwen/Qwen3-Embedding-8B"}]')
    gpus.write_text('[{"name": "H", "memory_gb": 80, "memory_bandwidth_gb_s": 3350}]')
    done = sizer("recommend", "--models", models, "--gpus", gpus)
    assert done.returncode == 2
    assert "error[SZ709]" in done.stderr


@pytest.mark.parametrize(("command", "code"), [("simulate", "SZ854"), ("compare", "SZ306")])
def test_24_what_only_writes_can_have_is_refused(tmp_path: Path, command: str, code: str) -> None:
    path = tmp_path / "profile.toml"
    path.write_text("dsl = 1\n" + QUESTION.replace("NAME", "BAAI/bge-m3"))
    done = sizer(command, path)
    assert done.returncode == 2
    assert f"error[{code}]" in done.stderr

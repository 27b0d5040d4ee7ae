"""Whether a model writes text, by its config.json, its repository and the catalog."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sizer.catalog.config_json import stated_task
from sizer.catalog.local import read_local
from sizer.catalog.models import FOLDER, build_tasks, find_model, index, task_of

MISTRAL = {
    "model_type": "mistral",
    "hidden_size": 1024,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "intermediate_size": 2048,
    "vocab_size": 1000,
    "max_position_embeddings": 4096,
}
WRITES = {"auto_map": {"AutoModelForCausalLM": "modeling.ChatGLM"}}


@pytest.mark.parametrize(
    ("config", "task"),
    [
        ({}, "generate"),
        ({"architectures": None}, "generate"),
        ({"architectures": ["LlamaForCausalLM"]}, "generate"),
        ({"architectures": ["GPT2LMHeadModel"]}, "generate"),
        ({"architectures": ["Qwen2VLForConditionalGeneration"]}, "generate"),
        ({"architectures": ["ChatGLMModel"], **WRITES}, "generate"),
        ({"architectures": ["MistralModel"]}, "embed"),
        ({"architectures": ["Qwen3Model"]}, "embed"),
        ({"architectures": ["XLMRobertaModel"], "model_type": "xlm-roberta"}, "embed"),
        ({"architectures": ["BertForMaskedLM"]}, "embed"),
        ({"architectures": ["BertForSequenceClassification"], "model_type": "bert"}, "classify"),
        ({"model_type": "modernbert"}, "embed"),
        ({"architectures": ["Qwen3ForSequenceClassification"]}, "classify"),
        ({"architectures": ["InternLM2ForRewardModel"]}, "classify"),
        ({"architectures": ["Qwen3ForSequenceClassification"], "num_labels": 1}, "rerank"),
        (
            {
                "architectures": ["XLMRobertaForSequenceClassification"],
                "model_type": "xlm-roberta",
                "id2label": {"0": "LABEL_0"},
            },
            "rerank",
        ),
        (
            {"architectures": ["NewModel", "NewForTokenClassification"], "model_type": "new"},
            "embed",
        ),
    ],
)
def test_the_architecture_says_it(config: dict[str, Any], task: str) -> None:
    assert stated_task(config) == task


def test_a_repository_of_sentence_transformers_embeds(tmp_path: Path) -> None:
    config = {**MISTRAL, "architectures": ["MistralForCausalLM"]}
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert read_local(tmp_path / "config.json", "here").task == "generate"
    (tmp_path / "config_sentence_transformers.json").write_text('{"prompts": {}}')
    assert read_local(tmp_path / "config.json", "here").task == "embed"


@pytest.mark.parametrize(
    "changed",
    [
        {"model_type": "mpnet"},
        {"model_type": "nomic_bert", "prenorm": True},
        {"model_type": "bert", "position_embedding_type": "alibi"},
        {"model_type": "bert", "auto_map": {"AutoModel": "jina--modeling_bert.JinaBertModel"}},
    ],
)
def test_an_encoder_of_other_layers_is_refused_as_one(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**MISTRAL, **changed}))
    with pytest.raises(ValueError, match="is an encoder that sizer does not read"):
        read_local(path, "bert/config.json")


def test_the_index_of_tasks_is_what_the_structures_say() -> None:
    assert (FOLDER / "tasks.json").read_text("utf-8") == build_tasks()


@pytest.mark.parametrize("name", [each for each in index() if "embed" in each])
def test_what_is_called_an_embedder_is_one(name: str) -> None:
    assert find_model(name).value.task == task_of(name) == "embed"


def test_a_derived_name_has_the_task_of_its_structure() -> None:
    assert task_of("Qwen3-Embedding-8B-GGUF") == "embed"
    assert task_of("Qwen/Qwen3-VL-Embedding-8B") == task_of("Qwen3-Embedding-4B") == "embed"
    assert task_of("Qwen/Qwen3-Reranker-8B") == find_model("Qwen3-Reranker-8B").value.task
    assert task_of("Qwen/Qwen3-Reranker-8B") == "rerank"
    assert task_of("Qwen/Qwen3-VL-8B-Instruct") == find_model("Qwen/Qwen3-8B").value.task
    assert task_of("intfloat/e5-mistral-7b-instruct") == "embed"
    assert task_of("Qwen/Qwen3-8B") == task_of("nobody-has-this") == "generate"

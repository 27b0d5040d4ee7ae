"""Models on this machine: a folder's weights and side files count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hub_server import LLAMA, LLAMA_PARAMETERS, safetensors

from sizer.catalog.models import find_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a checkpoint in two shards."""
    half = LLAMA_PARAMETERS // 2
    here = tmp_path / "mine"
    here.mkdir()
    here.joinpath("config.json").write_text(json.dumps(LLAMA))
    index = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
    here.joinpath("model.safetensors.index.json").write_text(json.dumps(index))
    here.joinpath("model-1.safetensors").write_bytes(safetensors({"BF16": half}))
    rest = safetensors({"BF16": LLAMA_PARAMETERS - half})
    here.joinpath("model-2.safetensors").write_bytes(rest)
    return here


def test_a_folder_is_read_with_its_weights(folder: Path) -> None:
    model = find_model("mine", folder.parent).value
    assert model.parameters == model.known_parameters == LLAMA_PARAMETERS
    assert model.parameters_by_dtype == (("BF16", LLAMA_PARAMETERS),)


def test_a_config_alone_stands_for_itself(folder: Path) -> None:
    model = find_model("mine/config.json", folder.parent).value
    assert (model.parameters, model.known_parameters) == (LLAMA_PARAMETERS, None)


def test_quantisation_beside_the_config_counts(folder: Path) -> None:
    folder.joinpath("quantize_config.json").write_text('{"bits": 4, "group_size": 128}')
    assert find_model("mine", folder.parent).value.weights == "gptq"


def test_weights_that_are_more_than_the_config_says_are_told(folder: Path) -> None:
    folder.joinpath("model-2.safetensors").write_bytes(safetensors({"BF16": LLAMA_PARAMETERS}))
    found = find_model("mine", folder.parent)
    assert "config.json implies" in str(found.note)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("config.json", b"[1]", "config.json: it is no JSON object"),
        ("config.json", b"{" * 9, "config.json: it is not a JSON text"),
        ("config.json", b" " * (4 * 2**20 + 1), "config.json: more than 4,194,304 bytes"),
        ("hf_quant_config.json", b"[" * 100_000, "hf_quant_config.json: it is nested too deep"),
        ("model-1.safetensors", b"\xff" * 20, "model-1.safetensors: a header of"),
        ("model-1.safetensors", b"", "model-1.safetensors: 0 bytes"),
        ("model.safetensors.index.json", b'{"weight_map": {"a": "../x"}}', "names the file"),
        ("model.safetensors.index.json", b'{"weight_map": {"a": "x"}}', "not there"),
    ],
)
def test_what_is_wrong_is_said_of_its_file(
    folder: Path, file: str, content: bytes, said: str
) -> None:
    folder.joinpath(file).write_bytes(content)
    with pytest.raises(ValueError, match=said):
        find_model("mine", folder.parent)

"""JSON that strangers wrote: taken where it can be, refused at its own line where it cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest
from reference_inputs import H100, QWEN, SMALL, Written

from sizer.cli import main

Capture = pytest.CaptureFixture[str]
SECRET = "hf_" + "OpenSesame0123456789"


@pytest.fixture
def gpus(written: Written) -> list[str]:
    return ["--gpus", written("g.json", [H100.to_dict()])]


def recommended(models: str, gpus: list[str], capsys: Capture) -> Any:
    code = main(["recommend", "--models", models, *gpus])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    return json.loads(captured.out)["recommendations"]


@pytest.mark.parametrize(
    "text",
    [
        '\ufeff[{"name": "Qwen/Qwen2.5-7B"}]\r\n',
        '["Qwen/Qwen2.5-7B"]\n\n',
        '[{"name": "Qwen/Qwen2.5-7B", "num_layers": null}]\n',
        f'[{{"hf_token": "{SECRET}", "name": "Qwen/Qwen2.5-7B"}}]\n',
    ],
    ids=["bom", "names", "null", "token"],
)
def test_what_can_be_taken_is_taken(
    text: str, gpus: list[str], written: Written, capsys: Capture
) -> None:
    [found] = recommended(written("m.json", text), gpus, capsys)
    assert found["model_name"] == QWEN.name
    assert found["recommended_gpu"] == H100.name


def test_a_name_among_accelerators_is_of_the_catalog(written: Written, capsys: Capture) -> None:
    gpus = ["--gpus", written("g.json", ["L4", H100.to_dict()])]
    [found] = recommended(written("m.json", [SMALL.to_dict()]), gpus, capsys)
    assert {each["gpu_name"] for each in found["all_compatible_gpus"]} == {"L4", H100.name}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "m.json:1:1: error[SZ003]: JSON: the file is empty"),
        ('[{"name": "x"}\n', "m.json:2:1: error[SZ003]: JSON: the list is not closed"),
        ('[\n {"name": "x"', "m.json:2:14: error[SZ003]: JSON: the object is not closed"),
        ('[{"name": "x', "m.json:1:11: error[SZ003]: JSON: the text is not closed"),
        ('[{"name": }]', "m.json:1:11: error[SZ003]: JSON: expecting value"),
        ("{}", "m.json:1:1: error[SZ101]: must be a list of objects or names"),
        ("[]\n", "m.json:1:1: error[SZ104]: models must not be empty"),
        ('["Qwen/Qwen2.5-7B",\n 7]', "m.json:2:2: error[SZ101]: must be an object, or a name"),
        ("[{}]", "m.json:1:2: error[SZ102]: missing key 'name'"),
        ('[{"name": "gpt2"},\n {"name": "gpt2"}]', "m.json:2:11: error[SZ104]: name 'gpt2' stands"),
        ('[{"name": "a", "name": "b"}]', "m.json:1:16: error[SZ003]: JSON: the key 'name' stands"),
        ('[{"nme": "gpt2"}]', "m.json:1:3: error[SZ103]: unknown key 'nme'"),
        ('[{"name": "nobody"}]', "m.json:1:11: error[SZ702]: unknown model 'nobody'"),
        ('[{"name": {"a": null}}]', "m.json:1:11: error[SZ101]: name must be a text, not a table"),
        ('[{"name": [null]}]', "m.json:1:11: error[SZ101]: name must be a text, not a list"),
        ('[{"name": "\\ud800"}]', "m.json:1:11: error[SZ104]: name must hold printable"),
        ('[{"name": "gpt2", "hf_token": 5}]', "m.json:1:31: error[SZ101]: hf_token must be a text"),
        (
            '[{"name": "a", "num_parameters": 1e999, "hidden_size": 8, "num_attention_heads": 1}]',
            "m.json:1:34: error[SZ104]: num_parameters must be a finite number",
        ),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_own_place(
    text: str, said: str, gpus: list[str], written: Written, capsys: Capture
) -> None:
    for command in ("recommend", "import"):
        if "SZ702" in said and command == "import":
            continue
        assert main([command, "--models", written("m.json", text), *gpus]) == 2
        assert said in capsys.readouterr().err


def test_all_faults_of_both_files_are_told_at_once(written: Written, capsys: Capture) -> None:
    models = written("m.json", '[{"name": "nobody"},\n {"nme": 1}]')
    gpus = written("g.json", '[{"name": "x", "memory_gb": -1, "memory_bandwidth_gb_s": "2 TB/s"}]')
    assert main(["recommend", "--models", models, "--gpus", gpus]) == 2
    said = capsys.readouterr().err
    assert "m.json:1:11: error[SZ702]" in said
    assert "m.json:2:3: error[SZ103]" in said
    assert "g.json:1:29: error[SZ104]: memory_gb must be at least 0.001" in said
    assert "g.json:1:58: error[SZ101]: memory_bandwidth_gb_s must be a number" in said


def test_an_empty_list_of_accelerators_is_no_whole_catalog(
    written: Written, capsys: Capture
) -> None:
    files = ["--models", written("m.json", [SMALL.to_dict()]), "--gpus", written("g.json", "\n[]")]
    assert main(["recommend", *files]) == 2
    assert "g.json:2:1: error[SZ104]: no accelerators" in capsys.readouterr().err


def test_a_missing_file_is_a_bad_question(gpus: list[str], capsys: Capture) -> None:
    assert main(["recommend", "--models", "gone.json", *gpus]) == 2
    assert "gone.json: error[SZ001]: no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        f'[{{"name": "nobody", "hf_token": "{SECRET}", "nme": 1}}]',
        f'[{{"name": "nobody", "hf_token": "{SECRET}"',
        f'[{{"name": "nobody", "hf_token": "{SECRET}',
        f'[{{"name": "{SECRET}"}}]',
        f'[{{"name": "gpt2", "num_layers": "{SECRET}"}}]',
        f'[{{"name": "gpt2", "api_key": "{SECRET}"}}]',
        '[{"name": "nobody", "hf_token": ["OpenSesame"]}]',
    ],
)
def test_no_token_is_ever_shown(
    text: str, gpus: list[str], written: Written, capsys: Capture
) -> None:
    assert main(["recommend", "--models", written("m.json", text), *gpus]) == 2
    captured = capsys.readouterr()
    assert "OpenSesame" not in captured.out + captured.err


def test_a_token_is_written_into_no_answer_and_no_profile(
    gpus: list[str], written: Written, capsys: Capture
) -> None:
    models = written("m.json", [{"name": "gpt2", "hf_token": SECRET}])
    for command in ("recommend", "import"):
        assert main([command, "--models", models, *gpus]) == 0
        captured = capsys.readouterr()
        assert SECRET not in captured.out + captured.err
        assert "hf_token" not in captured.out

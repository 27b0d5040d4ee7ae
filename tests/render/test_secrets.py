"""No finding, in any format, shows a line that holds a secret; its place stays right."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from attrs import fields, has, resolve_types

from sizer.cli import main
from sizer.diagnostic import Checked, Diagnostic, Place, Related
from sizer.redaction import names_secret, without_secret_values, without_secrets
from sizer.render.forms import FINDINGS
from sizer.schema.asked import case, point, profile
from sizer.structure.files.json_document import parse_json
from sizer.structure.toml.document import parse_document

RANDOM = "q7Zr2LkP9xVb4NcW8tYd1MfG6hJs3QaE"
SECRETS = {  # built here, so that no scanner of repositories takes them for real ones
    "hugging face": "hf_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3f",
    "openai": "sk-" + "proj-aB3dE5gH7jK9mN1pQ3sT5vW7",
    "aws id": "AKIA" + "IOSFODNN7EXAMPLE",
    "aws key": "u8Rk2/Xw7tQn+3Vb" + "Lz5Yp1Hc9Jd4Mf6/Ga0SeKq",
    "github": "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3f",
    "hexadecimal": "0d1f2a3b4c5d6e7f" + "8091a2b3c4d5e6f7",
    "random": RANDOM,
}
KEYS = ("token", "hf_token", "HF_TOKEN", "secret", "clientSecret", "password", "api_key", "key")
COUNTS = ("input_tokens", "kv_bytes_per_token", "tokens_per_second", "keys", "tokenizer", "monkey")


@pytest.mark.parametrize("form", FINDINGS.forms)
@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_no_format_shows_what_has_the_form_of_a_secret(form: str, secret: str) -> None:
    place = Place("p.toml", 3, 11, 4, f'endpoint = "{secret}" # why')
    said = f"no model is called {secret!r}"
    found = Diagnostic("SZ702", said, place, f"write {secret}", related=(Related(secret, place),))
    assert secret not in FINDINGS.render(Checked(("p.toml",), (), (found,)), form)


@pytest.mark.parametrize("form", FINDINGS.forms)
@pytest.mark.parametrize("key", KEYS)
def test_no_format_shows_the_value_of_a_key_that_names_a_secret(form: str, key: str) -> None:
    for line in (f'{key} = "open sesame"', f'"{key}": "open sesame", "x": 1', f"{key}=open-sesame"):
        found = Diagnostic("SZ103", f"unknown key {key!r}", Place("p", 3, 1, len(line), line))
        text = FINDINGS.render(Checked(("p",), (), (found,)), form)
        assert "sesame" not in text


def test_a_mask_is_as_long_as_the_secret_so_that_the_caret_stays() -> None:
    line = '{"hf_token": "abc", "nme": "x"}'
    assert Place("p", 1, 21, 5, line).excerpt == '{"hf_token": "***", "nme": "x"}'


@pytest.mark.parametrize("key", COUNTS)
def test_counts_of_tokens_are_no_secrets(key: str) -> None:
    assert not names_secret(key)
    assert without_secret_values(f"{key} = 1024") == f"{key} = 1024"


@pytest.mark.parametrize(
    "text",
    [
        "meta-llama/Llama-3.1-8B@0123456789abcdef0123456789abcdef01234567",
        "sha256:0d1f2a3b4c5d6e7f8091a2b3c4d5e6f70d1f2a3b4c5d6e7f8091a2b3c4d5e6f7",
        "nvidia/Llama-3_1-Nemotron-Ultra-253B-v1-FP8",
        "NVIDIA-H100-SXM5-80GB",
        "/models/DeepSeekV3BaseInstruct/checkpoints",
        "99999999999999999999999999999999999999999",
        "hf_transfer",
    ],
)
def test_names_commits_and_hashes_are_left_as_they_are(text: str) -> None:
    assert without_secrets(text) == text


def test_no_key_of_ours_is_taken_for_a_secret() -> None:
    for module in (profile, case, point):
        for _, cls in inspect.getmembers(module, inspect.isclass):
            for each in fields(resolve_types(cls)) if has(cls) else ():
                assert not names_secret(each.name), each.name


def test_a_secret_lines_below_its_key_is_masked_too() -> None:
    text = 'dsl = 1\napi_key = """\nopen\nsesame"""\n'
    place = parse_document(text, "p.toml").place(("api_key",))
    assert place is not None
    for start in (text.index("open"), text.index("sesame")):
        assert "open" not in (without_secret_values(text)[start : start + 6])
    json = parse_json('[{"api_key":\n"sesame"}]', "m.json").place((0, "api_key"))
    assert json.excerpt == '"******"}]'


def check(path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["check", str(path), "--format", form]) == 2
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize("form", FINDINGS.forms)
@pytest.mark.parametrize(
    "line",
    [
        'hf_token = "sesame"',
        'name = "a"\nhf_token = "sesame',  # not closed: the whole file is no TOML
        'name = 5 # hf_token = "sesame"',
        '[params]\napi_key = ["sesame"]',
        '[levels]\nmy_secret = "sesame"',
        "password = sesame",
    ],
)
def test_a_profile_with_a_secret_is_checked_without_showing_it(
    line: str, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(f"dsl = 1\n{line}\n[[models]]\n")
    assert "sesame" not in check(path, form, capsys)


def test_a_table_with_a_secret_in_a_cell_is_refused_without_showing_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, secret = tmp_path / "points.csv", SECRETS["hugging face"]
    path.write_text(f"model,gpu,measured_itl_ms\nQwen/Qwen2.5-7B,H100,{secret}\n")
    assert main(["score", str(path)]) == 2
    captured = capsys.readouterr()
    assert "measured_itl_ms" in captured.err
    assert secret not in captured.out + captured.err

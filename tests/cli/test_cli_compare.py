"""`sizer compare`: two opinions of one profile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import sizer

PROFILE = """
dsl = 1
[[models]]
name = "meta-llama/Llama-3.1-8B"
[fleet]
gpus = ["{gpu}"]
[workload]
concurrency = [1, 32]
"""


def profile(folder: Path, gpu: str = "H100-SXM5-80GB") -> Path:
    path = folder / "profile.toml"
    path.write_text(PROFILE.format(gpu=gpu), "utf-8")
    return path


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--estimators", "analytic"), "are not two estimators"),
        (("--estimators", "analytic,analytic"), "are not two estimators"),
        (("--estimators", "analytic,aiconfigurater"), "did you mean 'aiconfigurator'?"),
        (("--share", "0"), "not a number above 0"),
        (("--metrics", "itl"), "did you mean 'itl_ms'?"),
        (("--metrics", "gpu"), "is no numeric metric"),
        (("--top", "1", "--all"), "not allowed with"),
    ],
)
def test_bad_questions(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    done = sizer("compare", profile(tmp_path), *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aiconfigurator_core.py").write_text("raise ImportError('not here')\n", "utf-8")
    monkeypatch.chdir(tmp_path)  # first on the path of `python -m`
    done = sizer("compare", profile(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[SZ303]" in done.stderr


@pytest.fixture
def _extra() -> None:
    pytest.importorskip("aiconfigurator_core", reason="needs the extra: pip install .[aic]")


@pytest.mark.usefixtures("_extra")
def test_both_sides_as_json(tmp_path: Path) -> None:
    options = ("--format", "json", "--all", "--metrics", "itl_ms,weights_gib", "--share", "0.05")
    done = sizer("compare", profile(tmp_path), *options, "--exit-code")
    assert done.returncode == 1, done.stderr
    data = json.loads(done.stdout)
    assert data["disagrees"]
    assert len(data["compared"]) == data["candidates"]
    for each in data["compared"]:
        itl, weights = each["figures"]
        assert itl["analytic"] > 0
        assert itl["aiconfigurator"] > 0
        assert weights["spread"] < 0.05


@pytest.mark.usefixtures("_extra")
def test_nothing_in_common_is_told(tmp_path: Path) -> None:
    done = sizer("compare", profile(tmp_path, "MI300X"))
    assert done.returncode == 1
    assert "no figure of any candidate that all of them know" in done.stderr
    assert "aiconfigurator knows" in done.stdout

from __future__ import annotations

from pathlib import Path

import pytest

from sizer.cli import main

TABLE = """model,gpu,tp,concurrency,measured_itl_ms
meta-llama/Llama-3.1-8B,H100,1,1,6.5
meta-llama/Llama-3.1-8B,H100,1,32,9.0
meta-llama/Llama-3.1-8B,A100-80GB,1,1,10.5
"""


def test_measurements_become_a_calibration_that_is_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured, ours = tmp_path / "measured.csv", tmp_path / "ours.toml"
    measured.write_text(TABLE)
    assert main(["calibrate", str(measured), "-o", str(ours)]) == 0
    assert "3 measured values of 3 rows took part" in capsys.readouterr().err
    assert ours.read_text().startswith('name = "ours"\n')
    assert main(["calibrate", str(measured), "--prior", str(ours)]) == 0
    assert capsys.readouterr().out.startswith('name = "measured"\n')


def test_a_table_without_measured_times_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = tmp_path / "measured.csv"
    measured.write_text("model,gpu,measured_weights_gib\nQwen/Qwen2.5-7B,H100,14.2\n")
    assert main(["calibrate", str(measured)]) == 2
    assert "has a measurement of itl_ms" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("prior", "said"),
    [
        ("defualt", "no calibration is called 'defualt'"),
        ("none.toml", "no such file"),
        ("empty.toml", "no calibration: "),
        ("short.toml", "it lacks activation_passes, "),
        ("broken.toml", "no calibration: not TOML"),
    ],
)
def test_a_prior_that_is_none_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    prior: str,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("measured.csv").write_text(TABLE)
    Path("empty.toml").write_text("")
    Path("broken.toml").write_text("name =")
    Path("short.toml").write_text('name = "n"\nversion = "1"\nsource = "s"\n[constants]\n')
    assert main(["calibrate", "measured.csv", "--prior", prior]) == 2
    assert said in capsys.readouterr().err

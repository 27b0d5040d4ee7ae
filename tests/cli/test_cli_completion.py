"""Shell completion, as a shell asks for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from command_line import COMMAND, GOOD, environment

from sizer.cli import main

pytest.importorskip("argcomplete")
RULE = "[[rule]]\nid = 'slo.pace'\nrequire = 'itl_ms < 10'\ntags = ['latency']\n"


def offered(line: str, answer: Path, **more: str) -> set[str]:
    asked = environment(
        **more,
        _ARGCOMPLETE="1",
        _ARGCOMPLETE_STDOUT_FILENAME=str(answer),
        _ARGCOMPLETE_IFS="\v",
        COMP_LINE=line,
        COMP_POINT=str(len(line)),
        COMP_TYPE="9",
    )
    done = subprocess.run(COMMAND, env=asked, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return {word.strip() for word in answer.read_text().split("\v")}


def test_commands_metrics_codes_and_rules_are_offered(tmp_path: Path) -> None:
    profile, answer = tmp_path / "p.toml", tmp_path / "answer"
    profile.write_text(GOOD + RULE)
    assert offered("sizer ch", answer) == {"check"}
    assert {"prefill_ms"} == offered("sizer explain prefill_m", answer)
    assert "SZ202" in offered("sizer explain SZ2", answer)
    assert offered(f"sizer check {profile} --select ", answer) >= {"slo.pace", "latency"}
    assert offered(f"sizer run {profile} --ignore slo", answer) == {"slo.pace"}
    assert offered("sizer check --fail-level w", answer) == {"warning"}


@pytest.mark.parametrize("command", ["run p.toml", "compare p.toml", "explain --profile p.toml"])
def test_who_does_a_sweep_is_offered(command: str, tmp_path: Path) -> None:
    (tmp_path / "done").mkdir()
    (tmp_path / "done.txt").touch()
    answer, head = tmp_path / "answer", "10.0.0.1:6379"
    line = f"sizer {command}"
    assert {"--jobs", "--ray", "--resume"} <= offered(f"{line} --", answer)
    assert {"1"} <= offered(f"{line} --jobs ", answer)
    assert offered(f"{line} --resume {tmp_path}/do", answer) == {f"{tmp_path}/done/"}
    assert offered(f"{line} --ray 10", answer, RAY_ADDRESS=head) == {head}


def test_half_a_file_offers_nothing(tmp_path: Path) -> None:
    profile, answer = tmp_path / "p.toml", tmp_path / "answer"
    profile.write_text("dsl = ")
    assert offered(f"sizer run {profile} --ignore slo", answer) == {""}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_set_up_by_one_line(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "_ARGCOMPLETE" in capsys.readouterr().out

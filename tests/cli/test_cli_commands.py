from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import pytest
from command_line import GOOD

import sizer.cli
from sizer.cli import main
from sizer.cli.streams.command import Command
from sizer.cli.streams.commands import NAMES, commands

NOT_COMMANDS = {
    "__init__",
    "catalog_list",
    "decision",
    "glossary",
    "import_json",
    "import_log",
    "import_trace",
    "memory",
    "starter",
}
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "profile.toml"
    path.write_text(GOOD)
    return str(path)


def with_select(tmp_path: Path, where: str) -> str:
    path = tmp_path / "strict.toml"
    path.write_text(f'{GOOD}[select]\nwhere = ["{where}"]\n')
    return str(path)


def test_the_list_of_commands_and_the_folder_agree() -> None:
    folder = Path(sizer.cli.__file__).parent / "commands"
    modules = {each.stem for each in folder.rglob("*.py")} - NOT_COMMANDS
    assert {each.removesuffix("_") for each in modules} == set(NAMES)
    assert tuple(each.name for each in commands()) == NAMES


def test_help_and_version_are_answers(capsys: Capture) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {command.name} " in shown for command in commands())
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("sizer ")


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_every_command_has_help(command: Command, capsys: Capture) -> None:
    assert main([command.name, "--help"]) == 0
    assert capsys.readouterr().out.startswith("usage: sizer ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["rnu"],
        ["--rnu"],
        ["run"],
        ["check"],
        ["run", "x.toml", "--top", "0"],
        ["run", "x.toml", "--top", "2", "--all"],
        ["run", "x.toml", "--format", "xml"],
        ["run", "x.toml", "--form", "json"],
        ["run", "x.toml", "--compat", "reference", "--format", "csv"],
        ["import", "--models", "m", "--gpus", "g", "--latency-bound", "-1"],
        ["explain", "itlms"],
        ["explain", "SZ999"],
    ],
)
def test_a_wrong_command_line_is_a_diagnostic(arguments: list[str], capsys: Capture) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error[SZ006]: ")
    assert "help: " in shown.err


def test_nothing_asked_is_answered_with_help(capsys: Capture) -> None:
    assert main([]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "\n  run " in shown.err


def test_a_command_of_another_name_is_proposed(capsys: Capture) -> None:
    main(["chek"])
    assert "no command is called 'chek'\n      = help: did you mean 'check'?" in (
        capsys.readouterr().err
    )


def test_explain_alone_lists_what_it_explains(capsys: Capture) -> None:
    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    words = [line.split()[:2] for line in lines]
    assert ["itl_ms[_low|_high],", "latency_ms"] in words
    assert "SZ202  a name in an expression is unknown" in lines
    assert "itl_ms_low" not in [line.split(" ")[0] for line in lines]


def test_run_answers_on_standard_output_alone(profile: str, capsys: Capture) -> None:
    assert main(["run", profile]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("Qwen/Qwen2.5-7B\n")
    assert shown.err == ""


def test_run_says_by_its_code_that_nothing_survives(tmp_path: Path, capsys: Capture) -> None:
    assert main(["run", with_select(tmp_path, "itl_ms < 0.001")]) == 1
    shown = capsys.readouterr()
    assert "no candidate survives" in shown.out
    assert "nearest" in shown.out


def test_run_top_counts_the_listed(profile: str, capsys: Capture) -> None:
    main(["run", profile, "--top", "2", "--format", "json"])
    (answer,) = json.loads(capsys.readouterr().out)["answers"]
    assert len(answer["others"]) == 1


def test_run_all_lists_every_survivor(profile: str, capsys: Capture) -> None:
    main(["run", profile, "--all", "--format", "json"])
    (answer,) = json.loads(capsys.readouterr().out)["answers"]
    assert 1 + len(answer["others"]) == answer["survivors"]


def test_run_writes_the_same_bytes_to_a_file(profile: str, tmp_path: Path, capsys: Capture) -> None:
    main(["run", profile, "--format", "toml"])
    printed = capsys.readouterr().out
    output = tmp_path / "answer.toml"
    assert main(["run", profile, "--format", "toml", "--output", str(output)]) == 0
    assert output.read_text("utf-8") == printed
    assert capsys.readouterr().out == ""


def test_run_writes_the_reference_shape(profile: str, capsys: Capture) -> None:
    assert main(["run", profile, "--compat", "reference", "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["recommendations"]
    assert found["recommended_gpu"] == "H100-SXM5-80GB"


def test_check_answers_with_findings_and_summarises_aside(profile: str, capsys: Capture) -> None:
    assert main(["check", profile]) == 0
    assert capsys.readouterr() == ("", "1 file checked: no faults\n")


def test_check_tells_all_faults_of_all_files(tmp_path: Path, capsys: Capture) -> None:
    first, second = tmp_path / "a.toml", tmp_path / "b.toml"
    first.write_text(GOOD.replace("gpus", "gpsu"))
    second.write_text(GOOD.replace("dsl = 1", "dsl = 2"))
    assert main(["check", str(first), str(second)]) == 2
    shown = capsys.readouterr()
    assert "a.toml:6:1: error[SZ103]" in shown.out
    assert "b.toml:2:7: error[SZ1" in shown.out
    assert "^" in shown.out
    assert shown.err.startswith("2 files checked: ")


def test_gpus_and_models_list_by_a_part_of_the_name(capsys: Capture) -> None:
    assert main(["gpus", "h100"]) == 0
    assert "H100-SXM5-80GB" in capsys.readouterr().out
    assert main(["models", "mixtral", "--format", "json"]) == 0
    assert all("mixtral" in row["name"].lower() for row in json.loads(capsys.readouterr().out))
    assert main(["gpus", "--format", "csv"]) == 0
    assert len(list(csv.DictReader(capsys.readouterr().out.splitlines()))) >= 65


def test_a_list_without_a_match_is_nothing(capsys: Capture) -> None:
    assert main(["gpus", "abacus"]) == 1
    assert capsys.readouterr() == ("", "no name contains 'abacus'\n")


def test_explain_knows_metrics_aliases_steps_and_codes(capsys: Capture) -> None:
    assert main(["explain", "latency_ms"]) == 0
    assert "itl_ms: mean time" in capsys.readouterr().out
    assert main(["explain", "sz202"]) == 0
    assert capsys.readouterr().out.startswith("SZ202: ")


def test_init_writes_a_profile_that_runs(tmp_path: Path, capsys: Capture) -> None:
    path = str(tmp_path / "starter.toml")
    assert main(["init", path]) == 0
    assert main(["check", path]) == 0
    assert main(["run", path]) == 0
    assert capsys.readouterr().out.startswith("Qwen/Qwen2.5-7B\n")


def test_init_shows_keys_that_may_all_stand(tmp_path: Path, capsys: Capture) -> None:
    assert main(["init", "-"]) == 0
    lines = capsys.readouterr().out.splitlines()
    asleep = (" = ", "# [")
    awake = [line.removeprefix("# ") if any(map(line.count, asleep)) else line for line in lines]
    instead = (
        "task",
        'replicas = "fewest"',
        "request_rate",
        "users",
        "think_time_s",
        "preset",
        "traffic",
        "trace",
        "window",
        "quantile",
        "input_tokens_percentiles",
        "output_tokens_percentiles",
    )
    kept = [line for line in awake if not line.startswith(instead)]
    data = tomllib.loads("\n".join(kept))
    assert data["engine"]["gpu_memory_utilization"] == 0.9
    path = tmp_path / "awake.toml"
    path.write_text("\n".join(kept))
    assert main(["check", str(path), "--today", "2026-01-01"]) == 0


def test_init_replaces_nothing_unless_forced(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("mine")
    assert main(["init", str(path)]) == 2
    assert "error[SZ005]: this file exists" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert main(["init", str(path), "--force"]) == 0
    assert path.read_text() != "mine"


def test_a_fault_of_our_own_is_short_unless_debugged(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("sizer.cli.commands.questions.explain._name", fail)
    monkeypatch.delenv("SIZER_DEBUG", raising=False)
    assert main(["explain", "itl_ms"]) == 3
    told = capsys.readouterr().err
    assert told.startswith("error[SZ900]: sizer itself failed: ZeroDivisionError: by zero\n")
    assert "Traceback" not in told
    monkeypatch.setenv("SIZER_DEBUG", "1")
    assert main(["explain", "itl_ms"]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "check"])
def test_rules_are_selected_by_id_and_tag(command: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(GOOD + '[[rule]]\nid = "a.b"\nrequire = "ttft_ms < 0"\ntags = ["never"]\n')
    assert main([command, str(path), "--ignore", "never"]) == 0
    assert main([command, str(path), "--select", "a.*,never"]) == (command == "run")
    assert main([command, str(path), "--select", "b.*"]) == 2
    assert "error[SZ508]: --select 'b.*' matches no rule" in "".join(capsys.readouterr())

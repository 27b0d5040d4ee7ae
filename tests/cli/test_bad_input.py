"""Whatever is thrown at the command: a clear message, the right exit code, no traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import COMMAND, GOOD, environment, sizer

from sizer.cli import main

PIPE_BYTES = 2**16
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def written(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (written(b""), "error[SZ102]"),
    "directory": (Path.mkdir, "error[SZ001]: this "),
    "missing": (str, "error[SZ001]: no such file"),
    "binary": (written(bytes(range(256)) * 8), "error[SZ002]"),
    "ten megabytes": (written(b"# padding\n" * 2**20), "error[SZ004]"),
    "deep lists": (written(b"x = " + b"[" * 5000 + b"]" * 5000), "error[SZ004]"),
    "deep tables": (written(b"[" + b".".join([b"a"] * 5000) + b"]"), "error[SZ"),
    "not utf-8": (written(b'description = "caf\xe9"\n'), "error[SZ002]"),
    "utf-16": (written(GOOD.encode("utf-16")), "error[SZ002]"),
    "half a line": (written(b"dsl ="), "error[SZ003]"),
    "long number": (written(b"dsl = " + b"9" * 9999), "error[SZ003]"),
    "escape in a name": (written(b'dsl = 1\n[[models]]\nname = "\\u001b[31m"\n'), "error[SZ"),
}


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("what", BAD)
def test_a_bad_profile_is_a_bad_question(tmp_path: Path, what: str, command: str) -> None:
    make, message = BAD[what]
    path = tmp_path / "profile.toml"
    make(path)
    done = sizer(command, path)
    told, silent = (done.stderr, done.stdout) if command == "run" else (done.stdout, done.stderr)
    assert done.returncode == 2
    assert message in told
    assert f"{path}:" in told
    assert message not in silent
    assert "Traceback" not in done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode()],
    ids=["byte-order mark", "CRLF"],
)
def test_encodings_of_windows_editors_are_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "profile.toml"
    path.write_bytes(content)
    done = sizer("run", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Qwen/Qwen2.5-7B\n")


def test_standard_input_is_a_profile() -> None:
    assert sizer("check", "-", given=GOOD.encode()).returncode == 0
    bad = sizer("run", "-", given=b"x" * (2**20 + 1))
    assert bad.returncode == 2
    assert "SZ004" in bad.stderr


@pytest.mark.skipif(IS_ROOT, reason="root may write everywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(GOOD)
    tmp_path.chmod(0o500)
    done = sizer("run", tmp_path / "profile.toml", "--output", tmp_path / "answer.txt")
    tmp_path.chmod(0o700)
    assert done.returncode == 2
    assert "answer.txt: error[SZ005]: cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("where", ["missing/answer.txt", "profile.toml/answer.txt", ".", "a\0b"])
def test_an_impossible_output_is_told(
    tmp_path: Path, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "profile.toml").write_text(GOOD)
    output = str(tmp_path / where)
    assert main(["run", str(tmp_path / "profile.toml"), "--output", output]) == 2
    shown = capsys.readouterr()
    assert "error[SZ005]" in shown.err
    assert shown.out == ""
    assert [each.name for each in tmp_path.iterdir()] == ["profile.toml"]


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(GOOD)
    arguments = [*COMMAND, "run", str(tmp_path / "profile.toml"), "--all"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        told = running.stderr.read()
    assert (running.returncode, told) == (141, b"")


@pytest.mark.parametrize("command", ["--help", "models", "explain"])
def test_a_closed_pipe_is_quiet_for_every_answer(command: str) -> None:
    subject = ["itl_ms"] if command == "explain" else []
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [*COMMAND, command, *subject],
        stdout=write_end,
        stderr=subprocess.PIPE,
        env=environment(),
        check=False,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [("explain", "itl_ms"), ("--version",), ("run", "--help")])
def test_a_full_disk_is_told(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *words],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"error[SZ005]: standard output: no space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="closes a descriptor by a shell")
def test_a_closed_standard_output_is_told() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", '"$@" >&-', "sh", *COMMAND, "explain", "itl_ms"],
        stderr=subprocess.PIPE,
        env=environment(),
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, b"error[SZ005]: standard output is closed\n")


@pytest.mark.skipif(
    os.name != "posix" or signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
    reason="needs SIGINT, which a shell takes from commands in its background",
)
def test_ctrl_c_is_short() -> None:
    with subprocess.Popen(
        [*COMMAND, "run", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as running:
        assert running.stdin is not None
        running.stdin.write(b"#" * (PIPE_BYTES * 2))  # returns once the command is reading
        running.send_signal(signal.SIGINT)
        answer, told = running.communicate(timeout=30)
    assert (running.returncode, answer, told) == (130, b"", b"\nsizer: interrupted\n")


def test_a_locale_without_unicode_spoils_no_answer(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(GOOD)
    done = subprocess.run(
        [*COMMAND, "run", str(tmp_path / "profile.toml"), "--format", "json"],
        capture_output=True,
        env=environment(PYTHONIOENCODING="ascii", LC_ALL="C"),
        check=False,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("ascii"))["answered"] is True


def test_an_interrupt_after_the_answer_changes_nothing() -> None:
    late = "import atexit, os, signal, sys; from sizer.cli import main; "
    late += "atexit.register(os.kill, os.getpid(), signal.SIGINT); "
    late += "sys.argv = ['sizer', 'explain', 'itl_ms']; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", late], capture_output=True, env=environment(), check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"itl_ms: ")


def test_an_interrupt_that_python_wraps_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrapped(_: str) -> None:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr("sizer.cli.program.command", wrapped)
    assert main(["models"]) == 130
    assert capsys.readouterr().err == "\nsizer: interrupted\n"

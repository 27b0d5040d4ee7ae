"""`sizer import --vllm-log`: a start of an engine, scored."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import ROOT, sizer

LOG = ROOT / "tests" / "imports" / "vllm_logs" / "0.12-moe.log"


def test_one_command_closes_the_loop(tmp_path: Path) -> None:
    table = tmp_path / "measured.csv"
    done = sizer("import", "--vllm-log", LOG, "--vllm-log", LOG, "-o", table)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    scored = sizer("score", table)
    assert scored.returncode == 0, scored.stderr
    assert {"weights_gib", "kv_pool_gib", "max_concurrency"} <= set(scored.stdout.split())


def test_a_log_may_come_through_a_pipe() -> None:
    done = sizer("import", "--vllm-log", "-", given=LOG.read_bytes())
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].startswith("<stdin>,Qwen/Qwen3-30B-A3B,")
    empty = sizer("import", "--vllm-log", "-")
    assert (empty.returncode, empty.stdout) == (2, "")
    assert "the log is empty" in empty.stderr


def test_what_is_left_out_is_told_beside_the_answer() -> None:
    done = sizer("import", "--vllm-log", LOG.with_name("0.19-hybrid.log"))
    assert done.returncode == 0
    assert "warning[SZ008]" in done.stderr
    assert done.stdout.startswith("log,model,gpu,")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing to import"),
        (("--models", "m.json"), "no --gpus"),
        (("--gpu", "H100"), "no --vllm-log"),
        (("--vllm-log", str(LOG), "--models", "m.json"), "two sources at once"),
        (("--vllm-log", "nowhere.log"), "error[SZ001]"),
        (("--vllm-log", str(ROOT / "LICENSE")), "error[SZ007]"),
    ],
)
def test_a_bad_import_is_a_bad_question(arguments: tuple[str, ...], said: str) -> None:
    done = sizer("import", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr

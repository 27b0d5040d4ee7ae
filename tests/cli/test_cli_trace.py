"""`sizer import --trace`: a log of requests in figures; `--sql`: its query for a warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import ROOT, sizer

from sizer.cli.commands.measurements.import_trace import DATABASES
from sizer.traffic.logs.dialects import DIALECTS

LOGS = ROOT / "tests" / "traffic" / "logs"
needs_duckdb = pytest.mark.skipif(
    not pytest.importorskip("importlib.util").find_spec("duckdb"),
    reason="logs are read by the extra `traffic`",
)


@needs_duckdb
def test_a_log_becomes_a_file_that_a_reviewer_reads(tmp_path: Path) -> None:
    path = tmp_path / "traffic.toml"
    done = sizer("import", "--trace", LOGS / "azure-2023.csv", "-o", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert path.read_text("utf-8") == (LOGS / "azure-2023.toml").read_text("utf-8")


@needs_duckdb
def test_what_cannot_be_read_is_a_bad_question(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("when,tokens\n1,2\n", "utf-8")
    done = sizer("import", "--trace", log)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[SZ805]: the log has no column of its time" in done.stderr
    assert "error[SZ001]" in sizer("import", "--trace", "nowhere.csv").stderr
    assert "two sources" in sizer("import", "--trace", log, "--vllm-log", log).stderr


def test_every_database_has_its_query() -> None:
    assert set(DATABASES) == {each.name for each in DIALECTS}
    for name in DATABASES:
        done = sizer("import", "--sql", name)
        assert done.returncode == 0
        assert done.stdout.count("\n\nUNION ALL\n\n") == done.stdout.count("\nSELECT '") - 1
        assert "EXACT" not in done.stdout
        assert "${" not in done.stdout

"""The load of a profile that names a log: by its summary, or by the log itself."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from attrs import evolve
from command_line import ROOT

from sizer import size
from sizer.diagnostic import Problem, shown
from sizer.load import check, load
from sizer.pipeline.decisions import decisions
from sizer.render.forms import DECISIONS, REPORT
from sizer.resolve import resolve
from sizer.schema.answered.assumption import LoggedLoad
from sizer.structure.facts import write_facts
from sizer.traffic.design import joint_lengths
from sizer.traffic.logs.reading import read_log

SUMMARY = ROOT / "profiles" / "traffic" / "azure-conversations-2023.toml"
LOG = ROOT / "tests" / "traffic" / "logs" / "azure-2023.csv"
needs_duckdb = pytest.mark.skipif(
    find_spec("duckdb") is None, reason="logs are read by the extra `traffic`"
)


LONG = '[[rule]]\nid = "slo.long"\nwhen = "input_tokens > 100_000"\nrequire = "ttft_ms < 900"\n'


def asked(folder: Path, workload: str, rules: str = "") -> Path:
    """Write a profile beside a summary and a log."""
    shutil.copy(SUMMARY, folder / "traffic.toml")
    shutil.copy(LOG, folder / "chat.csv")
    path = folder / "profile.toml"
    path.write_text(
        f'dsl = 1\n[[models]]\nname = "meta-llama/Llama-3.1-8B"\n[fleet]\ngpus = ["L40S"]\n'
        f"[workload]\n{workload}\n{rules}",
        "utf-8",
    )
    return path


def told(path: Path) -> tuple[str, ...]:
    with pytest.raises(Problem) as caught:
        load(path)
    return tuple(each.code for each in caught.value.diagnostics)


def test_the_load_is_the_design_rate_with_the_lengths_and_bursts_of_the_log(tmp_path: Path) -> None:
    """By the file: the p99 of windows of 10 s, and 1 over the dispersion inside them."""
    question = load(asked(tmp_path, 'traffic = "traffic.toml"'))
    work = question.profile.workload
    assert (work.request_rate, work.input_tokens, work.output_tokens) == ((8.8,), (1155,), (211,))
    assert work.burstiness == pytest.approx(1 / 1.10874)
    assert work.max_context == 14089
    resolved = resolve(question.profile, question.folder, traffic=question.traffic)
    (point,) = resolved.scenario.loads
    assert question.traffic
    assert point.lengths == joint_lengths(question.traffic.traffic.lengths)
    assert point.input_tokens_spread == pytest.approx(point.lengths.input_tokens_spread)
    (note,) = (each for each in resolved.assumptions if isinstance(each, LoggedLoad))
    assert (note.mean_per_s, note.rate_per_s, note.peak_per_s) == (5.53042, 8.8, 9.8)


@pytest.mark.parametrize(
    ("chosen", "rate"),
    [
        ("quantile = 0.5", 5.3),
        ("quantile = 1", 9.8),
        ("quantile = 0.999", 9.8),
        ("window = 60", 8.45),
        ("window = 1\nquantile = 0.9", 9.0),
    ],
)
def test_window_and_quantile_choose_the_rate(chosen: str, rate: float, tmp_path: Path) -> None:
    question = load(asked(tmp_path, f'traffic = "traffic.toml"\n{chosen}'))
    assert question.profile.workload.request_rate == (rate,)


def test_what_the_profile_says_itself_stays(tmp_path: Path) -> None:
    own = 'traffic = "traffic.toml"\nrequest_rate = [1, 2]\nmax_context = 20_000\n'
    work = load(asked(tmp_path, f"{own}prefix_hit_share = 0.3")).profile.workload
    assert (work.request_rate, work.max_context, work.prefix_hit_share) == ((1, 2), 20_000, 0.3)
    assert (work.input_tokens, work.burstiness) == ((1155,), 1.0)
    closed = load(asked(tmp_path, 'traffic = "traffic.toml"\nconcurrency = 8')).profile.workload
    assert (closed.request_rate, closed.concurrency) == ((), (8,))
    even = load(asked(tmp_path, 'traffic = "traffic.toml"\narrivals = "constant"'))
    assert even.profile.workload.burstiness == 1.0


def test_prefixes_of_the_log_are_the_hits(tmp_path: Path) -> None:
    path = asked(tmp_path, 'traffic = "traffic.toml"')
    text = SUMMARY.read_text("utf-8") + "\n[prefixes]\nhit_share = 0.37\nblock_tokens = 512\n"
    (tmp_path / "traffic.toml").write_text(text, "utf-8")
    assert load(path).profile.workload.prefix_hit_share == 0.37


def test_every_form_of_an_answer_says_mean_peak_and_what_is_carried(tmp_path: Path) -> None:
    report = size(asked(tmp_path, 'traffic = "traffic.toml"'))
    for form in ("text", "json", "markdown"):
        said = " ".join(REPORT.render(report, form).split())
        assert "8.8 request/s, p99 of 350 windows of 10 s (mean 5.53, peak 9.8)" in said


def test_a_decision_says_so_too(tmp_path: Path) -> None:
    found = decisions(asked(tmp_path, 'traffic = "traffic.toml"'))
    assert "p99 of 350 windows of 10 s" in " ".join(DECISIONS.render(found, "text").split())
    assert '"rate_per_s": 8.8' in DECISIONS.render(found, "json")


@needs_duckdb
def test_a_log_is_its_summary(tmp_path: Path) -> None:
    by_log = load(asked(tmp_path, 'trace = "chat.csv"'))
    (tmp_path / "traffic.toml").write_text(write_facts(read_log(LOG)), "utf-8")
    path = asked(tmp_path, 'traffic = "traffic.toml"')
    (tmp_path / "traffic.toml").write_text(
        write_facts(evolve(read_log(LOG), source="chat.csv")), "utf-8"
    )
    by_summary = load(path)
    assert by_log.traffic == by_summary.traffic
    left = {"trace": None, "traffic": None}
    assert evolve(by_log.profile.workload, **left) == evolve(by_summary.profile.workload, **left)


def test_a_check_reads_no_log_and_knows_nothing_of_its_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    path = asked(tmp_path, 'trace = "chat.csv"', LONG)
    assert check([path]).found == ()
    assert told(path) == ("SZ804",)
    for workload in ("input_tokens = 500", 'traffic = "traffic.toml"'):
        stated = asked(tmp_path, workload, LONG)
        assert [each.code for each in check([stated]).found] == ["SZ207"]


def test_a_log_that_is_not_there(tmp_path: Path) -> None:
    assert told(asked(tmp_path, 'traffic = "nowhere.toml"')) == ("SZ501",)
    assert told(asked(tmp_path, 'trace = "nowhere.csv"')) == ("SZ501",)
    assert told(asked(tmp_path, 'trace = "/etc/hostname"')) == ("SZ503",)
    assert told(asked(tmp_path, 'traffic = "traffic.toml"\ntrace = "chat.csv"')) == ("SZ801",)


def test_a_summary_with_a_fault_of_its_shape_is_told_at_its_place(tmp_path: Path) -> None:
    path = asked(tmp_path, 'traffic = "traffic.toml"')
    text = SUMMARY.read_text("utf-8").replace("requests = 19366", 'requests = "many"')
    (tmp_path / "traffic.toml").write_text(text, "utf-8")
    (fault,) = check([path]).found
    assert "traffic.toml:3:12: error[SZ101]" in shown(fault)
    (alone,) = check([tmp_path / "traffic.toml"]).found
    assert alone == fault


HOURS = (1, 1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 8, 8, 8, 8, 8, 8, 7, 6, 5, 4, 3, 2, 1)


def test_the_day_of_a_log_has_the_design_rate_in_its_busiest_hour(tmp_path: Path) -> None:
    path = asked(tmp_path, 'traffic = "traffic.toml"\nrequest_rate_by_hour = "traffic"\n')
    summary = tmp_path / "traffic.toml"
    by_hour = f"\nrate_by_hour_per_s = {list(HOURS)}\n\n["
    summary.write_text(summary.read_text("utf-8").replace("\n[", by_hour, 1), "utf-8")
    question = load(path)
    work, design = question.profile.workload, question.traffic
    assert design is not None
    rate = design.rate_per_s
    assert rate is not None
    assert work.rates == (rate,)
    assert work.request_rate == ()
    assert work.day[10] == rate
    assert work.day[0] == rate / 9
    assert work.burstiness == design.burstiness

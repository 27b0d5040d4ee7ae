from __future__ import annotations

import shutil
import socket
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve
from fleet import CONFIGS, LIMITS, edit, recalibrate, write_fleet

import sizer.load.names.names
import sizer.resolve.facts
from sizer.catalog.hub import Hub
from sizer.catalog.local import read_local
from sizer.catalog.lookup import Found
from sizer.cli import main

Capture = pytest.CaptureFixture[str]
CHAT = "profiles/chat.toml"
LOG = Path(__file__).parents[1] / "traffic/logs/azure-2023.csv"
SUMMARY = Path(__file__).parents[2] / "profiles/traffic/azure-conversations-2023.toml"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_fleet(tmp_path))


def said(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def lock() -> str:
    assert main(["lock", "profiles"]) == 0
    return Path("sizer.lock").read_text()


def test_the_locked_answer_is_the_same_to_the_byte_without_a_network(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock()
    asked = [
        [CHAT, "--format", form, *more]
        for form in ("text", "json", "markdown", "csv", "toml")
        for more in ([], ["--all"], ["--top", "2"])
    ]
    before = [said(capsys, "run", *each) for each in asked]
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection"))
    assert [said(capsys, "run", *each, "--locked") for each in asked] == before
    assert before[0][0] == 0


def test_a_lock_is_sorted_stable_and_does_not_say_when_it_was_written(capsys: Capture) -> None:
    first = lock()
    data = tomllib.loads(first)
    for kind in ("profile", "file"):
        names = [each["path"] for each in data[kind]]
        assert names == sorted(names)
    for kind in ("model", "accelerator"):
        names = [each["name"] for each in data[kind]]
        assert names == sorted(names)
    assert datetime.now(UTC).date().isoformat() not in first
    code, _, err = said(capsys, "lock")
    assert (code, Path("sizer.lock").read_text()) == (0, first)
    assert "is unchanged: 2 profiles, 3 models, 4 accelerators" in err


def test_a_lock_is_the_same_from_every_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    first = lock()
    monkeypatch.chdir("profiles")
    assert main(["lock", "batch.toml"]) == 0
    assert Path("../sizer.lock").read_text() == first
    assert main(["run", "chat.toml", "--locked", "--format", "csv"]) == 0


def test_facts_that_the_catalog_no_longer_has_are_in_the_lock(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(CHAT, "Qwen/Qwen2.5-7B", "someone/of-the-hub")
    theirs = read_local(CONFIGS / "gemma-2b.json", "someone/of-the-hub")
    found = sizer.resolve.facts.find_model

    def hub(name: str, folder: Path | None = None, door: Hub | None = None) -> Found[object]:
        return Found(theirs) if name == "someone/of-the-hub" else found(name, folder, door)

    with monkeypatch.context() as patch:
        patch.setattr(sizer.resolve.facts, "find_model", hub)
        patch.setattr(sizer.load.names.names, "knows_model", lambda name: name)
        lock()
        before = said(capsys, "run", CHAT)
    assert before[0] == 0
    assert said(capsys, "run", CHAT, "--locked") == before
    assert said(capsys, "lock", "--check")[0] == 0
    code, _, err = said(capsys, "run", CHAT)
    assert (code, "SZ717" in err) == (2, True)


def test_newer_facts_wait_for_an_update(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    first = lock()
    before = said(capsys, "run", CHAT)
    found = sizer.resolve.facts.find_gpu

    def faster(name: str) -> Found[object]:
        each = found(name)
        value = evolve(each.value, bandwidth_gb_s=(each.value.bandwidth_gb_s or 0) * 2)
        return Found(value, each.note)

    monkeypatch.setattr(sizer.resolve.facts, "find_gpu", faster)
    assert said(capsys, "run", CHAT)[1] != before[1]
    assert said(capsys, "run", CHAT, "--locked") == before
    assert said(capsys, "lock", "--check")[0] == 0
    assert main(["update", "L4"]) == 0
    second = tomllib.loads(Path("sizer.lock").read_text())["accelerator"]
    bandwidths = {each["name"]: each["facts"]["bandwidth_gb_s"] for each in second}
    assert bandwidths == {"A100": 2039.0, "H100": 3350.0, "L4": 600.0, "L40S": 864.0}
    assert main(["update"]) == 0
    text = Path("sizer.lock").read_text()
    assert text != first
    assert said(capsys, "run", CHAT, "--locked")[1] == said(capsys, "run", CHAT)[1]


@pytest.mark.parametrize(
    ("path", "old", "new", "named"),
    [
        (CHAT, "concurrency = [1, 8]", "concurrency = 8", "profile profiles/chat.toml"),
        ("rules/slo.toml", "2000", "900", "file rules/slo.toml"),
        ("rules/limits.toml", '"warning"', '"info"', "file rules/limits.toml"),
        (
            "models/ours/config.json",
            '"num_hidden_layers": 32',
            '"num_hidden_layers": 30',
            "model models/ours/config.json",
        ),
    ],
)
def test_what_drifted_is_named(capsys: Capture, path: str, old: str, new: str, named: str) -> None:
    lock()
    edit(path, old, new)
    code, out, err = said(capsys, "run", CHAT, "--locked")
    assert (code, out) == (2, "")
    assert f"error[SZ513]: {named} changed since sizer.lock was written" in err
    code, out, _ = said(capsys, "lock", "--check")
    assert code == 1
    assert f"{named} changed" in out
    assert main(["lock"]) == 0
    assert said(capsys, "lock", "--check")[0] == said(capsys, "run", CHAT, "--locked")[0] == 0


def test_white_space_of_a_config_and_line_ends_are_no_drift(capsys: Capture) -> None:
    lock()
    config = Path("models/ours/config.json")
    config.write_text(config.read_text().replace("\n", "  \n"))
    profile = Path(CHAT)
    profile.write_bytes(profile.read_bytes().replace(b"\n", b"\r\n"))
    assert said(capsys, "lock", "--check")[0] == 0


def test_an_estimator_that_answers_otherwise_is_named(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock()
    recalibrate(monkeypatch)
    code, out, err = said(capsys, "run", CHAT, "--locked")
    assert (code, out) == (2, "")
    assert "error[SZ514]: Qwen/Qwen2.5-7B: " in err
    assert "the calibration is default" in err
    assert "the estimator is" not in err
    code, out, _ = said(capsys, "lock", "--check")
    assert code == 1
    assert "constants default changed" in out


def test_another_estimator_that_answers_the_same_is_no_drift_of_an_answer(capsys: Capture) -> None:
    digest = tomllib.loads(lock())["estimator"]["sha256"]
    edit("sizer.lock", digest, "0" * 64)
    assert said(capsys, "run", CHAT, "--locked")[0] == 0
    code, out, _ = said(capsys, "lock", "--check")
    assert code == 1
    assert "the estimator is" in out


def test_what_is_not_locked_is_refused(capsys: Capture) -> None:
    code, _, err = said(capsys, "run", CHAT, "--locked")
    assert (code, "SZ510" in err) == (2, True)
    assert said(capsys, "lock")[0] == said(capsys, "lock", "--check")[0] == 2
    assert main(["lock", "profiles/batch.toml"]) == 0
    code, _, err = said(capsys, "run", CHAT, "--locked")
    assert (code, "SZ512" in err) == (2, True)
    code, out, _ = said(capsys, "lock", "--check", "profiles")
    assert code == 1
    assert "profile profiles/chat.toml is not in the lock" in out
    code, _, err = said(capsys, "run", CHAT, "--locked", "--select", "slo.*")
    assert (code, "SZ006" in err) == (2, True)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("version = 2\n\n", "version = 3\n\n", "version 3 of the format"),
        ("bandwidth_gb_s = 300.0", "bandwidth_gb_s = 900.0", "the facts of 'L4'"),
        ("[estimator]", "<<<<<<< HEAD\n[estimator]", "a merge was not finished"),
        ("[estimator]", "[estimators]", "not a lock"),
        ("version = 2\n\n", "version = \n", "not a lock: not TOML"),
        ("version = 2\n\n", f"version = {'[' * 5000}\n", "not a lock: nested more than 32 deep"),
    ],
)
def test_a_lock_that_sizer_did_not_write_is_refused(
    capsys: Capture, old: str, new: str, why: str
) -> None:
    lock()
    edit("sizer.lock", old, new)
    code, out, err = said(capsys, "run", CHAT, "--locked")
    assert (code, out) == (2, "")
    assert f"error[SZ511]: {why}" in err


def test_a_profile_that_is_gone_leaves_the_lock(capsys: Capture) -> None:
    lock()
    Path("profiles/batch.toml").unlink()
    code, out, _ = said(capsys, "lock", "--check")
    assert code == 1
    assert "profile profiles/batch.toml is in the lock alone" in out
    code, _, err = said(capsys, "lock")
    assert (code, "profiles/batch.toml is gone" in err) == (0, True)
    names = [each["name"] for each in tomllib.loads(Path("sizer.lock").read_text())["accelerator"]]
    assert names == ["H100", "L4"]


def test_every_fault_of_every_profile_is_told_and_nothing_is_written(capsys: Capture) -> None:
    edit(CHAT, '"H100"', '"H1000"')
    edit("profiles/batch.toml", '"A100"', '"A1000"')
    code, _, err = said(capsys, "lock", "profiles")
    assert code == 2
    assert err.count("SZ701") == 2
    assert not Path("sizer.lock").exists()


def test_folders_give_profiles_and_no_rule_files_or_tests() -> None:
    Path("profiles/shared.toml").write_text(LIMITS)
    Path("profiles/chat.sizer-test.toml").write_text("case = 1")
    Path("profiles/pyproject.toml").write_text("[project]\nname = 'x'\n")
    paths = [each["path"] for each in tomllib.loads(lock())["profile"]]
    assert paths == ["profiles/batch.toml", CHAT]


def test_an_update_knows_its_names(capsys: Capture) -> None:
    lock()
    code, _, err = said(capsys, "update", "l4")
    assert (code, "did you mean 'L4'?" in err) == (2, True)


def test_own_prices_are_files_that_may_drift(capsys: Capture) -> None:
    Path("prices.csv").write_text(
        "gpu,provider,usd_per_gpu_hour,as_of\nH100,ours,1.5,2026-11-01\nL4,ours,0.2,2026-11-01\n"
    )
    edit(CHAT, '["H100", "L4"]', '["H100", "L4"]\nprices = "../prices.csv"')
    data = tomllib.loads(lock())
    assert {"path": "prices.csv", "kind": "prices"}.items() <= data["file"][0].items()
    locked = next(each for each in data["profile"] if each["path"] == CHAT)
    assert "L4: 0.200 USD/h (ours, 2026-11-01)" in locked["prices"]
    before = said(capsys, "run", CHAT)
    assert said(capsys, "run", CHAT, "--locked") == before
    edit("prices.csv", "0.2", "0.3")
    code, _, err = said(capsys, "run", CHAT, "--locked")
    assert (code, "file prices.csv changed since" in err) == (2, True)


def test_a_waiver_that_ran_out_is_named(capsys: Capture) -> None:
    edit("rules/slo.toml", "2000", "10")
    with Path(CHAT).open("a") as file:
        file.write(
            '[[waiver]]\nrule = "slo.first-token"\nmatch = "gpus == 1"\nreason = "tried out"\n'
            'owner = "platform"\nexpires = 2026-12-31\n'
        )
    day = ("--today", "2026-12-01")
    assert said(capsys, "lock", "profiles", *day)[0] == 0
    before = said(capsys, "run", CHAT, *day)
    assert said(capsys, "run", CHAT, "--locked", *day) == before
    code, out, err = said(capsys, "run", CHAT, "--locked", "--today", "2027-01-01")
    assert (code, out) == (2, "")
    assert "SZ514" in err
    assert "the waiver of slo.first-token by platform expired on 2026-12-31" in err


def test_a_summary_of_a_log_is_a_file_that_may_drift(capsys: Capture) -> None:
    shutil.copy(SUMMARY, "profiles/log.toml")
    edit(CHAT, "[workload]", '[workload]\ntraffic = "log.toml"')
    file, *_ = tomllib.loads(lock())["file"]
    assert {"path": "profiles/log.toml", "kind": "traffic"}.items() <= file.items()
    before = said(capsys, "run", CHAT)
    assert before[0] == 0
    assert said(capsys, "run", CHAT, "--locked") == before
    edit("profiles/log.toml", "requests = 19366", "requests = 19367")
    code, _, err = said(capsys, "run", CHAT, "--locked")
    assert (code, "file profiles/log.toml changed since" in err) == (2, True)


def test_a_log_itself_is_not_locked(capsys: Capture) -> None:
    pytest.importorskip("duckdb", reason="logs are read by the extra `traffic`")
    shutil.copy(LOG, "profiles/log.csv")
    edit(CHAT, "[workload]\nconcurrency = [1, 8]", '[workload]\ntrace = "log.csv"')
    assert said(capsys, "run", CHAT)[0] == 0
    code, _, err = said(capsys, "lock", CHAT)
    assert (code, "error[SZ806]: a lock does not hold the log log.csv" in err) == (2, True)
    assert "sizer import --trace log.csv -o traffic.toml" in err

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from fleet import commit, edit, git, write_fleet

import sizer.diff.tree
from sizer.cli import main

Capture = pytest.CaptureFixture[str]
CHAT = "profiles/chat.toml"
BATCH = "profiles/batch.toml"
SUMMARY = Path(__file__).parents[2] / "profiles/traffic/azure-conversations-2023.toml"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_fleet(tmp_path))
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "profiles and rules, no lock")
    return tmp_path


def said(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["diff", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def difference(capsys: Capture, *arguments: str) -> dict[str, Any]:
    code, out, err = said(capsys, *arguments, "--format", "json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def causes(found: dict[str, Any]) -> set[str]:
    return {cause["kind"] for change in found["changes"] for cause in change["causes"]}


def test_nothing_changed(capsys: Capture) -> None:
    found = difference(capsys)
    assert (found["before"], found["after"]) == ("HEAD", "work tree")
    assert (found["changes"], found["inert"], found["unchanged"]) == ([], [], 3)
    assert said(capsys, "--exit-code")[:2] == (0, "HEAD -> work tree: none of 3 answers changed\n")


def test_an_edit_of_the_work_tree_without_a_lock(capsys: Capture) -> None:
    edit("rules/slo.toml", "ttft_ms <= 2000", "ttft_ms <= 60")
    found = difference(capsys)
    change = found["changes"][0]
    assert (change["profile"], change["model"]) == (CHAT, "Qwen/Qwen2.5-7B")
    assert change["kind"] == "recommendation"
    assert change["causes"] == [
        {
            "kind": "rules",
            "details": [
                {
                    "kind": "rule",
                    "rule": "slo.first-token",
                    "part": "require",
                    "before": "ttft_ms <= 2000",
                    "after": "ttft_ms <= 60",
                    "text": "slo.first-token: require ttft_ms <= 2000 -> ttft_ms <= 60",
                }
            ],
        }
    ]
    assert change["newly_failing"] == [
        {"rule": "slo.first-token", "level": "error", "outcome": "fails", "waiver": None}
    ]
    fate = change["fate"]
    assert (fate["kind"], fate["bounds"][0]["bound"]) == ("refused", 60.0)
    told = r"slo.first-token: ttft_ms <= 60: .* against 60, .* % off at .*"
    assert re.fullmatch(told, *fate["text"])
    assert change["deltas"]["ttft_ms"]["share"] < 0
    assert said(capsys, "--exit-code")[0] == 1


def test_of_two_edits_the_one_that_decides_is_the_cause(capsys: Capture) -> None:
    edit("rules/limits.toml", "itl_ms <= 5", "itl_ms <= 6")
    edit(CHAT, "concurrency = [1, 8]", "concurrency = 1")
    found = difference(capsys)
    assert causes(found) == {"workload"}
    assert all(each["certain"] for each in found["changes"])


def test_edits_that_decide_only_together_are_both_causes(capsys: Capture) -> None:
    edit(CHAT, 'gpus = ["H100", "L4"]', 'gpus = ["H100", "L4"]\nmax_gpus_per_replica = 1')
    edit(
        CHAT, '[[models]]\nname = "../', '[levels]\n"slo.pace" = "error"\n\n[[models]]\nname = "../'
    )
    found = difference(capsys)
    assert causes(found) == {"rules", "fleet"}
    assert all(each["after"]["candidate"] is None for each in found["changes"])


def test_what_differs_and_decides_nothing_is_told_apart(capsys: Capture) -> None:
    edit("rules/slo.toml", "ttft_ms <= 2000", "ttft_ms <= 2001")
    found = difference(capsys)
    assert found["changes"] == []
    assert found["inert"] == [
        {
            "profile": CHAT,
            "causes": [
                {
                    "kind": "rules",
                    "details": [
                        {
                            "kind": "rule",
                            "rule": "slo.first-token",
                            "part": "require",
                            "before": "ttft_ms <= 2000",
                            "after": "ttft_ms <= 2001",
                            "text": "slo.first-token: require ttft_ms <= 2000 -> ttft_ms <= 2001",
                        }
                    ],
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "kind", "detail"),
    [
        (CHAT, '"H100", "L4"', '"H100"', "fleet", "without L4"),
        (CHAT, '"H100", "L4"', '"H100", "L4", "H200"', "fleet", "with H200"),
        (CHAT, '"cost_usd_per_mtok"', '"ttft_ms"', "select", "sort cost_usd_per_mtok -> ttft_ms"),
        (BATCH, '["bf16", "fp8"]', '"bf16"', "models", "weights bf16, fp8 -> bf16"),
        (
            BATCH,
            "[fleet]",
            "[engine]\ngpu_memory_utilization = 0.5\n[fleet]",
            "engine",
            "gpu_memory_utilization unknown -> 0.5",
        ),
        (
            BATCH,
            "[fleet]",
            '[[rule]]\nid = "own"\nrequire = "gpus == 1"\n[fleet]',
            "rules",
            "with own: gpus == 1 (error)",
        ),
        (BATCH, "[fleet]", '[fleet]\nprovider = "aws"', "price", "(aws, "),
    ],
)
def test_parts_of_a_profile_are_told_apart(
    capsys: Capture, path: str, old: str, new: str, kind: str, detail: str
) -> None:
    edit(path, old, new)
    found = difference(capsys)
    changed = [*found["changes"], *found["inert"]]
    assert {cause["kind"] for each in changed for cause in each["causes"]} == {kind}
    found_causes = [cause for each in changed for cause in each["causes"]]
    texts = [each["text"] for cause in found_causes for each in cause["details"]]
    assert any(detail in text for text in texts), texts


def test_models_and_profiles_come_and_go(capsys: Capture) -> None:
    edit(BATCH, "mistralai/Mistral-7B-v0.1", "Qwen/Qwen2.5-14B")
    Path(CHAT).rename("profiles/renamed.toml")
    found = [(each["profile"], each["kind"]) for each in difference(capsys)["changes"]]
    assert sorted(found) == [
        (BATCH, "added"),
        (BATCH, "removed"),
        *[(CHAT, "removed")] * 2,
        *[("profiles/renamed.toml", "added")] * 2,
    ]


def test_a_profile_that_no_longer_reads_is_a_change(capsys: Capture) -> None:
    edit(CHAT, '"H100"', '"H1000"')
    code, out, err = said(capsys, "--exit-code")
    assert (code, err) == (1, "")
    assert out.count("cannot be answered") == 2
    assert f"work tree: {CHAT}:11:" in out
    assert "error[SZ701]: unknown accelerator 'H1000'" in out


def test_revisions_in_every_spelling(here: Path, capsys: Capture) -> None:
    git(here, "switch", "--quiet", "--create", "topic")
    edit(CHAT, "concurrency = [1, 8]", "concurrency = 1")
    commit(here, "less load")
    git(here, "switch", "--quiet", "main")
    edit(BATCH, '["bf16", "fp8"]', '"bf16"')
    commit(here, "no fp8")
    for asked, kinds in (
        (("main..topic",), {"workload", "models"}),
        (("main", "topic"), {"workload", "models"}),
        (("main...topic",), {"workload"}),
        (("HEAD~1",), {"models"}),
        (("HEAD~1..",), {"models"}),
        (("..topic",), {"workload", "models"}),
    ):
        assert causes(difference(capsys, *asked)) == kinds, asked


def test_a_work_tree_is_not_touched(here: Path, capsys: Capture) -> None:
    edit(CHAT, "concurrency = [1, 8]", "concurrency = 1")
    commit(here, "less load")
    edit(CHAT, "concurrency = 1", "concurrency = 2")
    index = (here / ".git" / "index").stat().st_mtime_ns
    before = {path: path.stat().st_mtime_ns for path in here.rglob("*") if path.is_file()}
    assert causes(difference(capsys, "HEAD~1..HEAD")) == {"workload"}
    after = {path: path.stat().st_mtime_ns for path in here.rglob("*") if path.is_file()}
    assert after == before
    assert (here / ".git" / "index").stat().st_mtime_ns == index


@pytest.mark.parametrize("asked", ["mian..HEAD", "HEAD..mian", "mian", "HEAD:profiles"])
def test_a_revision_that_does_not_exist(capsys: Capture, asked: str) -> None:
    code, out, err = said(capsys, asked)
    assert (code, out) == (2, "")
    assert "error[SZ515]: no revision is called" in err


def test_outside_of_a_repository(
    tmp_path_factory: pytest.TempPathFactory, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(elsewhere.parent))
    assert said(capsys)[0] == 2
    monkeypatch.setenv("PATH", "")
    code, _, err = said(capsys, "main..HEAD")
    assert (code, "git is not installed" in err) == (2, True)


def test_a_partial_clone_is_told_how_to_be_whole(
    here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(here, "config", "uploadpack.allowFilter", "true")
    git(here, "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{here}", "part")
    monkeypatch.chdir(here / "part")
    code, out, err = said(capsys, "HEAD..HEAD")
    assert (code, out) == (2, "")
    assert "error[SZ515]: git cat-file: fatal: could not fetch" in err
    assert "help: `git fetch --refetch --no-filter`" in err


def test_a_lost_object_is_named(here: Path, capsys: Capture) -> None:
    digest = git(here, "rev-parse", f"HEAD:{CHAT}").strip()
    (here / ".git" / "objects" / digest[:2] / digest[2:]).unlink()
    code, out, err = said(capsys)
    assert (code, out) == (2, "")
    assert f"error[SZ515]: this clone lacks {CHAT} of HEAD" in err


def test_a_small_commit_of_very_much_is_refused(
    here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizer.diff.tree, "MOST_BYTES", 100_000)
    for number in range(60):
        (here / f"{number}.json").write_text(" " * 2000)
    commit(here, "one blob of many names")
    code, out, err = said(capsys)
    assert (code, out) == (2, "")
    assert "error[SZ515]: the .toml, .json, .csv files of HEAD hold 12" in err
    assert "bytes: at most 100,000 are read" in err


def test_a_link_in_a_revision_leads_nowhere(here: Path, capsys: Capture) -> None:
    edit(CHAT, "../rules/slo.toml", "../rules/linked.toml")
    (here / "rules" / "linked.toml").symlink_to(here / "rules" / "slo.toml")
    commit(here, "a link")
    found = difference(capsys, "HEAD~1..HEAD")
    assert {each["kind"] for each in found["changes"]} == {"broken"}
    assert "SZ501" in found["notes"][0]["fault"]
    assert os.sep + "tmp" not in found["notes"][0]["fault"]


def test_two_profiles_and_two_folders(here: Path, capsys: Capture) -> None:
    other = here / "other.toml"
    text = (here / BATCH).read_text()
    other.write_text(text.replace('["bf16", "fp8"]', '"fp8"').replace('"L40S", ', ""))
    found = difference(capsys, BATCH, "other.toml")
    assert causes(found) <= {"models", "fleet"}
    assert (found["before"], found["after"]) == (BATCH, "other.toml")
    for name in ("old", "new"):
        (here / name).mkdir()
        (here / name / "p.toml").write_text(text.replace("L40S", "L40S" if name == "old" else "L4"))
    found = difference(capsys, "old", "new")
    assert found["changes"] or found["inert"]
    assert said(capsys, "old", BATCH)[0] == said(capsys, BATCH, "sizer.lock")[0] == 2


def test_two_locks_alone_tell_what_may_be_the_cause(here: Path, capsys: Capture) -> None:
    assert main(["lock", "profiles"]) == 0
    (here / "old").mkdir()
    (here / "sizer.lock").rename(here / "old" / "sizer.lock")
    edit(CHAT, "concurrency = [1, 8]", "concurrency = 1")
    assert main(["lock", "profiles"]) == 0
    found = difference(capsys, "old/sizer.lock", "sizer.lock")
    assert causes(found) == {"profile"}
    assert all(each["certain"] for each in found["changes"])
    edit("rules/slo.toml", "ttft_ms <= 2000", "ttft_ms <= 60")
    assert main(["lock"]) == 0
    found = difference(capsys, "old/sizer.lock", "sizer.lock")
    assert causes(found) == {"profile", "rules"}
    assert not any(each["certain"] for each in found["changes"])
    assert (
        "any of               profile: changed: profiles/chat.toml"
        in said(capsys, "old/sizer.lock", "sizer.lock")[1]
    )


def test_a_lock_that_is_behind_is_told(here: Path, capsys: Capture) -> None:
    assert main(["lock", "profiles"]) == 0
    commit(here, "a lock")
    edit(CHAT, "concurrency = [1, 8]", "concurrency = 1")
    found = difference(capsys)
    assert causes(found) == {"workload"}
    (note,) = found["notes"]
    assert (note["kind"], note["lock"], note["profile"]) == ("stale lock", "sizer.lock", CHAT)
    assert note["text"] == f"work tree: sizer.lock is older than {CHAT}, which is answered anew"
    edit("sizer.lock", "version = 2\n\n", "version = 3\n\n")
    code, _, err = said(capsys)
    assert (code, err.splitlines()[0]) == (
        2,
        "work tree:sizer.lock: error[SZ511]: version 3 of the format; this sizer reads version 2",
    )


def test_a_comment_for_a_pull_request(capsys: Capture) -> None:
    edit(BATCH, '["bf16", "fp8"]', '"bf16"')
    Path(BATCH).rename("profiles/<b>|x.toml")
    edit(CHAT, "concurrency = [1, 8]", "concurrency = 1")
    code, out, _ = said(capsys, "--format", "markdown", "--output", "comment.md")
    assert (code, out) == (0, "")
    text = Path("comment.md").read_text()
    lines = text.splitlines()
    assert lines[0] == "### sizer: 4 of 4 answers changed (HEAD → work tree)"
    table = [line for line in lines if line.startswith("| ")]
    assert {line.replace(r"\|", "").count("|") for line in table} == {10}
    assert r"profiles/\<b\>\|x.toml" in text
    assert "<b>" not in text
    assert text.count("<details>") == text.count("</details>") == 2
    assert "- because of workload: concurrency 1, 8 → 1" in text


def test_own_prices_are_a_cause(here: Path, capsys: Capture) -> None:
    (here / "prices.csv").write_text(
        "gpu,provider,usd_per_gpu_hour,as_of\nH100,ours,1.5,2026-11-01\nL4,ours,0.9,2026-11-01\n"
    )
    edit(CHAT, '["H100", "L4"]', '["H100", "L4"]\nprices = "../prices.csv"')
    found = difference(capsys)
    assert causes(found) == {"price"}
    details = found["changes"][0]["causes"][0]["details"]
    said = "H100-SXM5-80GB: 3.9 USD/h (crusoe, undated) -> 1.5 USD/h"
    assert said in details[0]["text"]
    assert details[0]["after"]["usd_per_hour"] == 1.5
    commit(here, "own prices")
    edit("prices.csv", "1.5", "15")
    assert causes(difference(capsys)) == {"price"}


WAIVER = """
[[waiver]]
rule = "slo.first-token"
match = "gpu == 'H100-SXM5-80GB'"
reason = "until the new hall opens"
owner = "platform"
expires = 2999-01-31
"""


def test_a_waiver_is_a_cause_and_what_it_waives_is_told(here: Path, capsys: Capture) -> None:
    edit("rules/slo.toml", "ttft_ms <= 2000", "ttft_ms <= 10")
    commit(here, "a limit that nothing keeps")
    with (here / CHAT).open("a") as file:
        file.write(WAIVER)
    found = difference(capsys)
    assert causes(found) == {"waivers"}
    (detail,) = found["changes"][0]["causes"][0]["details"]
    assert (
        detail["text"]
        == "with slo.first-token where gpu == 'H100-SXM5-80GB', by platform until 2999-01-31"
    )
    for change in found["changes"]:
        assert change["before"]["candidate"] is None
        assert [each["rule"] for each in change["newly_waived"]] == ["slo.first-token"]
        assert "slo.first-token" not in {each["rule"] for each in change["newly_failing"]}
    assert (
        "newly waived         error slo.first-token (platform, until 2999-01-31: "
        in (said(capsys)[1])
    )


def test_an_engine_of_estimates_is_a_part_of_its_own(capsys: Capture) -> None:
    edit("rules/limits.toml", "itl_ms <= 5", "itl_ms <= 1")
    text = Path(CHAT).read_text()
    Path(CHAT).write_text(f"{text}[levels]\n'slo.pace' = 'error'\n")
    found = difference(capsys)
    assert causes(found) == {"rules"}
    assert {each["rule"] for each in found["changes"][0]["newly_failing"]} >= {"slo.pace"}


def test_another_log_is_another_load(here: Path, capsys: Capture) -> None:
    shutil.copy(SUMMARY, "profiles/log.toml")
    edit(CHAT, "[workload]\nconcurrency = [1, 8]", '[workload]\ntraffic = "log.toml"')
    commit(here, "the load is a log's")
    edit("profiles/log.toml", "p99_per_s = 8.8", "p99_per_s = 9.5")
    found = difference(capsys)
    assert causes(found) == {"workload"}
    assert "request_rate 8.8 -> 9.5" in said(capsys)[1]
    edit("profiles/log.toml", "p99_per_s = 9.5", "p99_per_s = 8.8")
    edit("profiles/log.toml", "requests = 19366", "requests = 19367")
    assert said(capsys)[0] == 0


def test_locks_alone_tell_that_a_log_changed(capsys: Capture) -> None:
    shutil.copy(SUMMARY, "profiles/log.toml")
    edit(CHAT, "[workload]\nconcurrency = [1, 8]", '[workload]\ntraffic = "log.toml"')
    assert main(["lock", "profiles"]) == 0
    shutil.copy("sizer.lock", "before.lock")
    edit("profiles/log.toml", "p99_per_s = 8.8", "p99_per_s = 9.5")
    assert main(["lock", "profiles"]) == 0
    assert causes(difference(capsys, "before.lock", "sizer.lock")) == {"workload"}

import subprocess
import sys
from pathlib import Path

from sizer.load import check

RULES = "dsl = 1\n[[rule]]\nid = 'a'\nrequire = 'tp < 4'\n"
PROFILE = """\
dsl = 1
extends = "r.toml"
models = [{name = "Qwen/Qwen2.5-7B"}]
fleet.gpus = "H100-SXM5-80GB"
"""
HEAVY = {"numpy", "rich", "planner", "sizer.estimate", "sizer.judge", "sizer.render"}


def test_profiles_and_rule_files_that_are_well_give_nothing(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(RULES)
    (tmp_path / "p.toml").write_text(PROFILE)
    assert check([tmp_path / "r.toml", tmp_path / "p.toml"]).found == ()


def test_a_fault_of_a_shared_file_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(RULES.replace("tp <", "pt <"))
    (tmp_path / "p.toml").write_text(PROFILE)
    found = check([tmp_path / "p.toml", tmp_path / "r.toml"]).found
    assert [(each.code, each.place.file if each.place else "") for each in found] == [
        ("SZ202", str(tmp_path / "r.toml"))
    ]


def test_every_file_is_checked(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("dsl = 1\nrule = [{id = 3}]\n")
    files = [tmp_path / "none.toml", tmp_path / "r.toml"]
    assert [each.code for each in check(files).found] == ["SZ001", "SZ102", "SZ101"]


def test_an_empty_file_is_a_profile_that_lacks_everything(tmp_path: Path) -> None:
    (tmp_path / "p.toml").touch()
    assert {each.code for each in check([tmp_path / "p.toml"]).found} == {"SZ102"}


def test_checking_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(RULES)
    (tmp_path / "p.toml").write_text(PROFILE)
    script = (
        "import sys, pathlib; from sizer.load import check; "
        f"print(check([pathlib.Path({str(tmp_path / 'p.toml')!r})]).found); print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    found, modules = ran.stdout.splitlines()
    assert found == "()"
    assert HEAVY.isdisjoint(modules.split())

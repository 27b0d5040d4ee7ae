from __future__ import annotations

import os
from pathlib import Path

import pytest

from sizer.load import check
from sizer.load.sites.discovery import discovered

RULES = "dsl = 1\n[[rule]]\nid = 'a'\nrequire = 'tp < 4'\n"
PROFILE = """\
dsl = 1
extends = "{extends}"
models = [{{name = "Qwen/Qwen2.5-7B"}}]
fleet.gpus = "H100-SXM5-80GB"
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three profiles; a extends the rules, b does through others, c does not."""
    home = tmp_path / "repository"
    for folder in (".git", "rules", "profiles/team"):
        (home / folder).mkdir(parents=True)
    (home / "rules/r.toml").write_text(RULES)
    (home / "rules/more.toml").write_text("dsl = 1\nextends = ['r.toml']\n")
    (home / "profiles/a.toml").write_text(PROFILE.format(extends="../rules/r.toml"))
    (home / "profiles/team/b.toml").write_text(PROFILE.format(extends="../../rules/more.toml"))
    (home / "profiles/c.toml").write_text(PROFILE.format(extends="pack:latency-slo"))
    monkeypatch.chdir(home)
    return home


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_folder_is_all_that_is_sizers_in_it(repository: Path) -> None:
    put(repository / "pyproject.toml", "[project]\nname = 'x'\n")
    put(repository / "rules/r.sizer-test.toml", "dsl = 1\n")
    put(repository / ".hidden/h.toml", RULES)
    put(repository / "node_modules/n.toml", RULES)
    put(repository / "venv/pyvenv.cfg", "")
    put(repository / "venv/v.toml", RULES)
    put(repository / "profiles/keyless.toml", "[[models]]\nname = 'x'\n")
    put(repository / "profiles/marked.toml", "\ufeffdsl = 1\n")
    assert discovered(["."]).files == [
        "profiles/a.toml",
        "profiles/c.toml",
        "profiles/keyless.toml",
        "profiles/marked.toml",
        "profiles/team/b.toml",
        "rules/more.toml",
        "rules/r.sizer-test.toml",
        "rules/r.toml",
    ]


@pytest.mark.usefixtures("repository")
def test_globs_folders_and_files_name_each_file_once() -> None:
    found = discovered(["profiles/*.toml", "./profiles/a.toml", "profiles", "rules/**/m*.toml"])
    assert found.files == [
        "profiles/a.toml",
        "profiles/c.toml",
        "profiles/team/b.toml",
        "rules/more.toml",
    ]
    assert not found.faults


@pytest.mark.usefixtures("repository")
def test_what_means_no_file_is_told() -> None:
    Path("empty").mkdir()
    checked = check(["empty", "none*.toml", "none.toml"])
    assert [each.code for each in checked.found] == ["SZ001"] * 3
    assert checked.failed


def test_a_link_out_of_the_repository_is_not_followed(repository: Path) -> None:
    put(repository.parent / "secret.toml", RULES)
    (repository / "rules/link.toml").symlink_to(repository.parent / "secret.toml")
    (repository / "rules/inside.toml").symlink_to(repository / "profiles/a.toml")
    (repository / "rules/loop").symlink_to(repository)
    assert discovered(["rules"]).files == ["rules/inside.toml", "rules/more.toml", "rules/r.toml"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_a_folder_is_not_read(repository: Path) -> None:
    os.mkfifo(repository / "rules/pipe.toml")
    assert "rules/pipe.toml" not in discovered(["rules"]).files


@pytest.mark.usefixtures("repository")
def test_what_extends_a_rule_file_is_checked_with_it() -> None:
    checked = check(["rules/r.toml"])
    assert checked.files == ("rules/r.toml",)
    assert checked.dependents == ("profiles/a.toml", "profiles/team/b.toml", "rules/more.toml")
    assert checked.found == ()


def test_a_fault_that_only_a_dependent_shows_is_found(repository: Path) -> None:
    clash = PROFILE.format(extends="../rules/r.toml") + "[[rule]]\nid = 'a'\nrequire = 'fits'\n"
    put(repository / "profiles/a.toml", clash)
    (found,) = check(["rules/r.toml"]).found
    assert found.code == "SZ504"
    assert found.place
    assert found.place.file == "profiles/a.toml"


@pytest.mark.parametrize("here", [".", "rules", "profiles/team", ".."])
def test_dependents_are_found_from_every_folder(
    repository: Path, here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(repository / "rules/last.toml", "dsl = 1\nextends = 'more.toml'\n")
    put(repository / "profiles/d.toml", PROFILE.format(extends="../rules/last.toml"))
    named = os.path.relpath("rules/r.toml", here)
    monkeypatch.chdir(here)
    found = {os.path.relpath(each, repository) for each in check([named]).dependents}
    profiles = {"profiles/a.toml", "profiles/d.toml", "profiles/team/b.toml"}
    assert found == {*profiles, "rules/last.toml", "rules/more.toml"}


@pytest.mark.parametrize("named", ["rules", "rules/*.toml", "**/r.toml", "rules/**"])
def test_folders_and_globs_of_rules_find_the_profiles(repository: Path, named: str) -> None:
    broken = PROFILE.format(extends="../rules/r.toml") + "levels.b = 'error'\n"
    put(repository / "profiles/a.toml", broken)
    checked = check([named])
    assert {"profiles/a.toml", "profiles/team/b.toml"} <= set(checked.dependents)
    assert [each.code for each in checked.found] == ["SZ507"]


def test_a_broken_rule_is_told_once_for_all_that_share_it(repository: Path) -> None:
    put(repository / "rules/r.toml", RULES.replace("tp", "tpp"))
    put(repository / "profiles/z.toml", PROFILE.format(extends="../rules/r.toml"))
    (found,) = check(["rules/r.toml"]).found
    assert found.place
    assert (found.code, found.place.file) == ("SZ202", "rules/r.toml")


def test_absolute_names_stay_absolute(repository: Path) -> None:
    checked = check([repository / "rules/more.toml"])
    assert checked.dependents == (str(repository / "profiles/team/b.toml"),)


def test_without_a_repository_only_the_folder_is_searched(repository: Path) -> None:
    (repository / ".git").rmdir()
    put(repository / "rules/below/deep.toml", PROFILE.format(extends="../r.toml"))
    assert check(["rules/r.toml"]).dependents == ("rules/more.toml",)


@pytest.mark.parametrize("pattern", ["**/*.toml", "./**", "rules/**/*.toml", "rules/*.toml"])
def test_links_make_no_glob_endless_and_lead_it_nowhere_else(
    repository: Path, pattern: str
) -> None:
    for name in "abc":
        (repository / "rules" / name).symlink_to(repository)
    put(repository.parent / "secret.toml", RULES)
    (repository / "rules/link.toml").symlink_to(repository.parent / "secret.toml")
    put(repository / "venv/pyvenv.cfg", "")
    put(repository / "venv/lib/v.toml", RULES)
    put(repository / "rules/.hidden.toml", RULES)
    rules = [name for name in discovered([pattern]).files if name.startswith("rules")]
    assert rules == ["rules/more.toml", "rules/r.toml"]
    assert not [name for name in discovered([pattern]).files if "venv" in name]


@pytest.mark.usefixtures("repository")
def test_two_stars_are_any_depth() -> None:
    assert discovered(["**/b.toml"]).files == ["profiles/team/b.toml"]
    assert discovered(["**/profiles/*.toml"]).files == ["profiles/a.toml", "profiles/c.toml"]
    assert discovered(["profiles/**/**/b.toml"]).files == ["profiles/team/b.toml"]
    assert discovered([f"{Path.cwd()}/**/m*.toml"]).files == [
        str(Path("rules/more.toml").resolve())
    ]
    assert [each.code for each in discovered(["**/r.tom"]).faults] == ["SZ001"]


def test_a_profile_has_no_dependents(repository: Path) -> None:
    put(repository / "profiles/odd.toml", "dsl = 1\nextends = 'a.toml'\n")
    assert check(["profiles/a.toml"]).dependents == ()


@pytest.mark.usefixtures("repository")
def test_given_content_stands_in_place_of_a_file() -> None:
    broken = {"profiles/a.toml": b"dsl = 1\nextends = '../rules/none.toml'\n"}
    checked = check(["profiles/a.toml", "profiles/c.toml"], given=broken)
    assert checked.files == ("profiles/a.toml", "profiles/c.toml")
    assert [each.code for each in checked.found] == ["SZ501"]


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("glob", ["profiles/team", "profiles/team/", "*/b.toml", "profiles/t*"])
def test_what_is_excluded_is_left_out_of_folders_and_dependents(glob: str) -> None:
    assert "profiles/team/b.toml" in check(["."]).files
    assert "profiles/team/b.toml" not in check(["."], exclude=(glob,)).files
    assert "profiles/team/b.toml" not in check(["rules/r.toml"], exclude=(glob,)).dependents
    assert check(["profiles/team/b.toml"], exclude=(glob,)).files == ("profiles/team/b.toml",)

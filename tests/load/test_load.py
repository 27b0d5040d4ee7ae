from pathlib import Path

import pytest
from faults import excerpt, faults

from sizer.diagnostic import Diagnostic, Problem
from sizer.load import Question, load, load_document
from sizer.structure.toml.document import parse_document

PROFILE = """\
dsl = 1
{extends}
[[models]]
name = "Qwen/Qwen2.5-7B"

[fleet]
gpus = ["H100-SXM5-80GB"]

[[rule]]
id = "own"
require = "ttft_ms < 500"
"""
RULE = 'dsl = 1\n{extends}\n[[rule]]\nid = "{id}"\nrequire = "{require}"\n'


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def profile(folder: Path, *extends: str) -> Path:
    return write(folder / "p" / "p.toml", PROFILE.format(extends=listed(extends)))


def listed(extends: tuple[str, ...]) -> str:
    return f"extends = {list(extends)}" if extends else ""


def rules(path: Path, name: str, *extends: str, require: str = "tp < 4") -> Path:
    text = RULE.format(extends=listed(extends), id=name, require=require)
    return write(path, text)


def only(path: Path) -> Diagnostic:
    (found,) = (each for each in faults(path) if each.severity == "error")
    return found


def ids(question: Question) -> list[str]:
    return [rule.id for rule in question.profile.rule]


def test_extended_rules_come_first(tmp_path: Path) -> None:
    rules(tmp_path / "rules" / "a.toml", "a", "b.toml")
    rules(tmp_path / "rules" / "b.toml", "b")
    question = load(profile(tmp_path, "../rules/a.toml"))
    assert ids(question) == ["b", "a", "own"]
    assert [each.rule.id for each in question.policy.rules] == ["b", "a", "own"]


def test_a_file_extended_twice_is_read_once(tmp_path: Path) -> None:
    for name in ("left", "right"):
        rules(tmp_path / "rules" / f"{name}.toml", name, "base.toml")
    rules(tmp_path / "rules" / "base.toml", "base")
    question = load(profile(tmp_path, "../rules/left.toml", "../rules/right.toml"))
    assert ids(question) == ["base", "left", "right", "own"]


def test_rules_know_the_file_they_stand_in(tmp_path: Path) -> None:
    shared = rules(tmp_path / "rules" / "a.toml", "a")
    question = load(profile(tmp_path, "../rules/a.toml"))
    files = [question.place(("rule", index, "id")) for index in range(2)]
    assert [each.file for each in files if each] == [str(shared), str(tmp_path / "p" / "p.toml")]
    assert question.place(("fleet", "gpus", 0))


def test_faults_of_an_extended_file_stand_there(tmp_path: Path) -> None:
    shared = rules(tmp_path / "rules" / "a.toml", "a", require="latencyms < 10")
    found = only(profile(tmp_path, "../rules/a.toml"))
    assert (found.code, excerpt(found)) == ("SZ202", "latencyms")
    assert found.place
    assert found.place.file == str(shared)


def test_a_missing_shared_file_is_found_at_its_name(tmp_path: Path) -> None:
    found = only(profile(tmp_path, "../rules/none.toml"))
    assert (found.code, excerpt(found)) == ("SZ501", "'../rules/none.toml'")


def test_a_shared_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    assert only(profile(tmp_path, "../rules")).code == "SZ501"


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_circle_is_refused_where_it_closes(tmp_path: Path, length: int) -> None:
    for index in range(length):
        follower = f"{(index + 1) % length}.toml"
        rules(tmp_path / "rules" / f"{index}.toml", f"r{index}", follower)
    found = only(profile(tmp_path, "../rules/0.toml"))
    assert (found.code, excerpt(found)) == ("SZ502", "'0.toml'")


def test_a_profile_that_extends_itself_is_refused(tmp_path: Path) -> None:
    assert only(profile(tmp_path, "p.toml")).code == "SZ502"


def test_a_long_chain_is_refused(tmp_path: Path) -> None:
    for index in range(40):
        rules(tmp_path / "rules" / f"{index}.toml", f"r{index}", f"{index + 1}.toml")
    found = only(profile(tmp_path, "../rules/0.toml"))
    assert (found.code, excerpt(found)) == ("SZ502", "'16.toml'")


@pytest.mark.parametrize("name", ["../../out.toml", "/out.toml"])
def test_a_file_outside_the_repository_is_refused(tmp_path: Path, name: str) -> None:
    rules(tmp_path / "out.toml", "out")
    assert only(profile(tmp_path / "repository", name)).code == "SZ503"


def test_a_link_out_of_the_repository_is_refused(tmp_path: Path) -> None:
    rules(tmp_path / "out.toml", "out")
    path = profile(tmp_path / "repository", "in.toml")
    (path.parent / "in.toml").symlink_to(tmp_path / "out.toml")
    assert only(path).code == "SZ503"


def test_the_repository_is_the_nearest_folder_with_git(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    rules(tmp_path / "rules.toml", "a")
    assert ids(load(profile(tmp_path / "deep" / "er", "../../../rules.toml"))) == ["a", "own"]


def test_an_id_in_two_files_is_refused(tmp_path: Path) -> None:
    rules(tmp_path / "rules" / "a.toml", "own")
    found = only(profile(tmp_path, "../rules/a.toml"))
    assert (found.code, excerpt(found)) == ("SZ504", '"own"')
    assert "a.toml:4" in (found.help or "")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    path = profile(tmp_path)
    path.write_text(path.read_text().replace(old, new))
    return path


@pytest.mark.parametrize(
    ("old", "new", "code", "marked"),
    [
        ('["H100-SXM5-80GB"]', '["H100-SXM5-80GB", "H1000"]', "SZ701", '"H1000"'),
        ('["H100-SXM5-80GB"]', '"H1000"', "SZ701", '"H1000"'),
        ("Qwen/Qwen2.5-7B", "Qwen2.5-7Q", "SZ702", '"Qwen2.5-7Q"'),
        ("Qwen/Qwen2.5-7B", "none/config.json", "SZ702", '"none/config.json"'),
        ("[fleet]", 'weights = ["fp8", "fp9"]\n[fleet]', "SZ703", '"fp9"'),
        ("[fleet]", 'kv_format = "fp9"\n[fleet]', "SZ703", '"fp9"'),
        ("[fleet]", '[fleet]\nprovider = "azur"', "SZ704", '"azur"'),
    ],
)
def test_an_unknown_name_is_found_at_its_place(
    tmp_path: Path, old: str, new: str, code: str, marked: str
) -> None:
    found = only(changed(tmp_path, old, new))
    assert (found.code, excerpt(found)) == (code, marked)


def test_a_model_that_the_hub_may_know_is_a_warning_at_its_place(tmp_path: Path) -> None:
    (found,) = load(changed(tmp_path, "Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7Q")).notes
    assert (found.code, found.severity, excerpt(found)) == ("SZ706", "warning", '"Qwen/Qwen2.5-7Q"')
    assert "did you mean 'qwen/qwen2.5-7b'?" in str(found.help)


def test_an_accelerator_to_resemble_is_known_too(tmp_path: Path) -> None:
    custom = "{name = 'x', memory_gb = 1, memory_bandwidth_gb_s = 1, like = 'H1000'}"
    path = changed(tmp_path, "[[rule]]", f"custom = [{custom}]\n[[rule]]")
    assert (only(path).code, excerpt(only(path))) == ("SZ701", "'H1000'")


def test_a_model_that_no_catalog_knows_is_described_whole(tmp_path: Path) -> None:
    path = changed(tmp_path, '"Qwen/Qwen2.5-7B"', '"mine"\nnum_layers = 32\nnum_parameters = 7')
    with pytest.raises(Problem) as caught:
        load(path)
    [found] = caught.value.diagnostics
    assert (found.code, excerpt(found)) == ("SZ102", "num_parameters")
    assert found.message == (
        "missing 'hidden_size', 'num_attention_heads' beside 'num_parameters', "
        "as no catalog knows 'mine'"
    )


def test_a_number_beside_a_known_name_is_no_fault(tmp_path: Path) -> None:
    path = changed(tmp_path, '"Qwen/Qwen2.5-7B"', '"Qwen/Qwen2.5-7B"\nmax_sequence_length = 9')
    assert load(path).profile.models[0].given == ("max_sequence_length",)


def test_a_model_by_hand_is_not_looked_up(tmp_path: Path) -> None:
    by_hand = "num_parameters = 7\nnum_layers = 32\nhidden_size = 4096\nnum_attention_heads = 32"
    path = changed(tmp_path, '"Qwen/Qwen2.5-7B"', f'"mine"\n{by_hand}')
    assert load(path).profile.models[0].name == "mine"


@pytest.mark.parametrize("name", ["mine/config.json", "mine"])
def test_a_model_may_be_a_path_from_the_profile(tmp_path: Path, name: str) -> None:
    write(tmp_path / "p" / "mine" / "config.json", "{}")
    assert load(changed(tmp_path, "Qwen/Qwen2.5-7B", name)).profile.models[0].name == name


def test_faults_of_every_kind_are_found_at_once(tmp_path: Path) -> None:
    path = profile(tmp_path, "none.toml")
    text = path.read_text().replace("H100-SXM5-80GB", "H1000").replace("ttft_ms", "ttftms")
    path.write_text(text + 'level = 3\n[select]\nwhere = ["fits", 3, "tp & 2"]\nlimt = 3\n')
    codes = [each.code for each in faults(path)]
    assert codes == ["SZ501", "SZ701", "SZ202", "SZ101", "SZ101", "SZ205", "SZ103"]


def test_nothing_is_scanned_for_places_while_all_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> None:
        raise AssertionError("no place is needed")

    rules(tmp_path / "rules" / "a.toml", "a")
    path = profile(tmp_path, "../rules/a.toml")
    monkeypatch.setattr("sizer.structure.toml.positions.spans", refuse)
    assert load(path).folder == tmp_path / "p"


def test_a_parsed_text_is_a_question_too(tmp_path: Path) -> None:
    rules(tmp_path / "rules.toml", "a")
    document = parse_document(PROFILE.format(extends="extends = 'rules.toml'"), "<stdin>")
    assert ids(load_document(document, tmp_path)) == ["a", "own"]


def test_one_file_by_two_paths_is_told_where_it_stands_again(tmp_path: Path) -> None:
    rules(tmp_path / "rules" / "a.toml", "a")
    (tmp_path / "rules" / "b.toml").symlink_to("a.toml")
    for again in ("../rules/./a.toml", "../p/../rules/a.toml", "../rules/b.toml"):
        found = only(profile(tmp_path, "../rules/a.toml", again))
        assert found.code == "SZ104"
        assert found.message == f"extends lists one file twice: {again!r} is '../rules/a.toml'"
        assert excerpt(found) == repr(again)


def test_one_path_twice_is_told_once(tmp_path: Path) -> None:
    rules(tmp_path / "rules" / "a.toml", "a")
    found = only(profile(tmp_path, "../rules/a.toml", "../rules/a.toml"))
    assert found.message == "extends lists '../rules/a.toml' twice"


def test_a_file_may_be_extended_on_two_ways(tmp_path: Path) -> None:
    rules(tmp_path / "rules" / "a.toml", "a")
    rules(tmp_path / "rules" / "b.toml", "b", "a.toml", require="pp < 4")
    question = load(profile(tmp_path, "../rules/b.toml", "../rules/a.toml"))
    assert {each.id for each in question.profile.rule} >= {"a", "b"}

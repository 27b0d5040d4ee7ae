import re
from pathlib import Path

import pytest

from sizer.catalog.codes import codes, page
from sizer.diagnostic import shown
from sizer.load import check

HERE = Path(__file__).parent
BROKEN = sorted(path.name for path in HERE.glob("SZ*.toml"))


def code_of(name: str) -> str:
    return name.partition("-")[0]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gives_its_message(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    said = "".join(shown(each) + "\n" for each in check([name]).found)
    assert said == Path(name).with_suffix(".txt").read_text("utf-8")
    assert re.search(rf"(error|warning|info)\[{code_of(name)}\]", said)


def test_codes_and_broken_files_are_the_same_set() -> None:
    found_by_checking = {
        code for code in codes() if (about := page(code)) and about.where == "file"
    }
    assert {code_of(name) for name in BROKEN} == found_by_checking


def test_each_broken_file_has_one_message_file() -> None:
    assert sorted(path.stem for path in HERE.glob("SZ*.txt")) == [name[:-5] for name in BROKEN]


@pytest.mark.parametrize("code", codes())
def test_a_page_says_why_and_what_to_write(code: str) -> None:
    about = page(code.lower())
    assert about
    assert all((about.title, about.why, about.bad, about.good))
    assert about.why.endswith(".")

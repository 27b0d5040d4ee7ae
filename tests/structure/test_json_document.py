"""JSON files: lists of objects, and what is said of anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizer.diagnostic import Problem
from sizer.structure.files.json_document import read_json_list


def read(tmp_path: Path, text: str) -> list[object]:
    path = tmp_path / "list.json"
    path.write_text(text, "utf-8")
    return read_json_list(path)


def test_a_null_is_as_good_as_absent(tmp_path: Path) -> None:
    text = '\ufeff[{"name": "a", "price": null}, {}]'
    assert read(tmp_path, text) == [{"name": "a"}, {}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "list.json:1:1: error[SZ003]: JSON: Expecting value"),
        ('[\n{"a": }]', "list.json:2:7: error[SZ003]: JSON: Expecting value"),
        ("[" * 100_000, "list.json: error[SZ004]: nested too deeply"),
        (f'[{{"a": {"9" * 9999}}}]', "list.json: error[SZ003]: JSON: a number has too many digits"),
        ("{}", "list.json: error[SZ101]: must be a list of objects"),
        ("[1]", "list.json: error[SZ101]: must be a list of objects"),
    ],
)
def test_what_is_no_list_of_objects(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Problem) as caught:
        read(tmp_path, text)
    assert str(caught.value).endswith(said)

"""JSON files: lists of objects, and what is said of anything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizer.diagnostic import Problem
from sizer.structure.files.json_document import parse_json, read_json_list
from sizer.structure.files.json_positions import spans

SCALARS = st.none() | st.booleans() | st.integers() | st.text()


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
        ("", "list.json:1:1: error[SZ003]: JSON: the file is empty"),
        ('[\n{"a": }]', "list.json:2:7: error[SZ003]: JSON: expecting value"),
        ('[{"name": "x"}\n', "list.json:2:1: error[SZ003]: JSON: the list is not closed"),
        ('[{"name": "x"', "list.json:1:14: error[SZ003]: JSON: the object is not closed"),
        ('[{"name": "x', "list.json:1:11: error[SZ003]: JSON: the text is not closed"),
        ('[{"a": "x\\"}]', "list.json:1:8: error[SZ003]: JSON: the text is not closed"),
        ('\ufeff[{"name"', "list.json:1:9: error[SZ003]: JSON: the object is not closed"),
        ("[1}", "list.json:1:3: error[SZ003]: JSON: expecting ',' delimiter"),
        ("[{},\n]", "list.json:2:1: error[SZ003]: JSON: a comma stands after the last item"),
        ("[{'a': 1}]", "list.json:1:3: error[SZ003]: JSON: expecting property name enclosed"),
        ("{}\n{}", "list.json:2:1: error[SZ003]: JSON: more stands after the end of the value"),
        ('[{"a": 1, "a": 2}]', "list.json:1:11: error[SZ003]: JSON: the key 'a' stands twice"),
        (
            '[{"a": 1, "a": 2}, {"b: "\nc"}]',
            "list.json:1:11: error[SZ003]: JSON: the key 'a' stands twice",
        ),
        ("[" * 100_000, "list.json: error[SZ004]: nested too deeply"),
        (f'[{{"a": {"9" * 9999}}}]', "list.json: error[SZ003]: JSON: a number has too many digits"),
        ("{}", "list.json:1:1: error[SZ101]: must be a list of objects"),
        ("[{}, 1]", "list.json:1:6: error[SZ101]: must be an object"),
    ],
)
def test_what_is_no_list_of_objects(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Problem) as caught:
        read(tmp_path, text)
    assert said in str(caught.value)


def test_everything_has_its_place() -> None:
    document = parse_json('[\n {"name": "a", "n": [1, {"x": "\\""}]},\n {}]\n', "m.json")
    places = {
        (): (1, 1),
        (0,): (2, 2),
        (0, "name"): (2, 11),
        (0, "n"): (2, 21),
        (0, "n", 1, "x"): (2, 31),
        (1,): (3, 2),
        (1, "name"): (3, 2),  # what is absent stands where its object does
    }
    for path, at in places.items():
        place = document.place(path)
        assert (place.line, place.column) == at, path
    key = document.place((0, "n"), key=True)
    assert (key.line, key.column, key.width) == (2, 16, 3)


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_the_place_of_any_value_is_where_it_is_written(value: Any) -> None:
    text = json.dumps(value)
    for path, span in spans(text).items():
        expected = value
        for step in path:
            expected = expected[step]
        assert json.loads(text[slice(*span.value)]) == expected
        if span.key is not None:
            assert json.loads(text[slice(*span.key)]) == path[-1]


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_a_text_cut_off_anywhere_is_refused_at_a_place(value: Any) -> None:
    text = json.dumps([{"name": value}], indent=1)
    for end in range(len(text) - 1):
        with pytest.raises(Problem) as caught:
            parse_json(text[:end], "m.json")
        [found] = caught.value.diagnostics
        assert found.code == "SZ003"
        assert found.place is not None
        assert found.place.line is not None

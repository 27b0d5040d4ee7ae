import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizer.structure.toml.literal import quoted


@pytest.mark.parametrize(
    "source",
    [
        '"plain"',
        "'lit\\eral'",
        r'"tab\tquote\"u\u00e9U\U0001f600"',
        '"""\nfirst\n  second \\\n   third"""',
        "'''\nit's'''",
        '"""two quotes ""\\""""',
        '""""quoted""""',
        "'''''a'''''",
        '""',
        '""""""',
    ],
)
def test_a_text_decodes_as_tomllib_decodes_it(source: str) -> None:
    found = quoted(source, 0)
    assert found.text == tomllib.loads(f"x = {source}")["x"]
    assert found.end == len(source)
    assert len(found.starts) == len(found.text) + 1


@given(st.text(st.characters(codec="utf-8", exclude_characters="'", exclude_categories=("C",))))
def test_characters_of_a_literal_stand_where_they_are_written(text: str) -> None:
    found = quoted(f"'{text}'", 0)
    assert found.starts == tuple(range(1, len(text) + 2))


def test_an_escape_is_as_wide_as_it_is_written() -> None:
    source = r'"a\u0041b"'
    assert source[slice(*quoted(source, 0).span(1, 2))] == r"\u0041"


def test_the_end_of_a_text_is_its_closing_quote() -> None:
    source = '"ab"'
    assert source[slice(*quoted(source, 0).span(2, 3))] == '"'


def test_a_span_before_a_continuation_leaves_it_out() -> None:
    source = '"""ab \\\n   cd"""'
    assert source[slice(*quoted(source, 0).span(0, 2))] == "ab"
    assert source[slice(*quoted(source, 0).span(3, 5))] == "cd"

import tomllib
from collections.abc import Iterator
from typing import Any

import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from sizer.structure.toml.positions import Path, spans

KEYS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=6)
LEAVES = st.one_of(
    st.text(max_size=12),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
)
DATA = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)

TORTURE = (
    r"""
# a comment with "quotes" and [brackets]
title = "a # no comment"  # a comment
'quoted key'."with \u0041" . bare = 1979-05-27 07:32:00Z
dates = [1979-05-27, 07:32:00, 1979-05-27T00:32:00.999]
numbers = [ +1, -0.5e-3, 0xDEAD_beef, 0o17, 0b1, inf, -nan-less, ] # replaced below
nested = [
  [1, 2],  # one
  ["a]", 'b}', '''c
'''],
  { x = 1, y.z = "}" },
]
empty = []
text = '''
it's ''quoted'' '''''
more = '''''one'''

basic = \"\"\"
first \
   second "quoted" \u00e9 \"\"\"\"\"
[a.b]
c = true
[a]
d = {}
[[list]]
name = "one"
[[list.inner]]
n = 1
[list.inner.deep.er]
q = 2
[[list.inner]]
n = 3
[[list]]
[list.table]
x = 'last'
""".replace(r"\"\"\"", '"""')
    .replace("-nan-less", "-inf")
    .replace('\\"\\"', '""')
)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def every_span_is_its_value(text: str) -> None:
    data, found = tomllib.loads(text), spans(text)
    for path, value in leaves(data):
        start, end = found[path].value
        assert tomllib.loads(f"x = {text[start:end]}")["x"] == value


@given(data=DATA, several_lines=st.booleans())
def test_every_value_stands_where_its_span_says(
    data: dict[str, Any], *, several_lines: bool
) -> None:
    every_span_is_its_value(
        tomli_w.dumps(data, multiline_strings=several_lines).replace("\r\n", "\n")
    )


def test_every_construct_of_toml_has_its_span() -> None:
    every_span_is_its_value(TORTURE)


def test_a_key_stands_where_its_span_says() -> None:
    text = "[a . 'b c']\nd.e = 1\n[[f]]\n[[f]]\ng = 2\n"
    found = spans(text)
    keys = {path: text[slice(*span.key)] for path, span in found.items() if span.key}
    assert keys[("a", "b c")] == "'b c'"
    assert keys[("a", "b c", "d", "e")] == "e"
    assert keys[("f", 1)] == "f"
    assert found[("f", 1)].value == (text.rindex("[[f]]"), text.rindex("[[f]]") + 5)
    assert keys[("f", 1, "g")] == "g"

"""The law of long texts: written in pieces or whole, JSON has the same bytes."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sizer.render.kit import dumped, dumped_in_pieces
from sizer.schema.series import Series

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(max_size=5)
DATA = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


def in_series(data: Any, draw: st.DataObject) -> Any:
    """Return data some lists of which are made when they are read."""
    if isinstance(data, dict):
        return {name: in_series(each, draw) for name, each in data.items()}
    if not isinstance(data, list):
        return data
    if draw.draw(st.booleans()):
        return Series.of(data)
    return [in_series(each, draw) for each in data]


@given(st.data(), DATA)
def test_pieces_are_the_whole_text(draw: st.DataObject, data: Any) -> None:
    assert "".join(dumped_in_pieces(in_series(data, draw))) == dumped(data)

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sizer.schema.asked.profile import Profile
from sizer.structure.shape.glimpse import glimpse

KEYS = st.sampled_from(
    ["models", "fleet", "gpus", "custom", "rule", "select", "where", "name", "id"]
)
DATA = st.dictionaries(
    KEYS,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    ),
)


@given(DATA)
def test_anything_gives_a_profile(data: dict[str, Any]) -> None:
    assert isinstance(glimpse(data, Profile), Profile)


def test_what_fits_is_kept_and_keeps_its_index() -> None:
    data = {
        "models": [3, {"name": "m", "weights": ["fp8", 3], "bad": 1}],
        "select": {"where": ["fits", 3, "tp < 2"], "sort": 3},
        "rule": [{"require": "tp < 4"}],
    }
    found = glimpse(data, Profile)
    assert [each.name for each in found.models] == ["", "m"]
    assert found.models[1].weights == ("fp8", "")
    assert found.select.where == ("fits", "fits", "tp < 2")
    assert (found.rule[0].id, found.rule[0].require) == ("", "tp < 4")

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports_by_hand import HOSTILE

from sizer.render.forms import LISTING
from sizer.render.kit import plain
from sizer.render.listing import Listing


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("Modèle 模型", "Modèle 模型"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07after", "after"),
        ("two\nlines\r\n", "two lines  "),
        ("tab\tbed", "tab bed"),
        ("\u202eright to left", "right to left"),
        ("\x9b31mc1", "31mc1"),
        ("zero\x00width\u200b", "zerowidth"),
    ],
)
def test_escapes_vanish_and_white_space_is_a_blank(text: str, kept: str) -> None:
    assert plain(text) == kept


@given(st.text())
def test_plain_is_printable_and_stays_what_it_is(text: str) -> None:
    assert plain(text).isprintable()
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("form", LISTING.forms)
def test_a_listing_is_plain_in_every_form(form: str) -> None:
    written = LISTING.render(Listing([{"name": HOSTILE, "tdp_w": None}], ("name", "tdp_w")), form)
    assert all(c.isprintable() or c == "\n" for c in written)


def test_a_listing_aligns_numbers_to_the_right_and_says_unknown() -> None:
    rows = [{"name": "A", "tdp_w": 700.0}, {"name": "Long", "tdp_w": None}]
    assert LISTING.render(Listing(rows, ("name", "tdp_w")), "text") == (
        "name    tdp_w\nA         700\nLong  unknown\n"
    )


def test_a_listing_in_json_keeps_unknown_as_null() -> None:
    assert json.loads(LISTING.render(Listing([{"a": None, "b": 1.5}], ("a", "b")), "json")) == [
        {"a": None, "b": 1.5}
    ]

from __future__ import annotations

from attrs import fields_dict

from sizer.schema.asked.names import HELD, LIMITS, SERVED, SPLIT
from sizer.schema.asked.point import Point


def test_lists_of_fields_name_columns_of_a_point_in_its_order() -> None:
    named = (*SPLIT, *SERVED, *LIMITS, *HELD)
    assert [name for name in fields_dict(Point) if name in named] == list(named)

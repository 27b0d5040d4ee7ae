"""Formats that a profile asks for, and those that its checkpoint has."""

from __future__ import annotations

import pytest
from attrs import evolve

from sizer.catalog.models import structure
from sizer.resolve.models import weight_formats
from sizer.schema.asked.profile import ModelAsk


@pytest.mark.parametrize(
    ("own", "asked", "tried"),
    [
        ("int4-g32", ("int4",), ["int4-g32"]),
        ("int4-g32", ("auto", "int4", "awq"), ["int4-g32", "awq"]),
        ("int4", ("int4", "int4-g32"), ["int4", "int4-g32"]),
        ("bf16", ("int4",), ["int4"]),
    ],
)
def test_a_checkpoint_keeps_its_own_groups(
    own: str, asked: tuple[str, ...], tried: list[str]
) -> None:
    model = evolve(structure("llama-3.1-8b"), weights=own)
    formats = weight_formats(ModelAsk(name=model.name, weights=asked), model)
    assert [each.name for each in formats] == tried

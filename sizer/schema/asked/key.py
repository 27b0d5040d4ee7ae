"""A key of a table: its default, unit, bounds and meaning, as metadata of a field."""

from __future__ import annotations

from typing import Any

from attrs import Attribute, field


def key(
    doc: str,
    *,
    default: Any = ...,
    unit: str = "",
    above: float | None = None,
    least: float | None = None,
    most: float | None = None,
    expression: str | None = None,
    repeats: bool = False,
    named: str | None = None,
) -> Any:
    """Declare a key of a profile: its sentence, unit and bounds; `default=dict` is an empty table.

    `above` is exclusive, `least` and `most` are inclusive. `expression` says that the text is
    one of the rule language: `condition`, `sort` or `message`. `repeats` says of a list that its
    items may be alike, of the first key of a table that several tables may have the same. `named`
    is the key where Python has the word for itself.
    """
    metadata: dict[str, Any] = {"doc": doc, "unit": unit}
    metadata |= {"above": above, "least": least, "most": most}
    metadata |= {"expression": expression, "repeats": repeats, "named": named}
    if default is ...:
        return field(metadata=metadata)
    if default is dict:
        return field(factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


def key_name(attribute: Attribute[Any]) -> str:
    """Return the key that a field is in a file."""
    return attribute.metadata.get("named") or attribute.name

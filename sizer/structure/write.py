"""Profiles and plain data as TOML text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomli_w

from sizer.schema.asked.profile import Profile
from sizer.structure.facts import write_facts


def profile_text(profile: Profile) -> str:
    """Return TOML that reads back as the same profile; what is default is left out."""
    return write_facts(profile)


def data_text(data: Mapping[str, Any]) -> str:
    """Return TOML of plain data: tables, lists, texts, numbers and booleans."""
    return tomli_w.dumps(data)

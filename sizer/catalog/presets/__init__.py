"""Loads by name, like `chat`.

Comes in: a name. Goes out: lengths and prefix hits of a published trace. What no source gives it
never fills in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from attrs import frozen

from sizer.structure.facts import read_facts


@frozen
class Preset:
    """Mean lengths of a trace's requests, their spreads, and the share of prompts sent before.

    None is what no source gives.
    """

    name: str
    meaning: str
    requests: int
    input_tokens: int
    output_tokens: int
    source: str
    input_tokens_spread: float | None = None
    output_tokens_spread: float | None = None
    prefix_hit_share: float | None = None


@frozen
class _Presets:
    preset: tuple[Preset, ...]


@cache
def presets() -> Mapping[str, Preset]:
    """Return every preset by its name."""
    text = Path(__file__).with_name("presets.toml").read_text("utf-8")
    return {each.name: each for each in read_facts(text, _Presets).preset}

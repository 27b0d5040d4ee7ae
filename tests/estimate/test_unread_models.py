"""Memory of a model that no checkpoint was read for: its intervals are wider."""

from __future__ import annotations

import tomllib
from math import hypot, log
from pathlib import Path

import pytest
from attrs import evolve

from sizer.catalog.calibration import held_constants
from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.gpus import find_gpu
from sizer.catalog.models import find_model
from sizer.estimate.device.residuals import Residuals, doubt
from sizer.estimate.engine.settings import settings
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.provenance import Checkpoint, Provenance, Recalled, Table
from sizer.schema.scenario import Deployment

READ = Checkpoint("acme/tiny", "0123abc", "config.json")
TABLE = Table("acme/tool", "1.2", "models.py")


def off(provenance: Provenance, weights: str = "bf16", source: str | None = None) -> Residuals:
    model = evolve(
        find_model("Qwen/Qwen2.5-7B").value, provenance=provenance, weights_source=source
    )
    deployment = Deployment(model, find_weight_format(weights), find_kv_format("bf16"))
    return doubt(deployment, settings(Engine(), find_gpu("L4").value))


def test_shapes_that_were_not_read_widen_weights_and_cache_at_both_ends() -> None:
    read, unread = off(READ), off(TABLE, source="a model card")
    assert unread.weights_low_ratio < read.weights_low_ratio
    assert unread.weights_high_ratio > read.weights_high_ratio
    assert unread.cache_low_ratio < read.cache_low_ratio
    assert unread.cache_high_ratio > read.cache_high_ratio
    assert unread.reserve_bytes_high == read.reserve_bytes_high


def test_a_format_that_the_question_states_is_sure() -> None:
    stated, unstated = off(Recalled(), source="a model card"), off(Recalled())
    assert unstated == stated
    asked, measured = off(Recalled(), weights="fp8"), off(READ, weights="fp8")
    both = hypot(log(measured.weights_low_ratio), _low("unread_weights"))
    assert log(asked.weights_low_ratio) == pytest.approx(-both)


def test_the_widening_is_what_entries_were_found_to_be_off() -> None:
    file = Path(__file__).parents[1] / "accuracy" / "unread_models.toml"
    found = tomllib.loads(file.read_text("utf-8"))
    for name, key in (("unread_weights", "parameters"), ("unread_cache", "cache")):
        mean = sum(log(each) ** 2 for each in found[key].values()) / found["entries"]
        assert -_low(name) == pytest.approx(1.645 * mean**0.5, abs=1e-3)


def _low(name: str) -> float:
    return held_constants().intervals[name].low

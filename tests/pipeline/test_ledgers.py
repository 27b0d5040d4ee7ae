"""A ledger's lines come to the metric under them, whatever the model keeps."""

from __future__ import annotations

from math import prod

import pytest

from sizer.pipeline.ledgers import ledger
from sizer.resolve.facts import Catalog
from sizer.schema.answered.ledger import Section
from sizer.schema.asked.point import Point
from sizer.schema.facts.unmeasured import UnmeasuredEngine, UnmeasuredSetting, UnmeasuredVendor

POINTS = (
    Point("meta-llama/Llama-3.1-8B", "H100", tp=2, pp=2),
    Point("Qwen/Qwen3.5-27B", "A100-SXM4-80GB", max_context=32_768),
    Point("openai/gpt-oss-20b", "H100", tp=4, ep=4),
    Point("deepseek-ai/DeepSeek-V3", "H200-SXM", tp=8, engine="sglang"),
    Point("google/gemma-2-27b-it", "H100", max_context=8192),
    Point("meta-llama/Llama-3.1-8B", "RTX-3090", engine_version="0.6.4", max_context=20_000),
)


def sections(point: Point) -> dict[str, Section]:
    return {each.total: each for each in ledger(point, Catalog()).sections}


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.model} {point.engine}")
def test_lines_come_to_their_total(point: Point) -> None:
    found = sections(point)
    for total in ("weights_gib", "overhead_gib", "kv_pool_gib", "memory_headroom_gib"):
        section = found[total]
        assert sum(entry.value for entry in section.entries) == pytest.approx(section.value)
    layer, sampler, beside = (entry.value for entry in found["activations_gib"].entries)
    assert max(layer, sampler) + beside == pytest.approx(found["activations_gib"].value)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.model} {point.engine}")
def test_requests_are_blocks_of_the_pool_over_blocks_of_one(point: Point) -> None:
    section = sections(point)["max_concurrency"]
    *each, pool = section.entries
    ((block,),) = pool.terms
    held = pool.value * block.value / 2**30 / sum(entry.value for entry in each)
    assert held == pytest.approx(section.value, rel=1e-3)
    assert section.low is not None
    assert section.low <= section.value <= section.high


def test_what_was_never_measured_is_said() -> None:
    notes = ledger(POINTS[3], Catalog()).notes
    assert UnmeasuredEngine("sglang") in notes
    far = Point("meta-llama/Llama-3.1-8B", "MI300X", tp=16, max_num_batched_tokens=65_536)
    notes = ledger(far, Catalog()).notes
    assert UnmeasuredVendor("AMD") in notes
    outside = {each.name: each.value for each in notes if isinstance(each, UnmeasuredSetting)}
    assert outside == {"tp": 16, "max_num_batched_tokens": 65_536}


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.model} {point.engine}")
def test_terms_come_to_their_line(point: Point) -> None:
    for section in ledger(point, Catalog()).sections:
        for entry in section.entries:
            if entry.terms and entry.unit == "GiB":
                products = (prod(each.value for each in product) for product in entry.terms)
                unit = 1 if entry.name == "usable" else 2**30
                assert sum(products) / unit == pytest.approx(entry.value)

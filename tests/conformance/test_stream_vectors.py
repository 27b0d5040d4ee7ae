"""What DeepSeek-V4 and other models with an index take beside plain layers, by hand.

Flash: 64 heads of 512, residuals of 4,096 in 4 streams, an index of 64 heads of 128.
"""

from __future__ import annotations

import pytest
from attrs import evolve
from scenarios import deployment
from vectors import H100

from sizer.catalog.models import find_model
from sizer.estimate.device.footprint import binding_stage, footprint
from sizer.estimate.device.index_peak import gathered_bytes_per_token
from sizer.estimate.device.peak import peak
from sizer.estimate.device.scratch import scratch_bytes
from sizer.estimate.engine.settings import Settings, settings
from sizer.schema.asked.serving import Engine

FLASH = deployment("deepseek-ai/DeepSeek-V4-Flash", "mxfp4", kv_format="fp8", tp=8)


def used(version: str) -> Settings:
    return settings(Engine(version=version, max_num_batched_tokens=8192), H100)


def test_queries_lie_in_a_buffer_of_all_layers() -> None:
    # 8 heads a rank, padded to 64: 64 x 512 x 2 B = 65,536 B a token. The index has 64 heads of
    # 128 / 2 B, 128 / 32 B of scales and a weight of 4 B: 4,608 B.
    assert scratch_bytes(FLASH, used("0.28.0")) == 8192 * (65_536 + 4_608)
    assert scratch_bytes(FLASH, used("0.26.0")) == 0
    plain = deployment("deepseek-ai/DeepSeek-V3", "fp8", tp=8)
    assert scratch_bytes(plain, used("0.28.0")) == 0
    # vLLM 0.31 logged 19.79 GiB of weights on each of 8 H100
    held = footprint(FLASH, used("0.31.0")).weight_bytes
    assert held / 2**30 == pytest.approx(19.79, rel=2e-3)


def test_streams_come_into_a_layer_and_go_out() -> None:
    # 2 x 4 x 4,096 x 2 B = 65,536 B a token beside the residual's own 4.2 x 4,096 x 2 B, and
    # outputs of 64 x 512 x 2 B; before 0.27 queries of as many
    residual, streams, padded = 4.2 * 4096 * 2, 2 * 4 * 4096 * 2, 64 * 512 * 2
    for version, copies in (("0.28.0", 1), ("0.26.0", 2)):
        passing = peak(FLASH, used(version), binding_stage(FLASH, used(version)))
        forward = residual + streams + copies * padded
        assert passing.forward_bytes_per_token == pytest.approx(forward)
        assert passing.forward_bytes == 512 * 2**20  # logits of the index


@pytest.mark.parametrize(
    ("model", "gathered"),
    [
        # 40 longest contexts of keys of 128 + 4 B, one for 4 tokens
        ("deepseek-ai/DeepSeek-V4-Flash", 40 * 132 / 4),
        ("zai-org/GLM-5.1", 40 * 132),
        ("deepseek-ai/DeepSeek-V3", 0),
        ("Qwen/Qwen2.5-7B", 0),
    ],
)
def test_an_index_gathers_its_keys(model: str, gathered: float) -> None:
    found = find_model(model).value
    assert gathered_bytes_per_token(found, used("0.28.0")) == gathered
    assert gathered_bytes_per_token(found, evolve(used("0.28.0"), engine="sglang")) == 0


def test_the_workspace_of_amd_has_the_logits_of_a_step() -> None:
    # 16,384 tokens x 1,048,576 / 4 keys x 4 B are 16 GiB
    amd = evolve(used("0.28.0"), vendor="AMD", max_num_batched_tokens=16_384)
    pro = find_model("deepseek-ai/DeepSeek-V4-Pro").value
    assert gathered_bytes_per_token(pro, amd) * 1_048_576 == 16 * 2**30
    # smaller steps: the gathered keys are more
    few = evolve(amd, max_num_batched_tokens=1024)
    assert gathered_bytes_per_token(pro, few) == 40 * 132 / 4

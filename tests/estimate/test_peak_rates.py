"""The arithmetic that accelerators run for a format."""

from __future__ import annotations

import pytest

from sizer.catalog.gpus import find_gpu
from sizer.estimate.device.peaks import peak_flops


@pytest.mark.parametrize(
    ("gpu", "rate_of"), [("B200", "fp8"), ("MI355X", "fp8"), ("H200-SXM", "bf16")]
)
def test_four_bit_experts_need_a_device_that_multiplies_them(gpu: str, rate_of: str) -> None:
    device = find_gpu(gpu).value
    assert peak_flops("fp4_by_fp8", device) == peak_flops(rate_of, device)

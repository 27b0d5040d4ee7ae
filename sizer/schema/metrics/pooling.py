"""Metrics of loads that read texts and write none, and what they have in place of others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizer.schema.metrics.metric import number
from sizer.schema.metrics.references import CATALOG, LITTLE, QUEUES
from sizer.schema.metrics.traffic import PERCENTS

POOLING = (
    number(
        "requests_per_second",
        "request/s",
        "higher",
        "requests that all replicas answer at this load",
        LITTLE,
        of="all replicas",
    ),
    number(
        "requests_per_second_per_gpu",
        "request/s",
        "higher",
        "`requests_per_second` over `gpus`",
        LITTLE,
        of="accelerator",
    ),
    number(
        "input_tokens_per_second",
        "token/s",
        "higher",
        "prompt tokens of all replicas",
        LITTLE,
        of="all replicas",
    ),
    number(
        "texts_per_pass",
        "request",
        "none",
        "texts that one pass reads together, in the mean; unknown where answers are written",
        QUEUES,
        of="replica",
    ),
    number(
        "cost_usd_per_mtok_input",
        "USD/Mtok",
        "lower",
        "a million prompt tokens at this load; unknown where answers are written, which share it",
        CATALOG,
    ),
)

_RATES = {
    "tokens_per_second": "requests_per_second",
    "tokens_per_second_per_user": "e2e_ms",
    "tokens_per_second_per_gpu": "requests_per_second_per_gpu",
    "max_tokens_per_second": "max_request_rate",
    "cost_usd_per_mtok": "cost_usd_per_mtok_input",
    "ttft_ms": "e2e_ms",
    "itl_ms": "e2e_ms",
    "decode_step_ms": "prefill_ms",
    "joules_per_output_token": "power_w",
    "kwh_per_mtok": "power_w",
    "gco2_per_mtok": "power_w",
}
INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        **_RATES,
        **{f"{name}_p{p}_ms": f"e2e_p{p}_ms" for name in ("ttft", "tpot", "itl") for p in PERCENTS},
    }
)  # metrics of answers that are written, and what a load has that writes none

"""Reports made by hand: every part filled, unknowns and hostile texts among them."""

from __future__ import annotations

from sizer.schema.answered.assumption import AssumedLink
from sizer.schema.answered.report import (
    Answer,
    AtLoad,
    Bound,
    Choice,
    Finding,
    FunnelStage,
    GpuPrice,
    NearMiss,
    Reasoning,
    Report,
    Unproposed,
    Value,
)
from sizer.schema.metrics import METRICS

HOSTILE = "evil\x1b[31m\x1b]0;owned\x07\nmodel\x9b[bold]|`x`"

_SPECIAL: dict[str, Value] = {
    "gpu": "H100-SXM5-80GB",
    "vendor": "nvidia",
    "gpu_family": "Hopper",
    "model": "acme/one-7B",
    "attention": "gqa",
    "weights": "fp8",
    "kv_format": "bf16",
    "engine": "vllm",
    "bottleneck": "bandwidth",
    "binding_side": "both",
    "fits": True,
    "fits_surely": True,
    "overloaded": False,
    "compute_bound": False,
    "is_moe": None,
    "tp": 2.0,
    "ttft_ms": 85.25,
    "itl_ms": 8.125,
    "tokens_per_second": 1234.5,
    "memory_required_gib": 24.0,
    "memory_headroom_gib": 40.0,
    "cost_usd_per_hour": 4.76,
    "cost_usd_per_mtok": None,
    "request_rate": None,
    "goodput_per_s": None,
    "goodput_per_s_per_gpu": None,
    "mean_gpus": None,
    "session_hit_share": None,
    "offloaded_hit_share": None,
    "cost_usd_per_month_scaled": None,
}


def choice(gpu: str = "H100-SXM5-80GB", findings: tuple[Finding, ...] = ()) -> Choice:
    metrics: dict[str, Value] = {each.name: 1.5 for each in METRICS}
    return Choice(f"{gpu} x2 fp8 tp2 1024+256 c8", metrics | _SPECIAL | {"gpu": gpu}, findings)


def answered() -> Answer:
    findings = (
        Finding("budget.soft", "warning", "fails", "4.76 USD an hour"),
        Finding("power.known", "info", "unknown", "tdp_w <= 700"),
    )
    return Answer(
        model="acme/one-7B",
        candidates=40,
        survivors=3,
        chosen=choice(findings=findings),
        reasoning=Reasoning("tokens_per_second", "highest", 1234.5),
        others=(choice("L4"), choice("A100-SXM4-80GB")),
        funnel=(
            FunnelStage("fits", "where", 40, 30, 2, 10),
            FunnelStage("slo.first", "error", 10, 7, 0, 3),
        ),
        per_gpu=(choice(), choice("L4"), choice("A100-SXM4-80GB")),
        per_load=(AtLoad("1024+256 c8", choice()), AtLoad("1024+256 c512", None)),
        unproposed=(Unproposed("uneven widths", 5), Unproposed("no kernel", 1)),
    )


def refused(model: str = "acme/two-700B") -> Answer:
    bounds = (
        Bound("itl_ms < 10", "itl_ms < 10", 14.2, 10.0, 0.42),
        Bound("fits", "fits", value=False, bound=False, margin=None),
    )
    return Answer(
        model=model,
        candidates=4,
        survivors=0,
        chosen=None,
        reasoning=None,
        others=(),
        funnel=(FunnelStage("fits", "where", 4, 4, 0, 0),),
        near_miss=NearMiss("L4 x1 bf16 tp1 1024+256 c1", choice("L4").metrics, bounds),
    )


def report(*answers: Answer) -> Report:
    return Report(
        answers=answers or (answered(), refused()),
        sort="tokens_per_second then cost",
        assumptions=(AssumedLink("our-a100", "PCIe 4.0 x16", 32.0),),
        prices=(
            GpuPrice(
                "H100-SXM5-80GB",
                2.38,
                "lambda",
                as_of="2026-01-02",
                providers=5,
                undated=2,
                lowest_usd_per_gpu_hour=1.8,
                lowest_provider="vast",
                highest_usd_per_gpu_hour=12.0,
                highest_provider="azure",
            ),
            GpuPrice("L4", None),
        ),
        profile="profiles/by-hand.toml",
        estimator="analytic, calibration default 1",
    )

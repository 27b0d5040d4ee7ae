"""`sizer gpus`: the accelerators of the catalog; prices are medians over providers."""

from __future__ import annotations

from sizer.cli.catalog_list import Row, list_command

COLUMNS = (
    "name",
    "vendor",
    "memory_gb",
    "bandwidth_gb_s",
    "bf16_tflop_s",
    "fp8_tflop_s",
    "link_gb_s",
    "tdp_w",
    "launch_year",
    "usd_per_hour",
)


def _rows(text: str) -> list[Row]:
    from sizer.catalog.gpus import gpu_names  # noqa: PLC0415  # heavy

    return [_row(name) for name in gpu_names() if text in name.casefold()]


def _row(name: str) -> Row:
    from sizer.catalog.gpus import find_gpu  # noqa: PLC0415  # heavy
    from sizer.catalog.prices import price  # noqa: PLC0415  # heavy

    gpu, cost = find_gpu(name).value, price(name)
    return {
        "name": gpu.name,
        "vendor": gpu.vendor,
        "memory_gb": gpu.memory_gb,
        "bandwidth_gb_s": gpu.bandwidth_gb_s,
        "bf16_tflop_s": gpu.peaks.bf16,
        "fp8_tflop_s": gpu.peaks.fp8,
        "link_gb_s": gpu.link_gb_s,
        "tdp_w": gpu.tdp_w,
        "launch_year": gpu.launch_year,
        "usd_per_hour": None if cost is None else cost.usd_per_gpu_hour,
    }


COMMAND = list_command("gpus", "list the accelerators of the catalog", COLUMNS, _rows)

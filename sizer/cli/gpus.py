"""`sizer gpus`: the accelerators of the catalog."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from sizer.cli.command import Command
from sizer.cli.exit import Exit
from sizer.cli.streams import answer
from sizer.schema.report import Value

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


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("text", metavar="TEXT", nargs="?", default="", help="a part of the name")
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text")


def handle(arguments: Namespace) -> Exit:
    """List the accelerators whose name contains a text; prices are medians over providers."""
    from sizer.catalog.gpus import gpu_names  # noqa: PLC0415  # heavy
    from sizer.render.listing import listing  # noqa: PLC0415  # heavy

    wanted = arguments.text.casefold()
    rows = [_row(name) for name in gpu_names() if wanted in name.casefold()]
    answer(listing(rows, COLUMNS, arguments.format))
    return Exit.WELL if rows else Exit.NOTHING_SURVIVES


def _row(name: str) -> dict[str, Value]:
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


COMMAND = Command("gpus", "list the accelerators of the catalog", declare, handle)

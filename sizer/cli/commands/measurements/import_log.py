"""`sizer import --vllm-log`: start-up logs of vLLM as a table for `sizer score`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from sizer.cli.streams.exit import Exit
from sizer.cli.streams.output import STANDARD, deliver
from sizer.cli.streams.streams import tell

REQUIRED = ("vllm_log",)
OPTIONS = (*REQUIRED, "model", "gpu")


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    group = parser.add_argument_group("measurements for `sizer score`, from start-up logs of vLLM")
    group.add_argument(
        "--vllm-log",
        metavar="FILE",
        action="append",
        help="a log, `-` is standard input; may stand repeatedly",
    )
    group.add_argument("--gpu", metavar="NAME", help="the accelerator, where the log names none")
    group.add_argument("--model", metavar="NAME", help="the model, where the log has but a path")


def handle(arguments: Namespace) -> Exit:
    """Write a row for each start of an engine."""
    from sizer.imports.vllm_log import COLUMNS, measured_rows, read_logs
    from sizer.render.forms import LISTING
    from sizer.render.listing import Listing

    logs = read_logs(arguments.vllm_log, _given(arguments.vllm_log))
    found = measured_rows(logs, arguments.gpu, arguments.model)
    tell(found.notes)
    deliver(LISTING.render(Listing(found.rows, COLUMNS), "csv"), arguments.output)
    return Exit.WELL


def _given(names: list[str]) -> bytes:
    """Return what stands on standard input, if a log is to be read there."""
    return sys.stdin.buffer.read() if STANDARD in names and sys.stdin is not None else b""

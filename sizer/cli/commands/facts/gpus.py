"""`sizer gpus`: the accelerators of the catalog, or of this machine; prices are medians."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from sizer.cli.commands.facts.catalog_list import Row, declare_listing, list_command
from sizer.cli.options.arguments import USAGE
from sizer.cli.streams.command import Command
from sizer.cli.streams.exit import Exit
from sizer.cli.streams.streams import answer, say
from sizer.diagnostic import problem

if TYPE_CHECKING:  # the parser alone asks no driver
    from sizer.catalog.inventory import Group

COLUMNS = (
    "name",
    "vendor",
    "memory_gb",
    "bandwidth_gb_s",
    "bf16_tflop_s",
    "fp8_tflop_s",
    "link_gb_s",
    "devices",
    "server_size",
    "tdp_w",
    "launch_year",
    "usd_per_hour",
)
DETECTED = (
    "count",
    "reported",
    "name",
    "memory_gib",
    "catalog_gib",
    "bandwidth_gb_s",
    "compute_capability",
    "tdp_w",
)
PROFILE = "toml"


def _rows(text: str) -> list[Row]:
    from sizer.catalog.gpus import gpu_names

    return [_row(name) for name in gpu_names() if text in name.casefold()]


def _row(name: str) -> Row:
    from sizer.catalog.gpus import find_gpu
    from sizer.catalog.prices import price

    gpu, cost = find_gpu(name).value, price(name)
    return {
        "name": gpu.name,
        "vendor": gpu.vendor,
        "memory_gb": gpu.memory_gb,
        "bandwidth_gb_s": gpu.bandwidth_gb_s,
        "bf16_tflop_s": gpu.peaks.bf16,
        "fp8_tflop_s": gpu.peaks.fp8,
        "link_gb_s": gpu.usable_link_gb_s,
        "devices": gpu.devices_per_accelerator,
        "server_size": gpu.server_size,
        "tdp_w": gpu.tdp_w,
        "launch_year": gpu.launch_year,
        "usd_per_hour": None if cost is None else cost.middle.usd_per_gpu_hour,
    }


LISTED = list_command(
    "gpus", "list the accelerators of the catalog, or of this machine", COLUMNS, _rows
)


def declare(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    declare_listing(parser, (PROFILE,))
    help_ = "those of this machine, by NVML and amdsmi; as toml, the fleet of a profile"
    parser.add_argument("--detect", action="store_true", help=help_)


def handle(arguments: Namespace) -> Exit:
    """List the catalog, or what the drivers of this machine report."""
    if arguments.detect:
        return _detected(arguments)
    if arguments.format == PROFILE:
        raise problem(USAGE, "--format toml goes with --detect", hint="text, json or csv")
    return LISTED.handle(arguments)


def _detected(arguments: Namespace) -> Exit:
    from sizer.catalog.inventory import fleet_of, recognised
    from sizer.catalog.machine import detect
    from sizer.render.forms import LISTING
    from sizer.render.listing import Listing
    from sizer.structure.write import data_text

    machine = detect()
    text = arguments.text.casefold()
    found = [
        each for each in recognised(machine.devices) if text in each.device.reported.casefold()
    ]
    for reason in machine.reasons if not machine.devices else ():
        say(reason)
    if not found:
        say("no accelerator was found on this machine")
        return Exit.NOTHING_SURVIVES
    for each in found:
        _remark(each)
    if arguments.format == PROFILE:
        answer(data_text(fleet_of(found)))
    else:
        answer(
            LISTING.render(
                Listing([_detected_row(each) for each in found], DETECTED), arguments.format
            )
        )
    return Exit.WELL


def _remark(group: Group) -> None:
    """Say where the catalog's facts do not hold."""
    device, gpu = group.device, group.gpu
    if gpu is None:
        say(f"{device.reported}: the catalog has no such accelerator; --format toml describes it")
    elif device.divided:
        say(f"{device.reported}: in MIG mode; a slice has less than this whole device")
    elif not group.same:
        say(f"{device.reported}: {device.memory_gib:.1f} GiB, {gpu.name} has {gpu.memory_gib:.1f}")


def _detected_row(group: Group) -> Row:
    device, gpu = group.device, group.gpu
    return {
        "count": group.count,
        "reported": device.reported,
        "name": gpu.name if gpu else None,
        "memory_gib": device.memory_gib,
        "catalog_gib": gpu.memory_gib if gpu else None,
        "bandwidth_gb_s": device.bandwidth_gb_s,
        "compute_capability": device.compute_capability,
        "tdp_w": device.tdp_w,
    }


COMMAND = Command(LISTED.name, LISTED.summary, declare, handle)

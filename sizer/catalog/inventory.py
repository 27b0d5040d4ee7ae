"""Accelerators of a machine by the catalog's names, and as the fleet of a profile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import frozen

from sizer.catalog.gpus import find_gpu, knows_gpu
from sizer.catalog.machine import Device
from sizer.schema.facts.gpu import Gpu
from sizer.units import GB, GIB

SAME_MEMORY = 0.1


@frozen
class Group:
    """Equal devices, and the catalog's accelerator of that name, if it has one."""

    device: Device
    count: int
    gpu: Gpu | None

    @property
    def same(self) -> bool:
        """Return whether the catalog's facts hold: the name is known, and the memory agrees."""
        if self.gpu is None or self.device.divided:
            return False
        return abs(self.device.memory_gib / self.gpu.memory_gib - 1) <= SAME_MEMORY


def recognised(devices: Iterable[Device]) -> list[Group]:
    """Return the devices, equal ones together, in order of first appearance."""
    counts: dict[Device, int] = {}
    for device in devices:
        counts[device] = counts.get(device, 0) + 1
    return [Group(device, count, _known(device)) for device, count in counts.items()]


def fleet_of(groups: Iterable[Group]) -> dict[str, Any]:
    """Return `[fleet]` as plain data: names that the catalog has, other devices by their facts.

    A device whose bandwidth nobody tells and no catalog entry is like is left out.
    """
    found = list(groups)
    names = [each.gpu.name for each in found if each.gpu and each.same]
    custom = [_custom(each) for each in found if not each.same]
    most = max((each.count for each in found), default=0)
    fleet: dict[str, Any] = {"gpus": list(dict.fromkeys(names)), "max_gpus_per_replica": most}
    known = [each for each in custom if "memory_bandwidth_gb_s" in each]
    return {"fleet": fleet | ({"custom": known} if known else {})}


def _known(device: Device) -> Gpu | None:
    name = knows_gpu(device.reported)
    return find_gpu(name).value if name else None


def _custom(group: Group) -> dict[str, Any]:
    device, like = group.device, group.gpu
    table: dict[str, Any] = {
        "name": device.reported,
        "memory_gb": round(device.memory_gib * GIB / GB, 3),
    }
    rate = device.bandwidth_gb_s or (like.bandwidth_gb_s if like else None)
    if rate:
        table["memory_bandwidth_gb_s"] = round(rate, 1)
    return table | ({"like": like.name} if like else {})

"""The accelerators of this machine, as the makers' own libraries report them.

NVIDIA's through NVML (PyPI nvidia-ml-py), AMD's through amdsmi, which ROCm installs. Neither is
needed: what is absent is a reason, not a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from attrs import frozen

from sizer.units import GB, GIB

MIB = 2**20
DOUBLE_RATE = 2  # memory moves data on both edges of its clock


@frozen
class Device:
    """One accelerator; None is what its library does not tell.

    `memory_gib` is all that the device has, which is more than an engine is given.
    """

    reported: str
    vendor: str
    memory_gib: float
    bandwidth_gb_s: float | None = None
    compute_capability: float | None = None
    tdp_w: float | None = None
    divided: bool = False


@frozen
class Machine:
    """What was found, and by library why nothing was."""

    devices: tuple[Device, ...]
    reasons: tuple[str, ...]


def detect() -> Machine:
    """Return the accelerators of this machine, in their libraries' order."""
    devices: list[Device] = []
    reasons: list[str] = []
    for vendor, ask in (("NVIDIA", _nvidia), ("AMD", _amd)):
        found = ask()
        if isinstance(found, str):
            reasons.append(f"{vendor}: {found}")
        else:
            devices += found
    return Machine(tuple(devices), tuple(reasons))


def _nvidia() -> list[Device] | str:
    try:
        import pynvml  # noqa: PLC0415  # optional
    except ImportError:
        return "no NVML: `pip install nvidia-ml-py`"
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return f"no driver: {error}"
    try:
        count = pynvml.nvmlDeviceGetCount()
        found = [_nvidia_device(pynvml, number) for number in range(count)]
    except pynvml.NVMLError as error:
        return f"the driver does not answer: {error}"
    finally:
        pynvml.nvmlShutdown()
    return found or "the driver knows no device"


def _nvidia_device(nvml: Any, number: int) -> Device:
    device = nvml.nvmlDeviceGetHandleByIndex(number)

    def told(question: Callable[..., Any], *more: Any) -> Any:
        """Return an answer, None where this device or driver has none."""
        try:
            return question(device, *more)
        except nvml.NVMLError:
            return None

    name = nvml.nvmlDeviceGetName(device)
    width_bits = told(nvml.nvmlDeviceGetMemoryBusWidth)
    clock_mhz = told(nvml.nvmlDeviceGetMaxClockInfo, nvml.NVML_CLOCK_MEM)
    capability = told(nvml.nvmlDeviceGetCudaComputeCapability)
    limit_mw = told(nvml.nvmlDeviceGetPowerManagementDefaultLimit)
    mig = told(nvml.nvmlDeviceGetMigMode)
    known = width_bits and clock_mhz
    return Device(
        reported=name.decode() if isinstance(name, bytes) else name,
        vendor="NVIDIA",
        memory_gib=nvml.nvmlDeviceGetMemoryInfo(device).total / GIB,
        bandwidth_gb_s=width_bits / 8 * clock_mhz * 1e6 * DOUBLE_RATE / GB if known else None,
        compute_capability=float(f"{capability[0]}.{capability[1]}") if capability else None,
        tdp_w=limit_mw / 1000 if limit_mw else None,
        divided=bool(mig and mig[0]),
    )


def _amd() -> list[Device] | str:
    try:
        with redirect_stdout(StringIO()):  # it prints where its library is not
            import amdsmi  # noqa: PLC0415  # optional
    except (ImportError, KeyError, OSError):  # KeyError is its own way to say so
        return "no amdsmi: ROCm installs it"
    try:
        amdsmi.amdsmi_init()
    except amdsmi.AmdSmiException as error:
        return f"no driver: {' '.join(str(error).split())}"
    try:
        found = list(_amd_devices(amdsmi))
    except amdsmi.AmdSmiException as error:
        return f"the driver does not answer: {' '.join(str(error).split())}"
    finally:
        amdsmi.amdsmi_shut_down()
    return found or "the driver knows no device"


def _amd_devices(smi: Any) -> Iterator[Device]:
    for device in smi.amdsmi_get_processor_handles():
        chip, memory = smi.amdsmi_get_gpu_asic_info(device), smi.amdsmi_get_gpu_vram_info(device)
        rate = memory.get("vram_max_bandwidth")
        yield Device(
            reported=str(chip["market_name"]),
            vendor="AMD",
            memory_gib=memory["vram_size"] * MIB / GIB,
            bandwidth_gb_s=float(rate) if isinstance(rate, int | float) and rate > 0 else None,
        )

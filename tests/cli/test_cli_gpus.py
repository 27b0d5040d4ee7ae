"""`sizer gpus --detect`, with the makers' libraries played by modules of the same interface."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sizer.cli import main
from sizer.load import load_document
from sizer.pipeline import size
from sizer.structure.toml.document import parse_document

Capture = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch
MIB = 2**20
H100 = {
    "name": "NVIDIA H100 80GB HBM3",
    "total": 81_559 * MIB,
    "width": 5120,
    "clock": 2619,
    "capability": (9, 0),
    "limit": 700_000,
}


class NVMLError(Exception):
    """As pynvml has it."""


def nvml(devices: list[dict[str, Any]], fails: str | None = None) -> ModuleType:
    """Return a module that answers as pynvml; a key that a device lacks is not supported."""
    module = ModuleType("pynvml")

    def told(key: str) -> Any:
        def question(device: dict[str, Any], *_: Any) -> Any:
            if key not in device:
                raise NVMLError("Not Supported")
            return device[key]

        return question

    def init() -> None:
        if fails:
            raise NVMLError(fails)

    class Memory:
        def __init__(self, total: int) -> None:
            self.total = total

    module.NVMLError, module.NVML_CLOCK_MEM = NVMLError, 2  # type: ignore[attr-defined]
    answers = {
        "nvmlInit": init,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetCount": lambda: len(devices),
        "nvmlDeviceGetHandleByIndex": devices.__getitem__,
        "nvmlDeviceGetName": told("name"),
        "nvmlDeviceGetMemoryInfo": lambda device: Memory(device["total"]),
        "nvmlDeviceGetMemoryBusWidth": told("width"),
        "nvmlDeviceGetMaxClockInfo": told("clock"),
        "nvmlDeviceGetCudaComputeCapability": told("capability"),
        "nvmlDeviceGetPowerManagementDefaultLimit": told("limit"),
        "nvmlDeviceGetMigMode": told("mig"),
    }
    for name, answer in answers.items():
        setattr(module, name, answer)
    return module


class AmdSmiException(Exception):  # noqa: N818  # its own name
    """As amdsmi has it."""


def amdsmi(devices: list[dict[str, Any]], fails: str | None = None) -> ModuleType:
    """Return a module that answers as amdsmi."""
    module = ModuleType("amdsmi")

    def init() -> None:
        if fails:
            raise AmdSmiException(fails)

    answers = {
        "AmdSmiException": AmdSmiException,
        "amdsmi_init": init,
        "amdsmi_shut_down": lambda: None,
        "amdsmi_get_processor_handles": lambda: devices,
        "amdsmi_get_gpu_asic_info": lambda device: {"market_name": device["name"]},
        "amdsmi_get_gpu_vram_info": lambda device: device["memory"],
    }
    for name, answer in answers.items():
        setattr(module, name, answer)
    return module


@pytest.fixture(autouse=True)
def no_libraries(monkeypatch: Patch) -> None:
    for name in ("pynvml", "amdsmi"):
        monkeypatch.setitem(sys.modules, name, None)


def detected(capsys: Capture, *more: str) -> list[dict[str, Any]]:
    assert main(["gpus", "--detect", "--format", "json", *more]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_equal_devices_are_one_row_with_the_catalogs_name(
    monkeypatch: Patch, capsys: Capture
) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", nvml([dict(H100) for _ in range(8)]))
    (row,) = detected(capsys)
    assert (row["count"], row["name"]) == (8, "H100-SXM5-80GB")
    assert row["memory_gib"] == pytest.approx(79.65, abs=0.01)
    assert row["bandwidth_gb_s"] == pytest.approx(3352, abs=1)
    assert (row["compute_capability"], row["tdp_w"]) == (9.0, 700.0)


def test_makers_stand_side_by_side(monkeypatch: Patch, capsys: Capture) -> None:
    memory = {"vram_size": 196_592, "vram_max_bandwidth": 5300}
    device = {"name": "AMD Instinct MI300X", "memory": memory}
    old = {"name": b"Tesla T4", "total": 15_360 * MIB}
    monkeypatch.setitem(sys.modules, "pynvml", nvml([old]))
    monkeypatch.setitem(sys.modules, "amdsmi", amdsmi([device, device]))
    rows = detected(capsys)
    assert [(row["name"], row["count"]) for row in rows] == [("T4", 1), ("MI300X", 2)]
    assert rows[0]["bandwidth_gb_s"] is None
    assert rows[1]["bandwidth_gb_s"] == 5300
    assert [row["name"] for row in detected(capsys, "mi300")] == ["MI300X"]


def test_a_profile_of_this_machine_can_be_run(monkeypatch: Patch, capsys: Capture) -> None:
    new = {"name": "NVIDIA Z900 200GB", "total": 200 * 1024 * MIB, "width": 8192, "clock": 4000}
    small = H100 | {"total": 48 * 1024 * MIB}
    monkeypatch.setitem(sys.modules, "pynvml", nvml([dict(H100), dict(H100), new, small]))
    assert main(["gpus", "--detect", "--format", "toml"]) == 0
    said = capsys.readouterr()
    assert "the catalog has no such accelerator" in said.err
    assert "48.0 GiB, H100-SXM5-80GB has 79.2" in said.err
    fleet = tomllib.loads(said.out)["fleet"]
    assert fleet["gpus"] == ["H100-SXM5-80GB"]
    assert fleet["max_gpus_per_replica"] == 2
    assert [each["name"] for each in fleet["custom"]] == ["NVIDIA Z900 200GB", H100["name"]]
    assert fleet["custom"][1]["like"] == "H100-SXM5-80GB"
    text = f'dsl = 1\n[[models]]\nname = "Qwen/Qwen2.5-7B"\n{said.out}'
    report = size(load_document(parse_document(text, "p.toml"), Path()))
    assert report.answered


def test_a_device_in_slices_is_not_sized_as_a_whole(monkeypatch: Patch, capsys: Capture) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", nvml([H100 | {"mig": (1, 1)}]))
    assert main(["gpus", "--detect"]) == 0
    assert "in MIG mode" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (None, "pip install nvidia-ml-py"),
        (nvml([], "Driver Not Loaded"), "no driver: Driver Not Loaded"),
        (nvml([]), "knows no device"),
        (nvml([{}]), "does not answer: Not Supported"),
    ],
)
def test_why_nothing_was_found_is_said(
    monkeypatch: Patch, capsys: Capture, module: ModuleType | None, said: str
) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", module)
    monkeypatch.setitem(sys.modules, "amdsmi", amdsmi([], "Error code:\n\t34 | not initialised"))
    assert main(["gpus", "--detect"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert "AMD: no driver: Error code: 34 | not initialised" in told.err


def test_toml_is_for_what_is_detected(capsys: Capture) -> None:
    assert main(["gpus", "--format", "toml"]) == 2
    assert "--detect" in capsys.readouterr().err

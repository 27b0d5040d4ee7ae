"""Facts of accelerators that a rule may name."""

from __future__ import annotations

from sizer.schema.metrics.metric import count, number, text
from sizer.schema.metrics.references import CATALOG

MAKERS = ("NVIDIA", "AMD", "Intel", "Google", "AWS", "Huawei", "Apple", "unknown")
FAMILIES = (
    "Ada",
    "Ampere",
    "Apple M",
    "Ascend",
    "Blackwell",
    "Blackwell Ultra",
    "CDNA2",
    "CDNA3",
    "CDNA4",
    "CDNA5",
    "Gaudi",
    "Hopper",
    "Neuron",
    "Pascal",
    "Ponte Vecchio",
    "RDNA3",
    "RDNA3.5",
    "RDNA4",
    "Rubin",
    "TPU",
    "Turing",
    "Volta",
    "Xe2",
)

HARDWARE = (
    text("gpu", "accelerator", CATALOG),
    text("vendor", "maker of the accelerator", CATALOG, MAKERS),
    text("gpu_family", "architecture of the accelerator", CATALOG, FAMILIES),
    number("gpu_memory_gb", "GB", "none", "memory on the box, of one accelerator", CATALOG),
    number("gpu_bandwidth_gb_s", "GB/s", "none", "memory bandwidth of one accelerator", CATALOG),
    number(
        "compute_capability", "1", "none", "NVIDIA's number for what the device can do", CATALOG
    ),
    count("launch_year", "year", "none", "year of the accelerator's launch", CATALOG),
    number("tdp_w", "W", "lower", "thermal design power of one accelerator", CATALOG),
)

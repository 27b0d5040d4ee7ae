from __future__ import annotations

import json

import pytest
from attrs import asdict

from sizer.catalog.gpus import (
    FOLDER,
    build_index,
    find_gpu,
    gpu_names,
    knows_gpu,
    of_several_kinds,
)
from sizer.catalog.lookup import Unknown
from sizer.schema.facts.gpu import Gpu
from sizer.schema.metrics import registry
from sizer.structure.facts import write_facts

ALL = [find_gpu(name).value for name in gpu_names()]
by_name = pytest.mark.parametrize("gpu", ALL, ids=lambda gpu: gpu.name)

# names of the measurements (perf.csv)
MEASURED = """
A100, A100-PCIe-80GB, A100-SXM-40GB, A100-SXM-80GB, A10G, A800-SXM-80GB, B200, GB200, GH200,
GH200-96GB, H100-NVL, H100-PCIe, H100-SXM, H200-NVL, H200-SXM, Intel-Max-1550, L40S, MI250, MI300X,
RTX-3070, RTX-3080, RTX-3080Ti, RTX-3090, RTX-3090Ti, RTX-4000-Ada, RTX-4080, RTX-4090, RTX-4090D,
RTX-5000-Ada, RTX-6000-Ada, RTX-PRO-6000-BW-SE, RX-7900XTX, T4, V100-PCIe-32GB, V100S-PCIe-32GB
"""
# names of the research (gpus.csv)
RESEARCHED = """
V100-PCIe-16GB| V100-PCIe-32GB| V100-SXM2-16GB| V100-SXM2-32GB| T4| A2| A10| A10G|
A16 (per GPU, 4 per board)| A30| A40| A100-PCIe-40GB| A100-SXM4-40GB| A100-PCIe-80GB|
A100-SXM4-80GB| A800-PCIe-80GB| A800-SXM4-80GB| RTX-3090| RTX-A6000| L4| L40| L40S| L20| RTX-4090|
RTX-6000-Ada| H100-PCIe| H100-SXM5-80GB| H100-NVL| H200-SXM| H200-NVL| GH200-96GB| GH200-144GB|
H20| H800-SXM| B100| B200| B300| GB200 (per GPU, NVL72)| GB300 (per GPU, NVL72)| RTX-5090|
RTX-PRO-6000-Blackwell-Server| RTX-PRO-6000-Blackwell-WS| RTX-PRO-6000-Blackwell-MaxQ|
RTX-PRO-4500-Blackwell| GB10 (DGX Spark)| Jetson-AGX-Orin-64GB| Jetson-AGX-Thor-T5000|
Rubin (pre-release)| MI210| MI250X| MI300X| MI325X| MI350X| MI355X| RX-7900-XTX|
MI455X (pre-release)| Gaudi2| Gaudi3| Max-1550| Arc-B580| Arc-Pro-B60| TPU-v4| TPU-v5e| TPU-v5p|
TPU-v6e| TPU-v7x (Ironwood)| Inferentia2| Trainium1| Trainium2| Trainium3| Ascend-910B
"""
NAMES = [
    *(name.strip() for name in MEASURED.split(",")),
    *(name.strip() for name in RESEARCHED.split("|")),
]
ANNOUNCED = {"B100", "Rubin", "MI455X"}


def test_there_are_at_least_65_accelerators_of_several_makers() -> None:
    assert len(ALL) >= 65
    assert {"NVIDIA", "AMD", "Intel", "Google", "AWS"} <= {gpu.vendor for gpu in ALL}


@pytest.mark.parametrize("name", NAMES)
def test_every_measured_and_researched_name_is_known(name: str) -> None:
    assert knows_gpu(name) in gpu_names()


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("A100", "A100-SXM4-80GB"),
        ("NVIDIA A100 80GB", "A100-SXM4-80GB"),
        ("A100-SXM-40GB", "A100-SXM4-40GB"),
        ("H100", "H100-SXM5-80GB"),
        ("NVIDIA H100 80GB", "H100-SXM5-80GB"),
        ("V100", "V100-SXM2-32GB"),
        ("H200", "H200-SXM"),
        ("GH200", "GH200-96GB"),
        ("RTX-PRO-6000-BW-SE", "RTX-PRO-6000-Blackwell-Server"),
    ],
)
def test_a_short_name_is_the_commonest_variant_and_says_which(short: str, name: str) -> None:
    found = find_gpu(short)
    assert found.value.name == name
    assert found.note == f"{short} taken as {name}"


@pytest.mark.parametrize(
    "spelt",
    ["h100-sxm5-80gb", "H100 SXM5 80GB", "h100_sxm5_80gb", " H100-SXM5-80GB ", "T4", "NVIDIA T4"],
)
def test_case_blanks_underscores_and_the_maker_do_not_matter(spelt: str) -> None:
    found = find_gpu(spelt)
    assert found.value.name in {"H100-SXM5-80GB", "T4"}
    assert found.note is None


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("NVIDIA H100-80GB (SXM/HBM3)", "H100-SXM5-80GB"),
        ("NVIDIA L4 24GB", "L4"),
        ("GeForce RTX 3080 Ti", "RTX-3080Ti"),
        ("AMD Instinct MI300X", "MI300X"),
        ("A100 80GB PCIe", "A100-PCIe-80GB"),
    ],
)
def test_words_in_any_order_and_the_memory_on_the_box_are_understood(told: str, name: str) -> None:
    assert knows_gpu(told) == name


def test_another_memory_is_another_accelerator() -> None:
    assert knows_gpu("NVIDIA L4 48GB") is None


def test_an_unknown_name_suggests_catalog_names_in_any_case() -> None:
    with pytest.raises(Unknown, match="'h100-sxn'") as raised:
        find_gpu("h100-sxn")
    assert raised.value.suggestions[0] == "H100-SXM5-80GB"
    assert set(raised.value.suggestions) <= set(gpu_names())
    assert knows_gpu("h100-sxn") is None


@pytest.mark.parametrize(
    ("joined", "kinds"),
    [
        ("H100+A100", '"H100", "A100"'),
        ("4xH100 + 4xL40S", '"H100", "L40S"'),
        ("H100 x 4, L4*2 and A10G", '"H100", "L4", "A10G"'),
        ("2 RTX 4090 & L40S", '"RTX 4090", "L40S"'),
        ("RTX 4090 x 2 / 2 x L40S", '"RTX 4090", "L40S"'),
    ],
)
def test_a_name_of_several_kinds_says_that_a_replica_has_one(joined: str, kinds: str) -> None:
    with pytest.raises(Unknown, match="a replica has accelerators of one") as raised:
        find_gpu(joined)
    assert raised.value.hint == f"write each on its own: {kinds}"


@pytest.mark.parametrize("name", ["H100", "4xH100", "H100+H100", "H100+H1000", "A100+", "+", ""])
def test_a_name_of_one_kind_joins_none(name: str) -> None:
    assert of_several_kinds(name) is None


def test_the_index_is_what_the_folder_says() -> None:
    index = json.loads(FOLDER.joinpath("index.json").read_text("utf-8"))
    assert index == build_index()


def test_the_makers_that_rules_can_name_are_those_of_the_catalog() -> None:
    makers = {find_gpu(name).value.vendor for name in gpu_names()}
    assert {*registry()["vendor"].members} == makers | {"unknown"}  # of one by hand


def test_the_families_that_rules_can_name_are_those_of_the_catalog() -> None:
    families = {find_gpu(name).value.family for name in gpu_names()}
    assert [*registry()["gpu_family"].members] == sorted(families)


@by_name
def test_an_entry_stands_in_the_file_of_its_name_as_we_write_it(gpu: Gpu) -> None:
    text = FOLDER.joinpath(f"{gpu.name.lower()}.toml").read_text("utf-8")
    assert text == write_facts(gpu)


@by_name
def test_an_entry_has_a_source_and_says_where_its_memory_comes_from(gpu: Gpu) -> None:
    assert gpu.source
    assert "memory_gib" in gpu.note


@by_name
def test_an_engine_is_told_at_most_the_number_on_the_box(gpu: Gpu) -> None:
    least = 0.66 if gpu.vendor == "Apple" else 0.9  # Metal lends a share of the shared memory
    assert least * gpu.memory_gb <= gpu.memory_gib <= gpu.memory_gb


@by_name
def test_facts_are_in_the_range_of_real_devices(gpu: Gpu) -> None:
    assert gpu.bandwidth_gb_s is None or 100 <= gpu.bandwidth_gb_s <= 25_000
    assert gpu.tdp_w is None or 20 <= gpu.tdp_w <= 2000
    assert gpu.launch_year is None or 2016 <= gpu.launch_year <= 2026
    assert gpu.link_gb_s is None or 10 <= gpu.link_gb_s <= 2000
    assert gpu.domain_size is None or gpu.domain_size >= 1


@by_name
def test_what_joins_devices_is_known_wherever_several_stand_together(gpu: Gpu) -> None:
    if gpu.domain_devices < gpu.server_devices:
        assert gpu.pcie_gb_s is not None  # beyond the link a server has PCIe
    assert (gpu.peer_to_peer is False) == (gpu.host_copy_gb_s is not None)
    if gpu.host_copy_gb_s is not None and gpu.link_gb_s is not None:
        assert gpu.host_copy_gb_s < gpu.link_gb_s


@pytest.mark.parametrize(
    "gpu", [gpu for gpu in ALL if gpu.name.startswith(("RTX-40", "RTX-50"))], ids=lambda g: g.name
)
def test_geforce_of_two_generations_has_no_direct_copies(gpu: Gpu) -> None:
    professional = gpu.name in {"RTX-4000-Ada", "RTX-5000-Ada"}
    assert (gpu.peer_to_peer is False) is not professional


@by_name
def test_no_peak_is_negative_and_narrower_numbers_are_not_slower(gpu: Gpu) -> None:
    peaks = asdict(gpu.peaks)
    assert all(peak is None or peak >= 0 for peak in peaks.values())
    if gpu.peaks.fp32 and gpu.peaks.fp16:
        assert gpu.peaks.fp16 >= gpu.peaks.fp32
    if gpu.peaks.fp16 and gpu.peaks.fp8 and gpu.name != "Gaudi3":
        assert gpu.peaks.fp8 >= gpu.peaks.fp16
    if gpu.peaks.fp8 and gpu.peaks.fp4:
        assert gpu.peaks.fp4 >= gpu.peaks.fp8


@pytest.mark.parametrize(
    "gpu",
    [
        gpu
        for gpu in ALL
        if gpu.vendor in {"NVIDIA", "AMD"}
        and gpu.name not in ANNOUNCED
        and gpu.peaks.fp8
        and gpu.peaks.fp16
    ],
    ids=lambda gpu: gpu.name,
)
def test_fp8_is_twice_fp16_so_neither_is_a_sparse_peak(gpu: Gpu) -> None:
    assert gpu.peaks.fp8
    assert gpu.peaks.fp16
    assert gpu.peaks.fp8 / gpu.peaks.fp16 == pytest.approx(2.0, rel=0.02)  # L40S: 362 and 733


@pytest.mark.parametrize(
    "gpu", [gpu for gpu in ALL if gpu.family in {"Turing", "Ampere"}], ids=lambda gpu: gpu.name
)
def test_before_ada_there_is_no_fp8(gpu: Gpu) -> None:
    assert not gpu.peaks.fp8
    if gpu.peaks.int8 and gpu.peaks.fp16:
        # GeForce halves 16 bit with 32-bit accumulation, not int8
        factor = 4.0 if gpu.name.startswith(("RTX-3", "RTX-20")) else 2.0
        assert gpu.peaks.int8 / gpu.peaks.fp16 == pytest.approx(factor, rel=0.01)


@pytest.mark.parametrize("name", ["V100-SXM2-32GB", "T4"])
def test_bf16_that_a_device_lacks_is_zero_not_unknown(name: str) -> None:
    assert find_gpu(name).value.peaks.bf16 == 0.0


@pytest.mark.parametrize(
    ("name", "fp16", "fp8", "bandwidth", "link"),
    [
        ("A100-SXM4-80GB", 312, 0, 2039, 300),
        ("H100-SXM5-80GB", 989, 1979, 3350, 450),
        ("H200-SXM", 989, 1979, 4800, 450),
        ("B200", 2250, 4500, 8000, 900),
        ("L4", 121, 242, 300, 32),
        ("MI300X", 1307, 2615, 5300, 448),
        ("RTX-4090", 165.2, 330.3, 1008, 32),
    ],
)
def test_datasheets_are_typed_right(
    name: str, fp16: float, fp8: float, bandwidth: float, link: float
) -> None:
    gpu = find_gpu(name).value
    assert (gpu.peaks.fp16, gpu.peaks.fp8) == (fp16, fp8)
    assert (gpu.bandwidth_gb_s, gpu.link_gb_s) == (bandwidth, link)


@pytest.mark.parametrize(
    ("name", "gib"),
    [("H100-SXM5-80GB", 79.19), ("A100-SXM4-40GB", 39.39), ("T4", 14.56), ("RTX-3090", 23.58)],
)
def test_memory_is_what_engines_log(name: str, gib: float) -> None:
    assert find_gpu(name).value.memory_gib == gib

"""What ranks and stages share: the link of a domain, PCIe within a server, the network beyond."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.catalog.gpus import find_gpu
from sizer.estimate import estimate
from sizer.estimate.time.interconnect import (
    NCCL_LAUNCH_S,
    beyond_domain,
    group_bytes_s,
    hop_bytes_s,
    interconnect_seconds,
    reduce_s_per_byte,
)
from sizer.schema.scenario import Load

LLAMA = "meta-llama/Llama-3.1-70B"
R1 = "deepseek-ai/DeepSeek-R1-0528"
ONE = Load(1024, 128, 1, None, 1152)


def seconds(pp: float, network: float = np.nan) -> float:
    one, none, speed, share = (np.array(each) for each in (1.0, 0.0, 32e9, 0.5))
    eight = np.array(8.0)
    ranks, links = (one, np.array(pp), one, eight, eight), (speed, share, speed, share)
    hops = hop_bytes_s(*ranks, *links, np.array(network), share)
    load = (np.array(64.0), np.array(8192.0), np.array(80.0), np.array(pp))
    return float(interconnect_seconds(*load, none, hops, none, none))


def test_stages_within_a_server_need_no_network() -> None:
    assert seconds(8) == pytest.approx(7 * 64 * 8192 * 2 / (32e9 * 0.5))


def test_stages_on_several_servers_take_the_network_and_an_unknown_time_without_one() -> None:
    assert seconds(16, 8e9) == pytest.approx(15 * 64 * 8192 * 2 / (8e9 * 0.5))
    assert np.isnan(seconds(16))


@pytest.mark.parametrize(("ranks", "speed"), [(2, 56.25e9 * 0.8), (4, 32e9 * 0.5)])
def test_ranks_beyond_a_bridge_share_pcie(ranks: int, speed: float) -> None:
    counts = (np.array(each) for each in (float(ranks), 1.0, 2.0, 8.0))
    beyond = beyond_domain(*counts)
    links = (np.array(each) for each in (56.25e9, 0.8, 32e9, 0.5))
    assert float(group_bytes_s(beyond, *links)) == pytest.approx(speed)


def test_four_cards_in_pairs_are_as_fast_as_four_over_pcie() -> None:
    four = deployment(LLAMA, tp=4), deployment(LLAMA, tp=2)
    names = ("group_bytes_s", "reduce_latency_s", "prompt_wire_seconds")
    bridged = estimate(grid(four, ("RTX-A6000",)), names)
    plain = estimate(grid(four, ("A40",)), names)
    for name in names:
        assert bridged[name].values[0] == pytest.approx(plain[name].values[0])
        assert bridged[name].values[1] != pytest.approx(plain[name].values[1])


def test_without_direct_copies_the_speed_is_that_measured_through_the_host() -> None:
    gpu = find_gpu("RTX 4090").value
    table = estimate(grid((deployment(LLAMA, tp=8),), (gpu.name,)), ("group_bytes_s",))
    assert gpu.host_copy_gb_s is not None
    assert gpu.link_gb_s is not None
    assert gpu.host_copy_gb_s < gpu.link_gb_s
    assert table["group_bytes_s"].cell(0) == pytest.approx(gpu.host_copy_gb_s * 1e9)


@pytest.mark.parametrize(("tp", "usd"), [(1, 0.7582), (2, 0.7582), (3, 6.49063), (8, 6.49063)])
def test_an_accelerator_of_two_devices_is_paid_whole(tp: int, usd: float) -> None:
    names = ("gpus", "cost_usd_per_hour")
    table = estimate(grid((deployment(LLAMA, tp=tp),), ("Inferentia2",)), names)
    assert table["gpus"].cell(0) == tp
    assert table["cost_usd_per_hour"].cell(0) == pytest.approx(usd)


def test_an_all_reduce_over_servers_is_one_within_and_a_share_of_it_between() -> None:
    # 16 ranks, 8 a server: in a server 2 x 7/8 of a message over 400 GB/s, which is 4.375 ps a
    # byte; between them each rank sends its eighth, there and back half: 2 x 1/16 over 40 GB/s
    counts = (np.array(each) for each in (16.0, 2.0, 400e9, 40e9))
    assert float(reduce_s_per_byte(*counts)) == pytest.approx(4.375e-12 + 3.125e-12)


def test_a_ring_of_cards_on_pcie_takes_a_launch_and_twice_each_step_but_one() -> None:
    scenario = grid((deployment(LLAMA, tp=8),), ("RTX-PRO-6000-Blackwell-Server",))
    table = estimate(scenario, ("reduce_latency_s", "ring_step_s"))
    step = table["ring_step_s"].values[0]
    assert table["reduce_latency_s"].values[0] == pytest.approx(NCCL_LAUNCH_S + 14 * step)


def test_copies_through_the_host_make_an_all_reduce_several_times_dearer() -> None:
    cards = ("RTX-4090", "L40S", "H100-SXM5-80GB")
    table = estimate(grid((deployment(LLAMA, tp=8),), cards), ("reduce_latency_s",))
    host, direct, switched = table["reduce_latency_s"].values
    assert host > 2 * direct > 2 * switched


@pytest.mark.parametrize("tp", [8, 16, 72])
def test_a_rack_of_one_domain_stays_on_its_own_link(tp: int) -> None:
    names = ("reduce_servers", "reduce_latency_s")
    table = estimate(grid((deployment(R1, "fp8", tp=tp),), ("GB200",)), names)
    assert table["reduce_servers"].values[0] == 1
    assert table["reduce_latency_s"].values[0] < 20e-6


def test_two_servers_pay_the_network_in_every_all_reduce() -> None:
    two = deployment(R1, "fp8", tp=16), deployment(R1, "fp8", tp=8)
    names = ("itl_ms", "interconnect_ms", "reduce_latency_s")
    table = estimate(grid(two, ("H100-SXM5-80GB",), (ONE,)), names)
    apart, together = table["reduce_latency_s"].values
    assert 30e-6 < apart < 60e-6  # NVIDIA/nccl#1244: 46 us on 2 x 8 H20 over InfiniBand
    assert together < apart / 3
    layers = 2 * two[0].model.layer_count
    assert table["interconnect_ms"].values[0] >= layers * apart * 1e3
    assert table["itl_ms"].values[0] > table["itl_ms"].values[1]


def test_cards_that_stand_alone_reduce_over_their_network() -> None:
    table = estimate(grid((deployment(LLAMA, tp=2),), ("GB10",)), ("reduce_latency_s", "itl_ms"))
    assert table["reduce_latency_s"].values[0] == pytest.approx(30e-6, rel=0.3)  # 31 us measured
    assert np.isfinite(table["itl_ms"].values[0])


def test_attention_alone_waits_for_the_slowest_group() -> None:
    names = ("itl_ms", "interconnect_ms", "engine_ms", "slowest_group")
    shared = deployment("Qwen/Qwen3-235B-A22B", "fp8", dp=8, ep=8)
    short, long = Load(64, 64, 8, None, 128), Load(32_000, 64, 8, None, 32_064)
    table = estimate(grid((shared,), ("H200-SXM",), (short, long)), names)
    assert (table["slowest_group"].values > 1.2).all()
    fixed = table["interconnect_ms"].values + table["engine_ms"].values
    assert table["itl_ms"].values[0] < 1.5 * fixed[0]  # launches and links wait for nobody
    assert table["itl_ms"].values[1] > table["itl_ms"].values[0]


@pytest.mark.parametrize(("requests", "measured"), [(1, 28.9), (256, 181.0)])
def test_boards_in_a_virtual_machine_reduce_through_its_memory(
    requests: int, measured: float
) -> None:
    glm = deployment("zai-org/GLM-4.6", "fp8", "fp8", tp=8)  # measured on rented RTX PRO 6000
    loads = (Load(1000, 1000, requests, None, 2000),)
    direct = grid((glm,), ("RTX-PRO-6000-Blackwell-Server",), loads)
    (board,) = direct.gpus
    machine = evolve(board, peer_to_peer=False, host_copy_gb_s=22.2)  # NCCL of 8 by its host
    names = ("itl_ms", "itl_ms_low", "itl_ms_high")
    near = estimate(direct, names)["itl_ms"].values[0]
    table = estimate(evolve(direct, gpus=(machine,)), names)
    told, low, high = (float(table[name].values[0]) for name in names)
    assert near < told < 1.3 * measured
    assert low < measured < high

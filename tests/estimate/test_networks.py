"""What ranks and stages share: the link of a domain, PCIe within a server, the network beyond."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios import deployment, grid

from sizer.catalog.gpus import find_gpu
from sizer.estimate import estimate
from sizer.estimate.time.interconnect import (
    beyond_domain,
    group_bytes_s,
    hop_bytes_s,
    interconnect_seconds,
)

LLAMA = "meta-llama/Llama-3.1-70B"


def seconds(pp: float, network: float = np.nan) -> float:
    tokens, width = 64.0, 8192.0
    one, none, speed, share = (np.array(each) for each in (1.0, 0.0, 32e9, 0.5))
    eight = np.array(8.0)
    ranks, links = (one, np.array(pp), one, eight, eight), (speed, share, speed, share)
    hops = hop_bytes_s(*ranks, *links, np.array(network))
    load = (np.array(tokens), np.array(width), np.array(80.0), one, np.array(pp))
    return float(interconnect_seconds(*load, speed, hops, none, none))


def test_stages_within_a_server_need_no_network() -> None:
    assert seconds(8) == pytest.approx(7 * 64 * 8192 * 2 / (32e9 * 0.5))


def test_stages_on_several_servers_take_the_network_and_an_unknown_time_without_one() -> None:
    assert seconds(16, 8e9) == pytest.approx(15 * 64 * 8192 * 2 / (8e9 * 0.5))
    assert np.isnan(seconds(16))


@pytest.mark.parametrize(("ranks", "speed"), [(2, 56.25e9 * 0.8), (4, 32e9 * 0.5)])
def test_ranks_beyond_a_bridge_share_pcie(ranks: int, speed: float) -> None:
    beyond = beyond_domain(np.array(float(ranks)), np.array(1.0), np.array(2.0))
    links = (np.array(each) for each in (56.25e9, 0.8, 32e9, 0.5))
    assert float(group_bytes_s(beyond, *links)) == pytest.approx(speed)


def test_four_cards_in_pairs_are_as_fast_as_four_over_pcie() -> None:
    four = deployment(LLAMA, tp=4), deployment(LLAMA, tp=2)
    names = ("group_bytes_s", "group_latency_s", "prompt_wire_seconds")
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

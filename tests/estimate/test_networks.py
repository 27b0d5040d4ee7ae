"""Hand-overs between pipeline stages: within a server by its links, else by the network."""

from __future__ import annotations

import numpy as np
import pytest

from sizer.estimate.time.interconnect import hop_bytes_s, interconnect_seconds


def seconds(pp: float, network: float = np.nan) -> float:
    tokens, width, share = 64.0, 8192.0, 0.5
    one, none, link = np.array(1.0), np.array(0.0), np.array(32e9)
    hops = hop_bytes_s(one, np.array(pp), one, np.array(8.0), link, np.array(network))
    load = (np.array(tokens), np.array(width), np.array(80.0), one, np.array(pp))
    return float(interconnect_seconds(*load, link, hops, np.array(share), none, none))


def test_stages_within_a_server_need_no_network() -> None:
    assert seconds(8) == pytest.approx(7 * 64 * 8192 * 2 / (32e9 * 0.5))


def test_stages_on_several_servers_take_the_network_and_an_unknown_time_without_one() -> None:
    assert seconds(16, 8e9) == pytest.approx(15 * 64 * 8192 * 2 / (8e9 * 0.5))
    assert np.isnan(seconds(16))

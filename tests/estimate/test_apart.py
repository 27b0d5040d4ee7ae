"""Prompts read apart: by hand, and against what each side is alone."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.estimate.apart.transfer import between_bytes_s, link_wait_seconds, seen_seconds
from sizer.schema.asked.disaggregated import Disaggregated, Side
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.prefill import PrefillReplicas
from sizer.schema.scenario import Deployment, Load

LLAMA = "meta-llama/Llama-3.1-70B"
RATE = Load(4096, 512, None, 2.0, 4608)


def apart(prefill: int, decode: int, tp: int = 4) -> Deployment:
    both = deployment(LLAMA, "fp8", tp=tp, replicas=decode)
    return evolve(both, prefill=PrefillReplicas(prefill, tp))


def told(placed: Deployment, load: Load, *names: str, **asked: object) -> list[float]:
    ways = Disaggregated(prefill=Side(replicas=(1,)), **asked)  # type: ignore[arg-type]
    table = estimate(grid((placed,), loads=(load,), engine=Engine(disaggregated=ways)), names)
    return [float(table[name].values[0]) for name in names]


def test_a_cache_goes_over_by_hand() -> None:
    # Llama-3.1-70B: 80 layers, 8 key heads of 128 over 4 ranks, keys and values of 2 B:
    # 80 x 2 x 8 / 4 x 128 x 2 B = 81,920 B a token and rank, 4,096 tokens 335,544,320 B;
    # a link of 50 GB/s takes 6.711 ms
    (way,) = told(apart(1, 1), evolve(RATE, request_rate=1e-6), "transfer_ms", link_gb_s=50.0)
    assert way == pytest.approx(335_544_320 / 50e9 * 1e3, rel=1e-6)


def test_layer_by_layer_only_what_is_left_is_waited_for() -> None:
    one, ten = np.array([1.0]), np.array([10.0])
    # 10 layers of 0.1 s each while 0.9 s are computed: a layer is left, or what is slower
    assert seen_seconds(one, one, ten, one) == pytest.approx(0.1)
    assert seen_seconds(np.array([4.0]), one, ten, one) == pytest.approx(4.0 - 0.9)
    assert seen_seconds(one, one, ten, 0 * one) == pytest.approx(1.0)


def test_a_link_at_half_its_load_is_waited_for_by_half_a_cache() -> None:
    # M/D/1: 0.5 / (2 x (1 - 0.5)) of the time of one
    waits = link_wait_seconds(np.array([0.2]), np.array([2.5]), np.array([5.0]))
    assert waits == pytest.approx(0.1)


def test_the_link_is_the_accelerators_own_where_a_server_holds_both_sides() -> None:
    def speed(gpus: int, asked: float = np.nan) -> float:
        facts = (asked, gpus, 8.0, 4.0, 450e9, 0.5, 60e9, 0.5, 50e9, 0.8)
        return float(between_bytes_s(*(np.array([each]) for each in facts))[0])

    assert speed(4) == 225e9
    assert speed(8) == 30e9
    assert speed(9) == 40e9
    assert speed(9, 25e9) == 25e9


def test_decode_alone_has_no_prompts_in_its_steps() -> None:
    placed = apart(4, 1)
    pace, step = told(placed, RATE, "itl_ms", "decode_step_ms")
    (mixed,) = told(deployment(LLAMA, "fp8", tp=4, replicas=1), RATE, "itl_ms")
    assert pace == pytest.approx(step, rel=1e-3)
    assert pace < mixed


def test_a_full_side_holds_a_closed_loop_up() -> None:
    """The times of the stages alone would be a fraction of it."""
    many = Load(8192, 128, 256, None, 8320)
    names = ("ttft_ms", "itl_ms", "max_request_rate", "prefill_ms", "transfer_ms", "binding_side")
    ttft, pace, most, alone, way, side = told(apart(1, 3), many, *names)
    assert side == 1
    assert ttft == pytest.approx(256 / most * 1e3 - 127 * pace, rel=1e-4)
    assert ttft > 20 * (alone + way + 2 * pace)


@pytest.mark.parametrize(("prefill", "decode", "side"), [(1, 8, 1), (8, 1, 2)])
def test_the_side_that_binds_is_the_one_with_less(prefill: int, decode: int, side: int) -> None:
    load = Load(4096, 2048, None, 1.0, 6144)
    assert told(apart(prefill, decode), load, "binding_side") == [side]
    (slow,) = told(apart(8, 8), load, "binding_side", link_gb_s=0.01)
    assert slow == 3


def test_replicas_that_do_both_have_no_sides() -> None:
    placed = deployment(LLAMA, "fp8", tp=4, replicas=2)
    names = ("binding_side", "transfer_ms", "prefill_gpus", "prefill_utilization", "utilization")
    side, way, devices, reading, busy = told(placed, RATE, *names)
    assert (side, way, devices) == (0, 0, 0)
    assert reading == busy


def test_rows_that_read_apart_and_rows_that_do_not_stand_in_one_table() -> None:
    both = (apart(2, 1), deployment(LLAMA, "fp8", tp=4, replicas=3))
    names = ("ttft_ms", "gpus", "bottleneck", "fits")
    together = estimate(grid(both, loads=(RATE,)), names)
    for row, placed in enumerate(both):
        alone = estimate(grid((placed,), loads=(RATE,)), names)
        for name in names:
            assert together[name].cell(row) == alone[name].cell(0)


def test_parts_of_memory_are_of_the_side_with_less_to_spare() -> None:
    narrow = evolve(apart(1, 1, tp=8), prefill=PrefillReplicas(1, 2))
    names = ("weights_gib", "memory_headroom_gib", "kv_pool_gib")
    weights, spare, pool = told(narrow, RATE, *names)
    wide, more, own_pool = told(deployment(LLAMA, "fp8", tp=8), RATE, *names)
    assert weights == pytest.approx(4 * wide, rel=0.05)
    assert spare < more
    assert pool == own_pool


def test_prompts_may_be_read_on_accelerators_of_their_own() -> None:
    rare = evolve(RATE, request_rate=0.05)
    own = grid((deployment(LLAMA),), ("H100-SXM5-80GB", "L40S"))
    pool = PrefillReplicas(2, 4, gpu=own.gpus[1], prices=own.prices[1])
    mixed = evolve(apart(2, 1), prefill=pool)
    names = ("cost_usd_per_hour", "gpus", "transfer_ms", "itl_ms", "prefill_ms")
    usd, devices, way, pace, read = told(mixed, rare, *names, link_gb_s=25.0)
    alone = deployment(LLAMA, "fp8", tp=4, replicas=1)
    (decoding,) = told(alone, rare, "cost_usd_per_hour")
    reading = grid((evolve(alone, replicas=2),), ("L40S",), (rare,))
    (paid,) = estimate(reading, ("cost_usd_per_hour",))["cost_usd_per_hour"].values
    assert usd == pytest.approx(decoding + paid)
    assert devices == 12
    assert way >= 335_544_320 / 25e9 * 1e3
    same, sooner = told(apart(2, 1), rare, "itl_ms", "prefill_ms")
    assert pace == pytest.approx(same)
    assert read > 1.5 * sooner
